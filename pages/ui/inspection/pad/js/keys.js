// Everything by key. `?` shows the same list to the inspector; texts.py names it in three languages.

const COMMANDS = {
  j: (deeds) => deeds.move(1),
  ArrowDown: (deeds) => deeds.move(1),
  k: (deeds) => deeds.move(-1),
  ArrowUp: (deeds) => deeds.move(-1),
  u: (deeds) => deeds.firstUnanswered(),
  y: (deeds, item) => deeds.yes(item),
  n: (deeds, item) => deeds.no(item),
  N: (deeds) => deeds.hint(deeds.texts.n_moved),
  "/": (deeds, item) => deeds.notApplicable(item),
  "*": (deeds, item) => deeds.sectionNotApplicable(item),
  Backspace: (deeds, item) => deeds.clear(item),
  Delete: (deeds, item) => deeds.clear(item),
  m: (deeds, item) => deeds.note(item),
  M: (deeds) => deeds.noteLast(),
  p: (deeds) => deeds.pin(),
  P: (deeds) => deeds.pinLast(),
  t: (deeds, item) => deeds.photo(item),
  T: (deeds, item) => deeds.moment(item),
  x: (deeds, item) => deeds.removeLastPin(item),
  h: (deeds) => deeds.toggleHelp(),
  l: (deeds) => deeds.toggleLedger(),
  s: (deeds) => deeds.skip(),
  "?": (deeds) => deeds.showKeys(),
};
const RECORD_COMMANDS = {
  w: (record) => record.markWords(),
  "[": (record) => record.move(-1),
  "]": (record) => record.move(1),
  " ": (record) => record.player?.toggle(),
  b: (record) => record.player?.skip(-5),
  r: (record) => record.player?.begin(),
  "<": (record) => record.player?.faster(-1),
  ">": (record) => record.player?.faster(1),
};
const REPEATS = new Set(["j", "k", "ArrowDown", "ArrowUp", "[", "]", "b"]);
const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true]";
const PRESSED = "button, a, summary, [role=button]";
const ELSEWHERE = "[role=listbox], [role=menu], [role=dialog]";

class Keys {
  constructor(pad) {
    this.pad = pad;
  }

  handle(event) {
    const target = event.composedPath()[0];
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      stop(event);
      if (!event.repeat) this.pad.deeds.submit();
    } else if (!this.isElsewhere(event, target) && this.act(latin(event), event)) stop(event);
  }

  // Keys that belong to a text field, a pressed button, or a control outside the pad.
  isElsewhere(event, target) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
    if (target.matches?.(TYPING)) return true;
    if (target.matches?.(PRESSED) && (event.key === "Enter" || event.key === " ")) return true;
    return !this.pad.frame.node.contains(target) && Boolean(target.closest?.(ELSEWHERE));
  }

  act(key, event) {
    const { pad } = this;
    const { deeds, record } = pad;
    const item = deeds.focusedItem();
    if (!item) return false;
    if (record.words && this.marking(key, event.shiftKey)) return true;
    if (this.answer(item, key, event.repeat)) return true;
    if (key === "Escape") pad.banner.hide();
    else if (!(key in COMMANDS) && !(key in RECORD_COMMANDS)) return false;
    else if (event.repeat && !REPEATS.has(key)) return true;
    else if (key in COMMANDS) COMMANDS[key](deeds, item);
    else RECORD_COMMANDS[key](record);
    return true;
  }

  answer(item, key, repeated) {
    const { deeds } = this.pad;
    const { answering } = deeds.view;
    const chosen = answering.keys.get(key);
    if (chosen !== undefined && !repeated) deeds.choose(item, chosen);
    if (chosen !== undefined) return true;
    if (item.clock && key === "1") return answering.accept();
    if (item.kind === "multi" && key === "Enter") {
      deeds.confirm(item);
      return true;
    }
    const field = answering.input ?? answering.start;
    if (!field) return false;
    if (key === "Enter") field.focus();
    else if (item.kind === "number" && /^[-\d]$/.test(key)) answering.type(key);
    else return false;
    return true;
  }

  marking(key, shift) {
    const { record } = this.pad;
    if (key === "ArrowLeft" || key === "ArrowRight")
      record.markWords(key === "ArrowRight" ? 1 : -1, shift);
    else if (key === "Escape") record.stopMarking();
    else return false;
    return true;
  }
}

// The key as on a Latin keyboard, also while a Chinese input method is on.
function latin(event) {
  if (event.key !== "Process" && (event.key.length > 1 || event.key <= "~")) return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return event.shiftKey ? letter : letter.toLowerCase();
  if (event.code === "Digit8" && event.shiftKey) return "*";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const signs = {
    BracketLeft: "[",
    BracketRight: "]",
    Space: " ",
    Comma: "<",
    Period: ">",
    Slash: event.shiftKey ? "?" : "/",
    NumpadDivide: "/",
    NumpadMultiply: "*",
  };
  return digit ?? signs[event.code] ?? event.key;
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
