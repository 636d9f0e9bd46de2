// The right pane: sections of items, one of which has the focus, and the note on the whole.

/** @import { Checklist, Encounter, Item, ItemActions, Section, Sheet, Texts } from "./types.js" */
/** @import { Work } from "./work.js" */

import { clamp, h, keepInView } from "../../../kit/elements.js";
import { fill, storable } from "../../../kit/texts.js";
import { countOf } from "./item_details.js";
import { ItemView } from "./item_view.js";

const MOST_NOTED = 10_000; // characters the server takes

export class ChecklistPane {
  /**
   * @param {object} parts
   * @param {{ checklist: Checklist, encounter: Pick<Encounter, "zone" | "events" | "began"> }} parts.state
   * @param {Work} parts.work
   * @param {Texts} parts.texts
   * @param {ItemActions} parts.actions
   */
  constructor({ state, work, texts, actions }) {
    this.work = work;
    this.texts = texts;
    /** @type {string | null} */
    this.focusedKey = null;
    const shared = { work, texts, actions, encounter: state.encounter };
    this.views = new Map(work.items.map((item) => [item.key, new ItemView(item, shared)]));
    this.progress = h("span", { class: "progress" });
    /** @type {Map<string, { score: HTMLElement, node: HTMLElement, fold: HTMLElement, items: Item[] }>} */
    this.sections = new Map();
    /** Sections that show what the facts rule out.
     * @type {Set<string>} */
    this.unfolded = new Set();
    this.note = this.formNote();
    this.node = h(
      "section",
      { class: "sheet pane", "aria-label": texts.checklist },
      h("header", {}, h("h2", {}, state.checklist.title), this.progress),
      ...state.checklist.sections.map((section) => this.section(section)),
      h(
        "div",
        { class: "form-note" },
        h("label", {}, h("span", {}, texts.form_note), this.note),
        countOf(this.note, MOST_NOTED, texts),
      ),
    );
    this.refresh();
  }

  /** @param {Section} section */
  section(section) {
    const score = h("span", { class: "section-score" }, "—");
    const rows = section.items.map((item) => this.views.get(item.key)?.node);
    const unfold = () => {
      if (!this.unfolded.delete(section.key)) this.unfolded.add(section.key);
      this.refresh();
    };
    const fold = h("button", { type: "button", class: "plain fold", onclick: unfold });
    const node = h(
      "section",
      { class: "section", "aria-label": section.title },
      h("h3", {}, section.title, score),
      ...rows,
      fold,
    );
    this.sections.set(section.key, { score, node, fold, items: section.items });
    return node;
  }

  /**
   * Whether an item is folded away, because the facts rule it out.
   *
   * @param {Item} item
   */
  isFolded(item) {
    const isShown = [...this.unfolded].some((key) => this.sections.get(key)?.items.includes(item));
    return this.work.isRuledOut(item) && !isShown && item.key !== this.focusedKey;
  }

  formNote() {
    /** @type {HTMLTextAreaElement} */
    const area = h("textarea", {
      class: "field",
      rows: 2,
      dir: "auto",
      onkeydown: (event) => {
        if (event.key === "Escape" && !event.isComposing) this.focus(this.focusedKey);
      },
      oninput: () => this.work.setFormNote(storable(area.value)),
    });
    area.value = this.work.note;
    return area;
  }

  /**
   * Show again what a change touched: its own item, and all others only where visibility moved.
   *
   * @param {string | null} key
   */
  changed(key) {
    if (key !== null) this.views.get(key)?.update();
    this.refresh();
  }

  redraw() {
    for (const view of this.views.values()) view.update();
    if (this.note.value !== this.work.note) this.note.value = this.work.note;
    this.refresh();
  }

  refresh() {
    for (const [key, view] of this.views)
      view.node.hidden = !this.work.visible.has(key) || this.isFolded(view.item);
    for (const [key, { node, fold, items }] of this.sections) {
      node.hidden = !items.some((item) => this.work.visible.has(item.key));
      const ruled = items.filter((item) => this.work.isRuledOut(item)).length;
      fold.hidden = !ruled;
      fold.setAttribute("aria-expanded", String(this.unfolded.has(key)));
      fold.textContent = fill(this.texts.ruled_out, { count: ruled });
    }
    const asked = this.work.asked().filter((item) => !this.work.isRuledOut(item));
    const done = asked.filter((item) => this.work.isAnswered(item)).length;
    this.progress.textContent = fill(this.texts.progress, { done, all: asked.length });
  }

  /** @param {Sheet} sheet */
  showSheet(sheet) {
    for (const [key, { score }] of this.sections) score.textContent = sheet.sections[key] ?? "—";
    for (const [key, view] of this.views) {
      const evidence = {
        unproven: sheet.unproven.includes(key),
        wanted: sheet.wanted.includes(key),
      };
      view.setResult(sheet.items[key] ?? null, evidence);
    }
  }

  get view() {
    return this.focusedKey === null ? null : (this.views.get(this.focusedKey) ?? null);
  }

  /**
   * @param {string | null | undefined} key
   * @param {{ grab?: boolean }} options
   */
  focus(key, { grab = true } = {}) {
    const view = this.views.get(key ?? "");
    if (!key || !view || view.node.hidden) return;
    if (this.focusedKey !== key) {
      this.view?.setFocused(false);
      this.focusedKey = key;
      view.setFocused(true);
    }
    if (!grab) return;
    view.node.focus({ preventScroll: true });
    this.show(view.node);
  }

  /**
   * The next visible item in a direction; behind the last one comes the note on the whole.
   *
   * @param {number} by
   */
  move(by) {
    if (!this.step(by, () => true) && by > 0) this.note.focus();
  }

  /** After an answer: the next item that wants one. */
  advance() {
    if (!this.step(1, (item) => !item.informs)) this.show(this.note);
  }

  /**
   * Whether there was such an item.
   *
   * @param {number} by
   * @param {(item: Item) => boolean} wanted
   */
  step(by, wanted) {
    const keys = this.work.items
      .filter((item) => item.key === this.focusedKey || this.isOffered(item, wanted))
      .map((item) => item.key);
    const at = keys.indexOf(this.focusedKey ?? "");
    this.focus(keys[clamp(at + by, 0, keys.length - 1)]);
    return keys[at + by] !== undefined;
  }

  /**
   * @param {Item} item
   * @param {(item: Item) => boolean} wanted
   */
  isOffered(item, wanted) {
    return this.work.visible.has(item.key) && !this.isFolded(item) && wanted(item);
  }

  /** @param {HTMLElement} node */
  show(node) {
    keepInView(this.node, node);
  }

  firstUnanswered() {
    const asked = this.work.asked().filter((item) => !this.isFolded(item));
    const open = asked.find((item) => !this.work.isAnswered(item));
    this.focus((this.work.unanswered()[0] ?? open ?? asked.at(-1))?.key);
  }
}
