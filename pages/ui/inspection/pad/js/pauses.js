// The times in which a clock stood still: from when to when, and what was waited for.

/** @import { Pause, Texts } from "./types.js" */
/** @typedef {{ from: HTMLInputElement, to: HTMLInputElement, reason: HTMLInputElement, node: HTMLElement }} Row */
/** @typedef {"" | "pause_unfinished" | "pause_outside" | "pause_too_long"} Fault */

import { h } from "../../../kit/elements.js";
import { storable } from "../../../kit/texts.js";
import { localTime, momentOf } from "../../../kit/times.js";

const MOST = 20; // core/scoring/answers.py takes no more

export class PauseFields {
  /**
   * @param {{ texts: Texts, zone: string, changed: () => void }} parts
   */
  constructor({ texts, zone, changed }) {
    this.texts = texts;
    this.zone = zone;
    this.changed = changed;
    /** @type {Row[]} */
    this.rows = [];
    this.list = h("div", { class: "pauses" });
    const props = { type: "button", class: "plain add-pause", tabindex: "-1" };
    this.more = h("button", { ...props, onclick: () => this.add() }, texts.add_pause);
    this.node = h("div", { class: "pause-fields" }, this.list, this.more);
  }

  /** @param {Partial<Pause>} [pause] */
  add(pause = {}) {
    const row = this.row(pause);
    this.rows.push(row);
    this.list.append(row.node);
    this.more.hidden = this.rows.length >= MOST;
    if (!pause.from) row.from.focus();
  }

  /**
   * @param {Partial<Pause>} pause
   * @returns {Row}
   */
  row({ from, to, reason }) {
    const { texts, zone } = this;
    const oninput = () => this.changed();
    const time = { type: "datetime-local", step: 1, class: "field", oninput };
    const begin = h("input", { ...time, "aria-label": texts.pause_from });
    const end = h("input", { ...time, "aria-label": texts.pause_to });
    const fixed = { type: "text", class: "field", maxlength: 500, oninput };
    const why = h("input", { ...fixed, "aria-label": texts.pause_why, placeholder: texts.pause_why });
    begin.value = from ? localTime(from, zone) : "";
    end.value = to ? localTime(to, zone) : "";
    why.value = reason ?? "";
    const close = { type: "button", class: "plain", title: texts.remove_pause };
    const remove = h("button", { ...close, onclick: () => this.remove(row) }, "×");
    const node = h("div", { class: "pause", role: "group", "aria-label": texts.pauses }, begin, end, why, remove);
    /** @type {Row} */
    const row = { from: begin, to: end, reason: why, node };
    return row;
  }

  /** @param {Row} row */
  remove(row) {
    this.rows = this.rows.filter((other) => other !== row);
    row.node.remove();
    this.more.hidden = false;
    this.changed();
  }

  /** @returns {Pause[]} */
  spans() {
    return this.rows.map(({ from, to, reason }) => ({
      from: from.value ? momentOf(from.value, this.zone) : "",
      to: to.value ? momentOf(to.value, this.zone) : "",
      reason: storable(reason.value.trim()),
    }));
  }

  /**
   * Show what is stored, unless somebody is typing here.
   *
   * @param {Pause[]} pauses
   * @param {(field: Element) => boolean} isTypedIn
   */
  show(pauses, isTypedIn) {
    const fields = this.rows.flatMap(({ from, to, reason }) => [from, to, reason]);
    if (fields.some(isTypedIn)) return;
    if (JSON.stringify(pauses) === JSON.stringify(this.spans())) return;
    this.rows = [];
    this.list.replaceChildren();
    for (const pause of pauses) this.add(pause);
  }
}

/**
 * What bars pauses, by the name of its sentence; empty where nothing does.
 * The same rules stand in core/scoring/answers.py, which has the last word.
 *
 * @param {Pause[]} pauses
 * @param {string} start
 * @param {string} stop
 * @returns {Fault}
 */
export function pauseFault(pauses, start, stop) {
  const whole = pauses.every(({ from, to, reason }) => from && to && /[\p{L}\p{N}]/u.test(reason));
  if (!whole) return "pause_unfinished";
  const spans = pauses
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((one, other) => one.from - other.from);
  const paused = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  if (paused > Date.parse(stop) - Date.parse(start)) return "pause_too_long";
  let end = Date.parse(start);
  for (const span of spans) {
    if (span.from < end || span.to < span.from) return "pause_outside";
    end = span.to;
  }
  return end > Date.parse(stop) ? "pause_outside" : "";
}
