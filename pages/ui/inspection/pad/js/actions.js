// What keys, panes and bar ask for: moving, answering, pinning, help.

/** @import { Desk } from "./desk.js" */
/** @import { Encounter, Item, ItemActions, ItemTools, Pin, Texts } from "./types.js" */

import { fill } from "../../../kit/texts.js";
import { clockTime, localTime } from "../../../kit/times.js";
import { pinOf } from "./work.js";

const MOST_LISTED = 12;
const LONGEST_QUOTE = 60;

/**
 * @implements {ItemActions}
 * @implements {ItemTools}
 */
export class Actions {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = desk.pad.root;
    this.texts = desk.texts;
    this.tools = this;
    this.helping = false;
    /** @type {Item | null} */
    this.justAnswered = null;
  }

  /** @param {string} command */
  keyOf(command) {
    return this.desk.bindings.keyOf(command);
  }

  undo() {
    const key = this.desk.work.undo();
    if (key !== null) this.focusItem(key);
    this.hint(key === null ? this.texts.nothing_to_undo : this.texts.undone);
  }

  /** @param {Map<string, string>} keys that choose an answer of the item */
  nameDigits(keys) {
    const digits = [...keys.keys()].filter((key) => /^\d$/.test(key)).sort();
    if (digits.length) this.hint(fill(this.texts.digits_here, { keys: digits.join(" ") }));
  }

  /** @returns {Item | null} */
  focusedItem() {
    return this.desk.checklist.view?.item ?? null;
  }

  /**
   * @param {string} key
   * @param {{ grab?: boolean }} [options]
   */
  focusItem(key, options) {
    if (options?.grab !== false) this.desk.pad.frame.showTab("checklist");
    this.desk.checklist.focus(key, options);
    this.desk.record.refresh();
  }

  /** @param {number} by */
  move(by) {
    this.desk.checklist.move(by);
    this.desk.record.refresh();
  }

  firstUnanswered() {
    this.desk.checklist.firstUnanswered();
    this.desk.record.refresh();
  }

  /** @param {Item} item */
  advance(item) {
    this.justAnswered = item;
    this.desk.checklist.focus(item.key);
    this.desk.checklist.advance();
    this.desk.record.refresh();
  }

  /**
   * Enter in a field goes on, Escape back to the item.
   *
   * @param {KeyboardEvent} event
   * @param {Item} item
   */
  leaveField(event, item) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.advance(item);
    } else if (event.key === "Escape") this.focusItem(item.key);
  }

  /**
   * @param {Item} item
   * @param {string} option
   */
  choose(item, option) {
    this.desk.work.choose(item, option);
    if (item.kind !== "multi") this.advance(item);
  }

  /**
   * Enter on a multiple choice: what is chosen is all, even if it is nothing.
   *
   * @param {Item} item
   */
  confirm(item) {
    const { work } = this.desk;
    if (!work.answers[item.key]) work.answer(item.key, { values: [] });
    this.advance(item);
  }

  /** @param {Item} item */
  clear(item) {
    this.desk.work.answer(item.key, null);
  }

  /** @param {Item} item */
  notApplicable(item) {
    const { work, questions } = this.desk;
    if (!item.na || item.informs) {
      this.hint(this.texts.no_na);
      return;
    }
    const before = work.answers[item.key]?.reason;
    const take = (/** @type {string | undefined} */ reason) => {
      work.notApplicable(item, reason);
      this.advance(item);
    };
    if (item.naReason) questions.reason([item], before, take);
    else take(before);
  }

  /**
   * What is still blank in the section does not apply; one reason for all where any needs one.
   *
   * @param {Item} item
   */
  sectionNotApplicable(item) {
    const { work, questions } = this.desk;
    const items = work.sections.find((section) => section.items.includes(item))?.items ?? [];
    const blank = work
      .asked()
      .filter((other) => items.includes(other) && other.na && !work.answers[other.key]);
    const take = (/** @type {string | undefined} */ reason) => {
      work.together(item.key, () => {
        for (const other of blank) work.notApplicable(other, reason);
      });
      this.advance(items.findLast((other) => work.visible.has(other.key)) ?? item);
    };
    const owing = blank.filter((other) => other.naReason);
    if (owing.length) questions.reason(owing, "", take);
    else take(undefined);
  }

  /** @param {Item} item */
  yes(item) {
    if (item.yes) this.choose(item, item.yes);
    else this.hint(this.texts.no_yes);
  }

  /**
   * n was N/A once: on a critical item the pad asks, once a form, while that may be remembered.
   *
   * @param {Item} item
   */
  no(item) {
    const { questions } = this.desk;
    const { no } = item;
    if (!no) {
      this.hint(fill(this.texts.no_no, { key: this.keyOf("/") }));
      return;
    }
    const yes = () => this.choose(item, no);
    if (questions.wants(item)) questions.no(item, { yes, na: () => this.notApplicable(item) });
    else yes();
  }

  /** @param {string} text */
  hint(text) {
    this.desk.bar.setStatus("hint", text);
  }

  /** @param {Item} item */
  note(item) {
    this.focusItem(item.key);
    this.desk.checklist.view?.details.openNote();
  }

  noteLast() {
    if (this.justAnswered) this.note(this.justAnswered);
  }

  /** @param {Item} item */
  pin(item) {
    const { record, work } = this.desk;
    const place = record.place();
    if (!place) {
      this.note(item); // nothing to point at: say it
      return;
    }
    work.addPin(pinOf(item.key, place));
    record.pinned();
  }

  pinFocused() {
    const item = this.focusedItem();
    if (item) this.pin(item);
  }

  /**
   * @param {Item} item
   * @param {{ camera?: boolean }} [options]
   */
  photo(item, options) {
    if (this.texts.photo) this.desk.photos.ask(item, options);
  }

  /** @param {Item} item */
  moment(item) {
    this.focusItem(item.key);
    this.desk.checklist.view?.details.openMoment();
  }

  /**
   * @param {Item} item
   * @param {string} moment
   * @param {"system" | "manual"} kind
   * @param {string} note
   */
  pinMoment(item, moment, kind, note = "") {
    this.desk.work.addPin(pinOf(item.key, { moment, moment_kind: kind, note }));
    this.focusItem(item.key);
  }

  pinLast() {
    if (this.justAnswered) this.pin(this.justAnswered);
  }

  /** @param {Item} item */
  removeLastPin(item) {
    const pin = this.desk.work.pinsOf(item.key).at(-1);
    if (pin) this.desk.work.removePin(pin);
  }

  /** @param {Pin} pin */
  showPin(pin) {
    if (pin.photo) {
      this.desk.photos.show(pin);
      return;
    }
    this.desk.pad.frame.showTab("record");
    this.desk.record.go(pin);
  }

  /** @param {Pin} pin */
  describePin(pin) {
    return descriptionOf(pin, this.desk.state.encounter, this.texts);
  }

  /** @param {Item} item */
  toggleHelp(item) {
    this.focusItem(item.key);
    this.helping = !this.helping;
    const { checklist } = this.desk;
    if (!checklist.view) return;
    checklist.view.details.show();
    checklist.show(checklist.view.node);
  }

  toggleLedger() {
    const { bar, ledger } = this.desk;
    ledger.node.hidden = !ledger.node.hidden;
    bar.ledger.setAttribute("aria-expanded", String(!ledger.node.hidden));
    this.desk.showLedger();
  }

  showKeys() {
    this.desk.keyList.node.showModal();
  }

  skip() {
    if (this.texts.skip) this.desk.skipping.showModal();
  }

  submit() {
    this.desk.submission.begin();
  }

  /**
   * @param {string[]} keys of items that lack something
   * @param {string} text
   */
  listMissing(keys, text) {
    const { banner, work } = this.desk;
    const buttons = keys.slice(0, MOST_LISTED).map((key) => ({
      label: work.byKey.get(key)?.name ?? key,
      act: () => {
        banner.hide();
        this.focusItem(key);
      },
    }));
    banner.show(fill(text, { count: keys.length }), { buttons });
    this.focusItem(keys[0]);
  }
}

/**
 * A pin in words: where it points and what is said there.
 *
 * @param {Pin} pin
 * @param {Pick<Encounter, "turns" | "events" | "zone">} encounter
 * @param {Pick<Texts, "turn" | "photo" | "moment_system" | "moment_manual">} texts
 */
export function descriptionOf(pin, encounter, texts) {
  const parts = [];
  const turn = encounter.turns.find(({ position }) => position === pin.turn_position);
  if (turn) parts.push(fill(texts.turn, { number: turn.position }), quoteOf(turn.text, pin));
  const seconds = [pin.start_second, pin.end_second].filter((second) => second !== null);
  if (seconds.length) parts.push(seconds.map(clockTime).join("–"));
  if (pin.photo) parts.push(texts.photo);
  if (pin.moment && pin.moment_kind) {
    const time = localTime(pin.moment, encounter.zone).replace("T", " ");
    parts.push(fill(texts[`moment_${pin.moment_kind}`], { time }));
  }
  const event = encounter.events.find(({ key }) => key === pin.note);
  if (pin.note) parts.push(pin.moment_kind === "system" && event ? event.name : pin.note);
  return parts.join(" · ");
}

/**
 * The pinned words, or the beginning of many.
 *
 * @param {string} text
 * @param {Pick<Pin, "start_offset" | "end_offset">} pin
 */
function quoteOf(text, { start_offset, end_offset }) {
  const words = Array.from(text).slice(start_offset ?? 0, end_offset ?? undefined);
  return words.length > LONGEST_QUOTE
    ? `${words.slice(0, LONGEST_QUOTE - 2).join("")}…`
    : words.join("");
}
