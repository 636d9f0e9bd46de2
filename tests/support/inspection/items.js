// The smallest items of a checklist, as the portal sends them to the pad.

/** @import { Item, Section } from "../../../pages/ui/inspection/pad/js/types.js" */

/**
 * @param {string} key
 * @param {Partial<Item>} more
 * @returns {Item}
 */
export function item(key, more = {}) {
  return {
    key,
    code: key,
    name: key,
    kind: "yes_no",
    term: "",
    text: `Text of ${key}`,
    guidance: "",
    good: "",
    bad: "",
    source: "",
    options: ["yes", "no"].map((option) => ({
      key: option,
      text: "",
      points: option === "yes" ? 1 : 0,
      effect: null,
    })),
    effects: [],
    critical: false,
    keyMoment: false,
    excluded: false,
    informs: false,
    required: true,
    na: true,
    naReason: false,
    yes: "yes",
    no: "no",
    scored: true,
    decimals: false,
    low: null,
    high: null,
    clock: null,
    prefilled: null,
    when: null,
    ...more,
  };
}

/**
 * @param {...Item} items of a section named s
 * @returns {{ sections: Section[] }}
 */
export function checklist(...items) {
  return { sections: [{ key: "s", title: "S", when: null, items }] };
}

/** Times of a clock that may last an hour. */
export const CLOCK = { start: "Begin", stop: "End", limit: 60, limitText: "1 h" };
