// How one item is answered: buttons for its options, a field, or the two times of a clock.

/** @import { Props } from "../../../kit/types.js" */
/** @import { Shared } from "./item_view.js" */
/** @import { Answer, Clock, Item, Option, Prefilled } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { breadth, storable } from "../../../kit/texts.js";
import { localTime, momentOf } from "../../../kit/times.js";
import { OPTION_LETTERS } from "./bindings.js";
import { clockKeys } from "./conditions.js";
import { pauseFault, PauseFields } from "./pauses.js";

const WIDE = 18; // letters; longer options stand below each other

export class AnswerFields {
  /**
   * @param {Item} item
   * @param {Shared} shared
   */
  constructor(item, { work, texts, actions, encounter }) {
    this.item = item;
    this.work = work;
    this.texts = texts;
    this.actions = actions;
    this.zone = encounter.zone;
    this.keys = optionKeys(item);
    /** @type {Map<string, HTMLButtonElement>} */
    this.buttons = new Map();
    /** @type {HTMLInputElement | null} */
    this.input = null;
    /** @type {HTMLInputElement | null} */
    this.start = null;
    /** @type {HTMLInputElement | null} */
    this.stop = null;
    /** @type {PauseFields | null} */
    this.pauses = null;
    /** @type {HTMLButtonElement | null} */
    this.given = null;
    /** @type {HTMLButtonElement | null} */
    this.na = null;
    this.origin = h("span", { class: "hint origin" });
    this.node = h("div", { class: this.style() }, ...this.parts());
  }

  style() {
    const { item } = this;
    const listed = item.kind === "single" || item.kind === "multi";
    const long =
      item.kind !== "graded" && item.options.some((option) => breadth(option.text) > WIDE);
    const wide = long || item.kind === "clock";
    return ["options", listed && "listed", wide && "wide"].filter(Boolean).join(" ");
  }

  /** @returns {HTMLElement[]} */
  parts() {
    const { item } = this;
    const parts = item.clock ? this.clock(item.clock) : this.options();
    if (item.na && !item.informs) parts.push(this.notApplicable());
    return parts;
  }

  /**
   * @param {Props} props
   * @param {string} key
   * @param {...(Node | string | false | null)} content
   */
  button(props, key, ...content) {
    const fixed = {
      type: "button",
      tabindex: "-1",
      "aria-checked": "false",
      "aria-keyshortcuts": key,
    };
    return h("button", { class: "option", role: "checkbox", ...fixed, ...props }, ...content);
  }

  /** @returns {HTMLElement[]} */
  options() {
    if (!this.item.options.length) return [this.field()];
    const keyOf = new Map([...this.keys].map(([key, option]) => [option, key]));
    return this.item.options.map((option) => this.option(option, keyOf.get(option.key) ?? ""));
  }

  /**
   * @param {Option} option
   * @param {string} key
   */
  option(option, key) {
    const { item } = this;
    const level = item.kind === "graded" && option.key === key;
    const props = {
      class: level ? "option level" : "option",
      role: item.kind === "multi" ? "checkbox" : "radio",
      "aria-label": [key, option.text || (!level && option.key)].filter(Boolean).join(" "),
      title: option.text,
      onclick: () => this.actions.choose(item, option.key),
    };
    const letter = alsoKey(item, option.key);
    const also = letter && this.actions.keyOf(letter);
    const button = this.button(
      props,
      [key, also].filter(Boolean).join(" "),
      h("kbd", {}, key),
      also && h("span", { class: "also" }, also),
      !level && (option.text || option.key),
      option.effect && h("span", { class: "effect" }, option.effect),
    );
    this.buttons.set(option.key, button);
    return button;
  }

  notApplicable() {
    const props = { class: "option na", onclick: () => this.actions.notApplicable(this.item) };
    const key = this.actions.keyOf("/");
    this.na = this.button(props, key, h("kbd", {}, key), this.texts.na);
    return this.na;
  }

  field() {
    const { item, texts } = this;
    const type = item.kind === "number" || item.kind === "date" ? item.kind : "text";
    this.input = h("input", {
      type,
      class: "field",
      tabindex: "-1",
      "aria-label": item.text,
      step: item.decimals ? "any" : 1,
      min: item.low,
      max: item.high,
      maxlength: 2000,
      placeholder: type === "text" ? texts.type_here : null,
      oninput: () => this.take(),
      onkeydown: (event) => this.actions.leaveField(event, item),
    });
    return this.input;
  }

  take() {
    if (!this.input) return;
    const isNumber = this.item.kind === "number";
    const value = isNumber ? this.input.valueAsNumber : storable(this.input.value.trim());
    const empty = value === "" || Number.isNaN(value);
    this.work.answer(this.item.key, empty ? null : { value });
  }

  /**
   * The first digit of a number goes straight into its field.
   *
   * @param {string} key
   */
  type(key) {
    if (!this.input) return;
    this.input.focus();
    this.input.value = key;
    this.take();
  }

  /**
   * Two times at the wall clock of the station, from the system's events or typed.
   *
   * @param {Clock} clock
   * @returns {HTMLElement[]}
   */
  clock(clock) {
    const { prefilled } = this.item;
    this.start = this.time(prefilled?.start);
    this.stop = this.time(prefilled?.stop);
    const parts = [labelled(clock.start, this.start), labelled(clock.stop, this.stop), this.origin];
    if (clock.pauses) {
      const changed = () => this.takeTimes();
      this.pauses = new PauseFields({ texts: this.texts, zone: this.zone, changed });
      parts.push(this.pauses.node);
    }
    if (!prefilled) return parts;
    const props = { onclick: () => this.accept() };
    this.given = this.button(props, "1", h("kbd", {}, "1"), this.texts.use_system_times);
    return [...parts, this.given];
  }

  /** @param {string} [recorded] */
  time(recorded = "") {
    const input = h("input", {
      type: "datetime-local",
      step: 1,
      class: "field",
      tabindex: "-1",
      oninput: () => this.takeTimes(),
      onkeydown: (event) => this.actions.leaveField(event, this.item),
    });
    input.value = recorded.slice(0, 19);
    return input;
  }

  accept() {
    const { key, prefilled } = this.item;
    if (!prefilled) return;
    const { start, stop, kind, pauses = [] } = prefilled;
    const paused = pauses.length ? { pauses } : {};
    this.work.answer(key, { start, stop, evidence_kind: kind, ...paused });
    this.actions.advance(this.item);
  }

  takeTimes() {
    const [start, stop] = [this.start, this.stop].map((input) => this.moment(input));
    const backwards = start && stop && Date.parse(start) > Date.parse(stop);
    const spans = this.pauses?.spans() ?? [];
    const paused = spans.length ? { pauses: spans } : {};
    const fault = start && stop && !backwards ? pauseFault(spans, start, stop) : "";
    const taken = start && stop && !backwards && !fault;
    this.work.answer(
      this.item.key,
      taken ? { start, stop, evidence_kind: "manual", ...paused } : null,
    );
    if (backwards) this.origin.textContent = this.texts.stops_before_start;
    if (fault) this.origin.textContent = this.texts[fault];
  }

  /** @param {HTMLInputElement | null} input */
  moment(input) {
    return input?.value ? momentOf(input.value, this.zone) : null;
  }

  /** Show what is entered, but not in a field that somebody is typing in. */
  update() {
    const { item, work } = this;
    const answer = work.answers[item.key];
    for (const [key, button] of this.buttons)
      button.setAttribute("aria-checked", String(work.isChosen(item, key)));
    this.na?.setAttribute("aria-checked", String(Boolean(answer?.na)));
    if (this.input && !this.isTypedIn(this.input))
      this.input.value = answer?.na ? "" : String(answer?.value ?? "");
    this.showTimes(answer);
  }

  /** @param {Element} field */
  isTypedIn(field) {
    return this.actions.root.activeElement === field;
  }

  /** @param {Answer | undefined} answer */
  showTimes(answer) {
    const { start, stop } = this;
    if (!start || !stop) return;
    if (answer?.start && answer.stop && !this.isTypedIn(start) && !this.isTypedIn(stop)) {
      start.value = localTime(answer.start, this.zone);
      stop.value = localTime(answer.stop, this.zone);
      this.pauses?.show(answer.pauses ?? [], (field) => this.isTypedIn(field));
    }
    this.given?.setAttribute("aria-checked", String(isAsRecorded(answer, this.item.prefilled)));
    this.origin.textContent = this.verdict(answer);
  }

  /** @param {Answer | undefined} answer */
  verdict(answer) {
    if (!answer || answer.na) return "";
    const { texts } = this;
    const [verdict] = clockKeys(this.item, answer);
    const origin = answer.evidence_kind === "system" ? texts.times_system : texts.times_manual;
    const judged = verdict === "met" || verdict === "late" ? texts[verdict] : "";
    return [judged, origin].filter(Boolean).join(" · ");
  }

  /**
   * Only the item that has the focus is in the order of Tab.
   *
   * @param {boolean} reachable
   */
  setReachable(reachable) {
    for (const part of this.node.querySelectorAll(".option, .field"))
      if (part instanceof HTMLElement) part.tabIndex = reachable ? 0 : -1;
  }
}

/**
 * Which key chooses which option. The higher the digit, the better the answer: a level has its own,
 * yes is 1 and no is 0, options with points follow those. Others go by their place, then by letters.
 *
 * @param {Pick<Item, "kind" | "yes" | "no"> & { options: Pick<Option, "key" | "points">[] }} item
 */
export function optionKeys(item) {
  const digits = digitsOf(item);
  const spare = [...OPTION_LETTERS];
  /** @type {Map<string, string>} */
  const keys = new Map();
  for (const { key: option } of item.options) {
    const key = digits.get(option) ?? spare.shift();
    if (key) keys.set(key, option);
  }
  return keys;
}

/**
 * @param {Parameters<typeof optionKeys>[0]} item
 * @returns {Map<string, string>}
 */
function digitsOf({ kind, yes, no, options }) {
  const levels = options.filter(({ key }) => /^\d$/.test(key));
  if (levels.length) return new Map(levels.map(({ key }) => [key, key]));
  if (kind === "yes_no")
    return new Map([
      [yes ?? "yes", "1"],
      [no ?? "no", "0"],
    ]);
  const isRanked = kind === "single" && new Set(options.map(({ points }) => points)).size > 1;
  const placed = isRanked
    ? [...options].reverse().sort((one, other) => one.points - other.points)
    : options;
  return new Map(placed.slice(0, 9).map(({ key }, at) => [key, String(at + 1)]));
}

/**
 * The letter that chooses an option as well.
 *
 * @param {Pick<Item, "yes" | "no">} item
 * @param {string} option
 */
function alsoKey(item, option) {
  if (option === item.yes) return "y";
  return option === item.no ? "n" : "";
}

/**
 * @param {Answer | undefined} answer
 * @param {Prefilled | null} recorded
 */
function isAsRecorded(answer, recorded) {
  return answer?.start === recorded?.start && answer?.stop === recorded?.stop && Boolean(answer);
}

/**
 * @param {string} text
 * @param {HTMLElement} field
 */
function labelled(text, field) {
  return h("label", {}, h("span", {}, text), field);
}
