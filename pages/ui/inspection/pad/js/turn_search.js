// Words looked for in a long transcript: Enter goes from one turn that has them to the next.

/** @import { RecordPane } from "./record.js" */
/** @import { Texts, Turn } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";

export class TurnSearch {
  /**
   * @param {RecordPane} record
   * @param {Texts} texts
   */
  constructor(record, texts) {
    this.record = record;
    this.texts = texts;
    this.told = h("span", { class: "hint", role: "status" });
    this.field = h("input", {
      type: "search",
      class: "field",
      dir: "auto",
      placeholder: texts.search,
      "aria-label": texts.search,
      "aria-keyshortcuts": "\\",
      oninput: () => this.go(0),
      onkeydown: (event) => this.pressed(event),
    });
    this.node = h("div", { class: "search" }, this.field, this.told);
  }

  open() {
    this.field.focus();
    this.field.select();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") this.go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.field.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {number} by 0 for the turn one is at, or the next behind it
   */
  go(by) {
    const { record, texts } = this;
    const found = turnsWith(record.encounter.turns, this.field.value);
    const at = placeAfter(found, record.current ?? 0, by);
    const position = found[at];
    this.told.textContent = "";
    if (!this.field.value.trim()) return;
    if (position === undefined) this.told.textContent = texts.search_none;
    else {
      record.select(position);
      this.told.textContent = fill(texts.found, { number: at + 1, count: found.length });
    }
  }
}

/**
 * The positions of the turns that hold some words, whatever their case and width.
 *
 * @param {Pick<Turn, "position" | "text">[]} turns
 * @param {string} words
 */
export function turnsWith(turns, words) {
  const wanted = folded(words.trim());
  if (!wanted) return [];
  return turns.filter(({ text }) => folded(text).includes(wanted)).map(({ position }) => position);
}

/**
 * Which of the turns found comes next; round and round.
 *
 * @param {number[]} found positions, ascending
 * @param {number} current
 * @param {number} by 1 for the next, -1 for the one before, 0 to stay where one is if it is found
 */
export function placeAfter(found, current, by) {
  if (by < 0) return (found.filter((one) => one < current).length - 1 + found.length) % found.length;
  const behind = found.findIndex((one) => (by ? one > current : one >= current));
  return behind < 0 ? 0 : behind;
}

/** @param {string} text */
function folded(text) {
  return text.normalize("NFKC").toLowerCase();
}
