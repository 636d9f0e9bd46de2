// What the inspector has entered: answers, notes, pins. Every change calls `changed(item key)`.

/**
 * @import { Answer, Answers, Checklist, Content, Item, Pin, Section } from "./types.js"
 */

/**
 * What stood before a change of one item, or of several at once; typing in a field is one step.
 *
 * @typedef {{ key: string, typed: boolean, answers: Answers, pins: Pin[] }} Step
 */

import { levelOf, visibleItems } from "./conditions.js";
import { WHOLE } from "./regions.js";

const TYPED = ["number", "text", "date", "clock"];
const MOST_STEPS = 100;
/** @type {Content} */
const NOTHING = { answers: {}, evidence: [], note: "", active_seconds: 0 };

export class Work {
  /**
   * @param {Pick<Checklist, "sections">} checklist
   * @param {(key: string | null) => void} changed
   * @param {string[]} ruledOut items that the facts of the encounter rule out
   */
  constructor(checklist, changed, ruledOut = []) {
    this.ruledOut = new Set(ruledOut);
    this.sections = checklist.sections;
    this.items = checklist.sections.flatMap((section) => section.items);
    this.byKey = new Map(this.items.map((item) => [item.key, item]));
    this.changed = changed;
    /** @type {Answers} */
    this.answers = {};
    /** @type {Record<string, string>} */
    this.notes = {};
    /** @type {Pin[]} */
    this.pins = [];
    this.note = "";
    this.seconds = 0;
    /** @type {Step[]} */
    this.past = [];
    this.isOneStep = false;
    /** @type {Set<string>} */
    this.visible = new Set();
    this.load(NOTHING);
  }

  /** @param {Content} stored */
  load(stored) {
    this.past = [];
    this.answers = {};
    this.notes = {};
    this.note = stored.note;
    this.seconds = stored.active_seconds;
    for (const section of this.sections)
      if (stored.answers[section.key]?.na) this.#loadSectionNa(section);
    for (const [key, answer] of Object.entries(stored.answers)) {
      if (!answer || !this.byKey.has(key)) continue;
      const { note, ...rest } = answer;
      this.answers[key] = rest;
      if (note) this.notes[key] = note;
    }
    this.pins = stored.evidence
      .map((pin) => pinOf(pin.item_key, pin))
      .filter((pin) => !this.#takeBareNote(pin));
    this.visible = visibleItems(this.sections, this.answers);
  }

  /** @param {Section} section */
  #loadSectionNa(section) {
    for (const item of section.items) if (item.na) this.answers[item.key] = { na: true };
  }

  /**
   * A note on an item without an answer is stored as evidence that points nowhere.
   *
   * @param {Pin} pin
   */
  #takeBareNote(pin) {
    const bare = [pin.turn_position, pin.start_second, pin.photo, pin.moment].every(
      (place) => place === null,
    );
    if (!bare || this.answers[pin.item_key]) return false;
    this.notes[pin.item_key] = pin.note;
    return true;
  }

  /**
   * Take what came of two versions.
   *
   * @param {import("./merging.js").Entered} entered
   */
  adopt({ answers, notes, pins, note }) {
    Object.assign(this, { answers, notes, pins, note, past: [] });
    this.visible = visibleItems(this.sections, this.answers);
  }

  /** @returns {Content} */
  content() {
    /** @type {Answers} */
    const answers = {};
    const evidence = [...this.pins];
    for (const [key, answer] of Object.entries(this.answers))
      answers[key] = this.notes[key] ? { ...answer, note: this.notes[key] } : answer;
    for (const [key, note] of Object.entries(this.notes))
      if (note && !answers[key]) evidence.push(pinOf(key, { note }));
    return { answers, evidence, note: this.note, active_seconds: Math.round(this.seconds) };
  }

  /**
   * @param {string} key
   * @param {boolean} typed
   */
  remember(key, typed = false) {
    const last = this.past.at(-1);
    if (this.isOneStep || (typed && last?.typed && last.key === key)) return;
    this.past.push({ key, typed, answers: { ...this.answers }, pins: [...this.pins] });
    if (this.past.length > MOST_STEPS) this.past.shift();
  }

  /**
   * Several changes that are taken back as one.
   *
   * @param {string} key
   * @param {() => void} change
   */
  together(key, change) {
    this.remember(key);
    this.isOneStep = true;
    change();
    this.isOneStep = false;
  }

  /**
   * Take back the last step; its item, null where there is none. Notes are not answers: the field
   * they are typed in takes them back.
   */
  undo() {
    const step = this.past.pop();
    if (!step) return null;
    const before = this.answers;
    this.answers = step.answers;
    this.pins = step.pins;
    this.visible = visibleItems(this.sections, this.answers);
    const changed = this.items.filter(({ key }) => before[key] !== step.answers[key]);
    for (const { key } of changed) this.changed(key);
    this.changed(step.key);
    return step.key;
  }

  /**
   * @param {string} key
   * @param {Answer | null} answer
   */
  answer(key, answer) {
    this.remember(key, TYPED.includes(this.byKey.get(key)?.kind ?? ""));
    if (answer === null) delete this.answers[key];
    else this.answers[key] = answer;
    this.visible = visibleItems(this.sections, this.answers);
    this.changed(key);
  }

  /**
   * @param {Item} item
   * @param {string} option
   */
  choose(item, option) {
    if (item.kind !== "multi") {
      this.answer(item.key, { value: levelOf(item, option) ?? option });
      return;
    }
    const before = this.answers[item.key]?.values ?? [];
    const after = before.includes(option)
      ? before.filter((key) => key !== option)
      : [...before, option];
    this.answer(item.key, after.length ? { values: after } : null);
  }

  /**
   * @param {Item} item
   * @param {string} [reason]
   */
  notApplicable(item, reason) {
    this.answer(item.key, reason ? { na: true, reason } : { na: true });
  }

  /**
   * @param {string} key
   * @param {string} note
   */
  setNote(key, note) {
    this.notes[key] = note;
    this.changed(key);
  }

  /** @param {string} note */
  setFormNote(note) {
    this.note = note;
    this.changed(null);
  }

  /** @param {Pin} pin */
  addPin(pin) {
    const same = (/** @type {Pin} */ other) => JSON.stringify(other) === JSON.stringify(pin);
    if (this.pins.some(same)) return false;
    this.remember(pin.item_key);
    this.pins = [...this.pins, pin];
    this.changed(pin.item_key);
    return true;
  }

  /**
   * @param {Pin} pin
   * @param {Partial<Pin>} values
   */
  changePin(pin, values) {
    const changed = { ...pin, ...values };
    if (JSON.stringify(changed) === JSON.stringify(pin)) return;
    this.remember(pin.item_key);
    this.pins = this.pins.map((other) => (other === pin ? changed : other));
    this.changed(pin.item_key);
  }

  /** @param {Pin} pin */
  removePin(pin) {
    this.remember(pin.item_key);
    this.pins = this.pins.filter((other) => other !== pin);
    this.changed(pin.item_key);
  }

  /** @param {string} key */
  pinsOf(key) {
    return this.pins.filter((pin) => pin.item_key === key);
  }

  /** @param {Item} item */
  isAnswered(item) {
    return Boolean(this.answers[item.key]) && !this.lacksReason(item);
  }

  /**
   * N/A without the reason that the item asks for, as every critical one does.
   *
   * @param {Item} item
   */
  lacksReason(item) {
    const answer = this.answers[item.key];
    return Boolean(answer?.na && item.naReason && !tellsWhy(answer.reason));
  }

  /**
   * @param {Item} item
   * @param {string} option
   */
  isChosen(item, option) {
    const answer = this.answers[item.key];
    if (!answer || answer.na) return false;
    return answer.values ? answer.values.includes(option) : String(answer.value) === option;
  }

  /** Items that are asked now; a clock without a limit only informs. */
  asked() {
    return this.items.filter((item) => this.visible.has(item.key) && !item.informs);
  }

  /** What still wants an answer, or a reason for not having one. */
  unanswered() {
    return this.asked().filter(
      (item) => this.lacksReason(item) || (item.required && !this.isAnswered(item)),
    );
  }

  /**
   * Whether the facts of the encounter rule an item out: then its N/A is not the inspector's own.
   *
   * @param {Item} item
   */
  isRuledOut(item) {
    return Boolean(this.ruledOut.has(item.key) && this.answers[item.key]?.na);
  }

  /**
   * Of the scored items that are asked and not ruled out: how many there are, how many apply, and
   * to how many N/A was given by hand.
   */
  applying() {
    const asked = this.asked().filter((item) => item.scored && !this.isRuledOut(item));
    const byHand = asked.filter((item) => this.answers[item.key]?.na).length;
    return { all: asked.length, applying: asked.length - byHand, byHand };
  }
}

/**
 * Whether a reason can be read: a letter or a digit of any script. core.scoring asks the same.
 *
 * @param {string} [reason]
 */
export function tellsWhy(reason) {
  return /[\p{L}\p{N}]/u.test(reason ?? "");
}

/**
 * A pin of an item that points where it is told to, and nowhere else.
 *
 * @param {string} key
 * @param {Partial<Pin>} where
 * @returns {Pin}
 */
export function pinOf(key, where) {
  return {
    item_key: key,
    turn_position: null,
    start_offset: null,
    end_offset: null,
    start_second: null,
    end_second: null,
    photo: null,
    ...WHOLE,
    moment: null,
    moment_kind: null,
    note: "",
    ...where,
  };
}
