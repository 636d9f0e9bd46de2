// Everything by key. `?` shows the same list to the inspector; texts.py names it in three languages.

/** @import { Actions } from "./actions.js" */
/** @import { Desk } from "./desk.js" */
/** @import { RecordPane } from "./record.js" */
/** @import { Item } from "./types.js" */

/** @type {Record<string, (actions: Actions, item: Item) => void>} */
const COMMANDS = {
  j: (actions) => actions.move(1),
  ArrowDown: (actions) => actions.move(1),
  k: (actions) => actions.move(-1),
  ArrowUp: (actions) => actions.move(-1),
  u: (actions) => actions.firstUnanswered(),
  y: (actions, item) => actions.yes(item),
  n: (actions, item) => actions.no(item),
  N: (actions) => actions.hint(actions.texts.n_moved),
  "/": (actions, item) => actions.notApplicable(item),
  "*": (actions, item) => actions.sectionNotApplicable(item),
  Backspace: (actions, item) => actions.clear(item),
  Delete: (actions, item) => actions.clear(item),
  m: (actions, item) => actions.note(item),
  M: (actions) => actions.noteLast(),
  p: (actions, item) => actions.pin(item),
  P: (actions) => actions.pinLast(),
  t: (actions, item) => actions.photo(item),
  T: (actions, item) => actions.moment(item),
  x: (actions, item) => actions.removeLastPin(item),
  z: (actions) => actions.undo(),
  h: (actions, item) => actions.toggleHelp(item),
  l: (actions) => actions.toggleLedger(),
  s: (actions) => actions.skip(),
  "?": (actions) => actions.showKeys(),
};
/** @type {Record<string, (record: RecordPane) => void>} */
const RECORD_COMMANDS = {
  w: (record) => record.markWords(),
  "[": (record) => record.move(-1),
  "]": (record) => record.move(1),
  " ": (record) => record.player?.toggle(),
  Home: (record) => record.moveTo(0),
  End: (record) => record.moveTo(-1),
  PageUp: (record) => record.move(-PAGE),
  PageDown: (record) => record.move(PAGE),
  "\\": (record) => record.search?.open(),
  ".": (record) => record.hearTurn(),
  ",": (record) => record.showHeard(),
  b: (record) => record.player?.skip(-5),
  ArrowLeft: (record) => record.player?.skip(-5),
  ArrowRight: (record) => record.player?.skip(5),
  r: (record) => record.player?.begin(),
  "<": (record) => record.player?.faster(-1),
  ">": (record) => record.player?.faster(1),
};
const REPEATS = new Set(
  ["j", "k", "ArrowDown", "ArrowUp", "[", "]", "b", "ArrowLeft", "ArrowRight"].concat(
    ["PageUp", "PageDown", "z"],
  ),
);
/** Turns that PageUp and PageDown pass over. */
const PAGE = 10;
/** Commands that can be given another key. */
export const SETTABLE = new Set(
  [...Object.keys(COMMANDS), ...Object.keys(RECORD_COMMANDS)].filter(
    (key) => key.length === 1 && key !== "N",
  ),
);
/** @type {Record<string, string>} */
const SIGNS = {
  BracketLeft: "[",
  BracketRight: "]",
  Space: " ",
  Backslash: "\\",
  Slash: "/",
  NumpadDivide: "/",
  NumpadMultiply: "*",
};
const PRESSED = "button, a, summary, [role=button]";
const ELSEWHERE = "[role=listbox], [role=menu], [role=dialog]";
export const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true]";

/**
 * @typedef {"mark" | "unmark" | "choose" | "accept" | "confirm" | "enter" | "type" | "dismiss"
 *   | "command" | "recordCommand" | "swallow"} Meaning
 */

/**
 * What a key means on an item; null leaves it to the browser. A key that is held down moves on,
 * but neither answers nor acts twice.
 *
 * @param {string} key as on a Latin keyboard
 * @param {object} now
 * @param {Pick<Item, "kind" | "clock" | "prefilled">} now.item that has the focus
 * @param {{ has(key: string): boolean }} now.options keys that choose its options
 * @param {boolean} now.hasField whether it is answered in a field
 * @param {boolean} now.marking whether words are being marked
 * @param {boolean} now.repeated whether the key is held down
 * @returns {Meaning | null}
 */
export function meaningOf(key, { item, options, hasField, marking, repeated }) {
  if (marking && (key === "ArrowLeft" || key === "ArrowRight")) return "mark";
  if (marking && key === "Escape") return "unmark";
  if (options.has(key)) return repeated ? "swallow" : "choose";
  if (item.clock && item.prefilled && key === "1") return "accept";
  if (item.kind === "multi" && key === "Enter") return "confirm";
  if (hasField && key === "Enter") return "enter";
  if (hasField && item.kind === "number" && /^[-\d]$/.test(key)) return "type";
  if (key === "Escape") return "dismiss";
  const isCommand = Object.hasOwn(COMMANDS, key);
  if (!isCommand && !Object.hasOwn(RECORD_COMMANDS, key)) return null;
  if (repeated && !REPEATS.has(key)) return "swallow";
  return isCommand ? "command" : "recordCommand";
}

/**
 * The key as on a Latin keyboard, also while a Chinese input method is on.
 *
 * @param {Pick<KeyboardEvent, "key" | "code" | "shiftKey">} event
 */
export function latin({ key, code, shiftKey }) {
  if (key !== "Process" && (key.length > 1 || key <= "~")) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  if (code === "Digit8" && shiftKey) return "*";
  if (code === "Slash" && shiftKey) return "?";
  if (code === "Comma") return shiftKey ? "<" : ",";
  if (code === "Period") return shiftKey ? ">" : ".";
  return /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? SIGNS[code] ?? key;
}

/** @param {KeyboardEvent} event */
function isUndo(event) {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && latin(event) === "z";
}

/** @param {Event} event */
function isTyping(event) {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches(TYPING);
}

/** @param {Event} event */
export function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

export class Keys {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {KeyboardEvent} event */
  handle(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      stop(event);
      if (!event.repeat) this.desk.actions.submit();
    } else if (isUndo(event) && !isTyping(event)) {
      stop(event);
      this.desk.actions.undo();
    } else if (!this.isElsewhere(event) && this.act(event)) stop(event);
  }

  /**
   * Keys that belong to a text field, a pressed button, or a control outside the pad.
   *
   * @param {KeyboardEvent} event
   */
  isElsewhere(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
    const [target] = event.composedPath();
    if (!(target instanceof Element)) return false;
    if (target.matches(TYPING)) return true;
    if (target.matches(PRESSED) && (event.key === "Enter" || event.key === " ")) return true;
    return !this.desk.pad.frame.node?.contains(target) && target.closest(ELSEWHERE) !== null;
  }

  /**
   * Whether the key meant something.
   *
   * @param {KeyboardEvent} event
   */
  act(event) {
    const { actions, record, checklist } = this.desk;
    const item = actions.focusedItem();
    const fields = checklist.view?.fields;
    if (!item || !fields) return false;
    const typed = latin(event);
    if (this.desk.bindings.isOff && typed.length === 1) return false;
    const key = fields.keys.has(typed) ? typed : this.desk.bindings.meant(typed);
    const meaning = meaningOf(key, {
      item,
      options: fields.keys,
      hasField: Boolean(fields.input ?? fields.start),
      marking: record.words !== null,
      repeated: event.repeat,
    });
    if (meaning === "mark") record.markWords(key === "ArrowRight" ? 1 : -1, event.shiftKey);
    else if (meaning === "unmark") record.stopMarking();
    else if (meaning === "choose") actions.choose(item, fields.keys.get(key) ?? "");
    else if (meaning === "accept") fields.accept();
    else if (meaning === "confirm") actions.confirm(item);
    else if (meaning === "enter") (fields.input ?? fields.start)?.focus();
    else if (meaning === "type") fields.type(key);
    else if (meaning === "dismiss") this.desk.banner.hide();
    else if (meaning === "command") COMMANDS[key](actions, item);
    else if (meaning === "recordCommand") RECORD_COMMANDS[key](record);
    else if (/^\d$/.test(key)) actions.nameDigits(fields.keys);
    return meaning !== null;
  }
}
