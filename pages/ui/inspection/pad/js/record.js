// The left pane: recording, facts of the record, transcript with pins.

/** @import { Actions } from "./actions.js" */
/** @import { KeyMark } from "./marked_words.js" */
/** @import { OpenState, Pin, Place, Texts, Turn } from "./types.js" */
/** @import { Work } from "./work.js" */
/** @typedef {{ turn: Turn, node: HTMLElement, body: HTMLElement, pins: HTMLElement }} Row */

import { clamp, h, icon, keepInView } from "../../../kit/elements.js";
import { fill, stretches } from "../../../kit/texts.js";
import { clockTime } from "../../../kit/times.js";
import { markedByKey, rangeIn, selectedRange } from "./marked_words.js";
import { Player } from "./player.js";
import { photoView } from "./regions.js";
import { TurnSearch } from "./turn_search.js";

const SEARCHED_FROM = 20; // turns; fewer are seen at a glance

export class RecordPane {
  /**
   * @param {{ state: OpenState, work: Work, texts: Texts, actions: Actions }} parts
   */
  constructor({ state, work, texts, actions }) {
    this.work = work;
    this.texts = texts;
    this.actions = actions;
    this.encounter = state.encounter;
    /** @type {Map<number, Row>} */
    this.rows = new Map();
    /** @type {number | null} */
    this.current = null;
    /** @type {KeyMark | null} */
    this.words = null;
    this.player = this.encounter.recording ? new Player(this.encounter, texts, this) : null;
    const isLong = this.encounter.turns.length > SEARCHED_FROM;
    /** @type {TurnSearch | null} */
    this.search = isLong ? new TurnSearch(this, texts) : null;
    this.gallery = h("div", { class: "gallery", "aria-label": texts.photos, role: "group" });
    this.soundOnly = h("div", { class: "sound-only" });
    this.node = h(
      "section",
      { class: "record pane", "aria-label": texts.record, tabindex: "-1" },
      this.player ? this.player.node : this.missingRecording(),
      this.soundOnly,
      this.facts(),
      this.gallery,
      this.search?.node ?? null,
      this.list(),
    );
    this.select(this.encounter.turns[0]?.position ?? null, { scroll: false });
    this.pinsChanged();
  }

  /** @returns {Row | null} */
  get row() {
    return this.current === null ? null : (this.rows.get(this.current) ?? null);
  }

  missingRecording() {
    if (this.encounter.observed) return h("p", { class: "hint" }, this.texts.watching);
    const spoken = ["phone", "counter"].includes(this.encounter.channel);
    return spoken ? h("p", { class: "hint" }, this.texts.no_recording) : null;
  }

  facts() {
    const rows = this.encounter.facts.map(({ name, value }) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value)),
    );
    return rows.length ? h("dl", { class: "facts" }, ...rows) : null;
  }

  list() {
    if (this.encounter.observed) return null;
    if (!this.encounter.turns.length) return h("p", { class: "hint" }, this.texts.no_transcript);
    const rows = this.encounter.turns.map((turn) => this.turn(turn));
    return h("ol", { class: "turns", "aria-label": this.texts.transcript }, ...rows);
  }

  /** @param {Turn} turn */
  turn(turn) {
    const body = h("div", { class: "words", dir: "auto" });
    const pins = h("div", { class: "pins" });
    const time = turn.start === null ? null : this.timeOf(turn, turn.start);
    const who = h(
      "div",
      { class: "who" },
      h("span", { class: "number" }, String(turn.position)),
      turn.speaker_name,
      time,
      turn.wait && h("span", { class: turn.wait.late ? "wait late" : "wait" }, turn.wait.text),
    );
    const props = { class: `turn ${turn.speaker}`, onclick: () => this.select(turn.position) };
    const node = h("li", props, who, body, pins);
    this.rows.set(turn.position, { turn, node, body, pins });
    return node;
  }

  /**
   * @param {Turn} turn
   * @param {number} start
   */
  timeOf(turn, start) {
    if (!this.player) return h("span", { class: "time" }, clockTime(start));
    const hear = () => {
      this.select(turn.position, { scroll: false });
      this.hearTurn();
    };
    const title = this.texts.hear_turn;
    return h("button", { type: "button", class: "plain time", title, onclick: hear }, clockTime(start));
  }

  /** Play from the beginning of the current turn. */
  hearTurn() {
    const start = this.row?.turn.start ?? null;
    if (start !== null) this.player?.playFrom(start);
  }

  /** Go to the turn that is heard. */
  showHeard() {
    const heard = this.player?.turn() ?? null;
    if (heard !== null) this.select(heard);
  }

  /** @param {number} position */
  pinsAt(position) {
    return this.work.pins.filter((pin) => pin.turn_position === position);
  }

  /** @param {Row} row */
  drawText({ turn, body }) {
    body.replaceChildren(...this.marked(turn));
  }

  /** @param {Row} row */
  drawPins(row) {
    const chips = this.pinsAt(row.turn.position).map((pin) => this.chip(pin));
    if (row.turn.position === this.current) chips.push(this.pinButton());
    row.pins.replaceChildren(...chips);
  }

  /** @param {Turn} turn */
  marked(turn) {
    const pins = this.pinsAt(turn.position);
    const isPinned = (/** @type {number} */ at) => pins.some((pin) => covers(pin, at));
    const words = this.words?.text === turn.text ? this.words : null;
    const isChosen = (/** @type {number} */ at) => words && words.from <= at && at < words.to;
    const styleOf = (/** @type {number} */ at) =>
      [isPinned(at) && "mark", isChosen(at) && "chosen"].filter(Boolean).join(" ");
    return stretches(turn.text, styleOf).map(({ style, text }) =>
      style ? h("mark", { class: style }, text) : text,
    );
  }

  /** @param {Pin} pin */
  chip(pin) {
    const name = this.work.byKey.get(pin.item_key)?.name ?? pin.item_key;
    const open = () => this.actions.focusItem(pin.item_key);
    const title = fill(this.texts.go_to_item, { item: name });
    const props = { type: "button", class: "chip", title, onclick: open };
    return h("button", props, icon("pin"), name);
  }

  pinButton() {
    const item = this.actions.focusedItem();
    const label = this.markedWords() ? this.texts.pin_words_to : this.texts.pin_to;
    const props = {
      type: "button",
      class: "chip add",
      "aria-keyshortcuts": "p",
      // the browser's own selection must survive the click
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
      onclick: () => this.actions.pinFocused(),
    };
    return h("button", props, icon("pin"), fill(label, { item: item?.name ?? "" }));
  }

  /**
   * Only what changes is drawn again: replacing a turn's text would lose a selection in it.
   *
   * @param {number | null} position
   * @param {{ scroll?: boolean }} options
   */
  select(position, { scroll = true } = {}) {
    const row = this.rows.get(position ?? NaN);
    if (!row) return;
    const before = this.row;
    this.current = position;
    if (before && before !== row) this.deselect(before);
    row.node.setAttribute("aria-current", "true");
    this.drawPins(row);
    if (scroll) keepInView(this.node, row.node);
  }

  /** @param {Row} row */
  deselect(row) {
    if (this.words) this.stopMarking(row);
    row.node.removeAttribute("aria-current");
    this.drawPins(row);
  }

  /** @param {number} by */
  move(by) {
    const positions = [...this.rows.keys()];
    const at = positions.indexOf(this.current ?? NaN);
    this.select(positions[clamp(at + by, 0, positions.length - 1)] ?? null);
    this.player?.follow(false);
  }

  /** @param {number} at place of a turn, from the end where it is negative */
  moveTo(at) {
    this.select([...this.rows.keys()].at(at) ?? null);
    this.player?.follow(false);
  }

  refresh() {
    if (this.row) this.drawPins(this.row);
    else if (this.player) this.soundOnly.replaceChildren(this.pinButton());
  }

  pinsChanged() {
    const photos = this.work.pins.filter((pin) => pin.photo);
    this.gallery.replaceChildren(...photos.map((pin) => this.photo(pin)));
    for (const row of this.rows.values()) {
      this.drawText(row);
      this.drawPins(row);
    }
  }

  /** @param {Pin} pin */
  photo(pin) {
    const name = this.work.byKey.get(pin.item_key)?.name ?? pin.item_key;
    const title = fill(this.texts.photo_of, { item: name });
    const show = () => this.actions.showPin(pin);
    const props = { type: "button", class: "thumb", title, onclick: show };
    return h("button", props, photoView(pin, title));
  }

  /**
   * Where a pin made now would point.
   *
   * @returns {Place | null}
   */
  place() {
    const turn = this.row?.turn;
    const words = this.markedWords();
    /** @type {Place} */
    const place = turn ? { turn_position: turn.position } : {};
    if (turn && words) Object.assign(place, { start_offset: words.from, end_offset: words.to });
    if (this.player) Object.assign(place, this.player.stretch(turn));
    return turn || this.player ? place : null;
  }

  pinned() {
    this.stopMarking();
    const root = /** @type {{ getSelection?: () => Selection | null }} */ (this.actions.root);
    root.getSelection?.()?.removeAllRanges();
  }

  /** The words marked in the current turn: by key, else with mouse or finger. */
  markedWords() {
    return this.words ?? this.selection();
  }

  selection() {
    const { row } = this;
    const range = row && selectedRange(this.actions.root);
    return range ? rangeIn(row.body, range) : null;
  }

  /**
   * Marking words by key: the first press marks the first word, then left and right move the mark.
   *
   * @param {number} by
   * @param {boolean} grow
   */
  markWords(by = 0, grow = false) {
    const { row } = this;
    if (!row) return;
    const words = markedByKey(row.turn.text, this.words, { by, grow });
    if (!words) return; // dots, or an emoji: there is only the whole of it
    this.words = words;
    this.drawText(row);
    this.refresh();
  }

  /** @param {Row | null} row */
  stopMarking(row = this.row) {
    this.words = null;
    if (row) this.drawText(row);
    this.refresh();
  }

  /** @param {Pin} pin */
  go(pin) {
    if (pin.turn_position !== null) this.select(pin.turn_position);
    if (pin.start_second !== null) this.player?.seek(pin.start_second);
  }
}

/**
 * @param {Pin} pin
 * @param {number} at
 */
function covers({ start_offset, end_offset }, at) {
  return start_offset !== null && end_offset !== null && start_offset <= at && at < end_offset;
}
