// One item of the checklist: its title and text, how it is answered, what the score makes of it.

/** @import { Encounter, Item, ItemActions, ItemResult, Texts } from "./types.js" */
/** @import { Work } from "./work.js" */
/**
 * What all items share.
 *
 * @typedef {{ work: Work, texts: Texts, actions: ItemActions, encounter: Pick<Encounter, "zone" | "events" | "began"> }} Shared
 */

import { h, icon } from "../../../kit/elements.js";
import { counted } from "../../../kit/texts.js";
import { AnswerFields } from "./answer_fields.js";
import { ItemDetails } from "./item_details.js";

export class ItemView {
  /**
   * @param {Item} item
   * @param {Shared} shared
   */
  constructor(item, shared) {
    const { work, texts, actions } = shared;
    this.item = item;
    this.work = work;
    this.texts = texts;
    /** @type {ItemResult | null} */
    this.result = null;
    this.unproven = false;
    this.wanted = false;
    this.focused = false;
    this.fields = new AnswerFields(item, shared);
    this.details = new ItemDetails(item, shared);
    this.marks = h("span", { class: "marks" });
    const single = item.options.length > 0 && item.kind !== "multi";
    const props = {
      class: "item",
      role: single ? "radiogroup" : "group",
      tabindex: "-1",
      "data-key": item.key,
      "aria-label": `${item.code} ${item.term}. ${item.text}`,
      onpointerup: () => actions.focusItem(item.key, { grab: false }), // down would move what is pressed
    };
    const text = item.term && h("p", { class: "text" }, item.text);
    const what = h("div", { class: "what" }, !item.informs && this.title(), text);
    const head = h("div", { class: "head" }, what, this.fields.node);
    const content = [head, this.details.node];
    const folded = item.informs && h("details", {}, h("summary", {}, this.title()), ...content);
    this.node = h("div", props, ...(folded ? [folded] : content));
    this.update();
  }

  title() {
    const { item, texts } = this;
    return h(
      "p",
      { class: "title" },
      item.code && h("span", { class: "code" }, item.code),
      h("span", { class: "term" }, item.term || item.text),
      item.critical && h("span", { class: "badge critical" }, texts.critical),
      item.keyMoment && h("span", { class: "badge" }, texts.key_moment),
      (item.excluded || item.informs) && h("span", { class: "badge" }, texts.not_scored),
      this.marks,
    );
  }

  /** Called for every change of this item and of nothing else. */
  update() {
    this.node.classList.toggle("answered", this.work.isAnswered(this.item));
    this.fields.update();
    this.showMarks();
    if (this.focused) this.details.show();
  }

  /**
   * What the server's score sheet says of this item.
   *
   * @param {ItemResult | null} result
   * @param {{ unproven: boolean, wanted: boolean }} evidence
   */
  setResult(result, { unproven, wanted }) {
    this.result = result;
    this.unproven = unproven;
    this.wanted = wanted;
    this.showMarks();
  }

  showMarks() {
    this.marks.replaceChildren(...this.enteredMarks(), ...this.resultMarks());
  }

  enteredMarks() {
    const { item, work, texts } = this;
    const pins = work.pinsOf(item.key).length;
    const note = work.notes[item.key];
    const marks = [];
    if (work.isRuledOut(item))
      marks.push(mark("", work.answers[item.key].reason ?? null, texts.by_facts));
    if (pins)
      marks.push(mark("", counted(texts.pins, pins), icon("pin", texts.evidence), String(pins)));
    if (note) marks.push(mark("", note, icon("note", texts.note)));
    return marks;
  }

  resultMarks() {
    const { texts, result } = this;
    const marks = [];
    if (result?.effect)
      marks.push(mark("effect", null, icon("warn", texts.critical), result.effect));
    else if (result?.lost) marks.push(mark("lost", texts.points_lost, `−${result.lost}`));
    if (this.unproven) marks.push(mark("due", null, texts.evidence_needed));
    else if (this.wanted) marks.push(mark("wish", null, texts.evidence_wanted));
    return marks;
  }

  /** @param {boolean} focused */
  setFocused(focused) {
    this.focused = focused;
    this.node.classList.toggle("focus", focused);
    this.fields.setReachable(focused);
    if (focused) this.details.show();
    else this.details.fold();
  }
}

/**
 * @param {string} kind
 * @param {string | null} title
 * @param {...(Node | string)} content
 */
function mark(kind, title, ...content) {
  return h("span", { class: `mark ${kind}`, title }, ...content);
}
