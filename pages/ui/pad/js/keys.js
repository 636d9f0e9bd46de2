// Everything by key. `?` shows the same list to the inspector; texts.py names it in three languages.

const COMMANDS = {
  j: (pad) => pad.move(1),
  ArrowDown: (pad) => pad.move(1),
  k: (pad) => pad.move(-1),
  ArrowUp: (pad) => pad.move(-1),
  y: (pad, item) => item.options.some((option) => option.key === "yes") && pad.choose(item, "yes"),
  n: (pad, item) => pad.notApplicable(item),
  N: (pad, item) => pad.sectionNotApplicable(item),
  Backspace: (pad, item) => pad.work.answer(item.key, null),
  Delete: (pad, item) => pad.work.answer(item.key, null),
  m: (pad) => pad.checklist.view.openNote(),
  M: (pad) => pad.backToLast()?.openNote(),
  p: (pad, item) => pad.pin(item.key),
  P: (pad) => pad.lastKey && pad.pin(pad.lastKey),
  x: (pad, item) => pad.removeLastPin(item),
  w: (pad) => pad.record.markWords(),
  "[": (pad) => pad.record.move(-1),
  "]": (pad) => pad.record.move(1),
  u: (pad) => pad.firstUnanswered(),
  h: (pad) => pad.toggleHelp(),
  l: (pad) => pad.toggleLedger(),
  s: (pad) => pad.skip(),
  "?": (pad) => pad.showKeys(),
  " ": (pad) => pad.record.player?.toggle(),
  b: (pad) => pad.record.player?.skip(-5),
  r: (pad) => pad.record.player?.begin(),
  "<": (pad) => pad.record.player?.faster(-1),
  ">": (pad) => pad.record.player?.faster(1),
  Escape: (pad) => pad.banner.hide(),
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
      if (!event.repeat) this.pad.submit();
    } else if (!this.isElsewhere(event, target) && this.act(latin(event), event)) stop(event);
  }

  // Keys that belong to a text field, a pressed button, or a control outside the pad.
  isElsewhere(event, target) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
    if (target.matches?.(TYPING)) return true;
    if (target.matches?.(PRESSED) && (event.key === "Enter" || event.key === " ")) return true;
    return !this.pad.frame.contains(target) && Boolean(target.closest?.(ELSEWHERE));
  }

  act(key, event) {
    const { pad } = this;
    const item = pad.focusedItem();
    if (!item) return false;
    if (pad.record.words && this.marking(key, event.shiftKey)) return true;
    const chosen = pad.checklist.view.keys.get(key);
    if (chosen !== undefined && item.kind !== "clock") {
      if (!event.repeat) pad.choose(item, chosen);
      return true;
    }
    if (this.field(item, key)) return true;
    if (!COMMANDS[key]) return false;
    if (!event.repeat || REPEATS.has(key)) COMMANDS[key](pad, item);
    return true;
  }

  field(item, key) {
    const { view } = this.pad.checklist;
    if (item.kind === "clock" && key === "1") return view.accept();
    if (key === "Enter" && item.kind === "multi") {
      this.pad.confirm(item);
      return true;
    }
    const field = view.input ?? view.start;
    if (!field) return false;
    if (key === "Enter") field.focus();
    else if (item.kind === "number" && /^[-\d]$/.test(key)) view.type(key);
    else return false;
    return true;
  }

  marking(key, shift) {
    const { record } = this.pad;
    if (key === "ArrowLeft" || key === "ArrowRight") record.markWords(key === "ArrowRight" ? 1 : -1, shift);
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
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const signs = { BracketLeft: "[", BracketRight: "]", Space: " ", Comma: "<", Period: ">", Slash: "?" };
  return digit ?? signs[event.code] ?? event.key;
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
