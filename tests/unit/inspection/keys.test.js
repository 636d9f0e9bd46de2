// What a key means on an item.

import assert from "node:assert/strict";
import { test } from "node:test";

import { optionKeys } from "../../../pages/ui/inspection/pad/js/answer_fields.js";
import { Bindings } from "../../../pages/ui/inspection/pad/js/bindings.js";
import { latin, meaningOf } from "../../../pages/ui/inspection/pad/js/keys.js";
import { CLOCK, item } from "../../support/inspection/items.js";

/**
 * @param {string} key
 * @param {Partial<Parameters<typeof meaningOf>[1]>} now
 */
function meaning(key, now = {}) {
  const usual = { item: item("A"), hasField: false, marking: false, repeated: false };
  return meaningOf(key, { ...usual, options: new Map([["1", "yes"]]), ...now });
}

/**
 * @param {string} key
 * @param {string} code
 */
function typed(key, code, shiftKey = false) {
  return latin({ key, code, shiftKey });
}

test("an option's key chooses it, once however long it is held", () => {
  assert.equal(meaning("1"), "choose");
  assert.equal(meaning("1", { repeated: true }), "swallow");
  assert.equal(meaning("2"), null);
});

test("moving repeats, acting does not", () => {
  assert.equal(meaning("j", { repeated: true }), "command");
  assert.equal(meaning("n", { repeated: true }), "swallow");
  assert.equal(meaning("[", { repeated: true }), "recordCommand");
  assert.equal(meaning("w", { repeated: true }), "swallow");
});

test("while words are marked arrows and Escape are for the mark", () => {
  assert.equal(meaning("ArrowRight", { marking: true }), "mark");
  assert.equal(meaning("Escape", { marking: true }), "unmark");
  assert.equal(meaning("ArrowRight"), "recordCommand");
  assert.equal(meaning("Escape"), "dismiss");
});

test("a digit begins a number, and only there", () => {
  const number = { item: item("A", { kind: "number" }), options: new Map(), hasField: true };
  assert.equal(meaning("7", number), "type");
  assert.equal(meaning("-", number), "type");
  assert.equal(meaning("7", { ...number, item: item("A", { kind: "text" }) }), null);
});

test("Enter opens a field, confirms several choices, and else is the browser's", () => {
  assert.equal(meaning("Enter", { hasField: true }), "enter");
  assert.equal(meaning("Enter", { item: item("A", { kind: "multi" }) }), "confirm");
  assert.equal(meaning("Enter"), null);
});

test("1 takes the recorded times of a clock that has some", () => {
  const clock = { kind: /** @type {const} */ ("clock"), clock: CLOCK, options: [] };
  const recorded = { start: "s", stop: "e", kind: /** @type {const} */ ("system") };
  const now = { options: new Map(), hasField: true };
  assert.equal(
    meaning("1", { ...now, item: item("A", { ...clock, prefilled: recorded }) }),
    "accept",
  );
  assert.equal(meaning("1", { ...now, item: item("A", clock) }), null);
});

test("what every object has is no command", () => {
  assert.equal(meaning("constructor"), null);
});

test("a key means the same while a Chinese input method is on", () => {
  assert.equal(typed("Process", "KeyN"), "n");
  assert.equal(typed("Process", "KeyN", true), "N");
  assert.equal(typed("？", "Slash", true), "?");
  assert.equal(typed("、", "Slash"), "/");
  assert.equal(typed("Process", "Digit8", true), "*");
  assert.equal(typed("Process", "Numpad8"), "8");
  assert.equal(typed("「", "BracketLeft"), "[");
});

test("on a Latin keyboard a key means what it writes, wherever it stands", () => {
  assert.equal(typed("z", "KeyY"), "z");
  assert.equal(typed("ArrowUp", "ArrowUp"), "ArrowUp");
});

/**
 * @param {Partial<Parameters<typeof optionKeys>[0]>} how
 * @param {...(string | [string, number])} options by their keys, with points or without
 */
function keysOf(how, ...options) {
  const given = options.map((option) => {
    const [key, points] = typeof option === "string" ? [option, 0] : option;
    return { key, points };
  });
  const keys = optionKeys({ kind: "single", yes: null, no: null, ...how, options: given });
  return [...keys].map((each) => each.join(""));
}

test("the higher the digit, the better: levels have their own, yes is 1, no is 0", () => {
  assert.deepEqual(keysOf({ kind: "graded" }, "4", "3", "none"), ["44", "33", "anone"]);
  const yesNo = /** @type {const} */ ({ kind: "yes_no", yes: "yes", no: "no" });
  assert.deepEqual(keysOf(yesNo, "yes", "no", "no_with_loss"), ["1yes", "0no", "ano_with_loss"]);
});

test("options with points follow those, the first of equal ones before the second", () => {
  assert.deepEqual(keysOf({}, ["A", 1], ["B", 0], ["C", 0]), ["3A", "2B", "1C"]);
  assert.deepEqual(keysOf({}, ["bad", 0], ["good", 5]), ["1bad", "2good"]);
});

test("options of equal points, and several choices, go by their place, then by letters", () => {
  const ten = keysOf({}, ..."ABCDEFGHIJ");
  assert.deepEqual(ten.slice(-2), ["9I", "aJ"]);
  assert.deepEqual(keysOf({ kind: "multi" }, ["A", 1], ["B", 0]), ["1A", "2B"]);
});

test("letters that are commands choose no option", () => {
  const keys = keysOf({}, ...Array.from({ length: 30 }, (_, at) => `-${at}`));
  assert.equal(keys.length, 19); // nine digits and ten letters; the rest is for the mouse
  for (const key of keys) assert.equal(meaning(key[0], { options: new Map() }), null);
});

test("the comma and the full stop of a Chinese input method", () => {
  assert.equal(typed("，", "Comma"), ",");
  assert.equal(typed("《", "Comma", true), "<");
  assert.equal(typed("。", "Period"), ".");
});

/** A browser that keeps what it is told. */
function storage() {
  /** @type {Record<string, string>} */
  const kept = {};
  const localStorage = {
    getItem: (/** @type {string} */ name) => kept[name] ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => (kept[name] = value),
  };
  Object.assign(globalThis, { localStorage });
  return kept;
}

test("a command can be given another key, which is kept", () => {
  storage();
  const bindings = new Bindings("mine", new Set(["n", "m", "/"]));
  assert.equal(bindings.isFree("m", "n"), false); // stands for a note
  assert.equal(bindings.isFree("a", "n"), false); // chooses answers
  assert.equal(bindings.isFree("3", "n"), false);
  assert.equal(bindings.isFree("b", "n"), true);
  bindings.set("n", "b");
  assert.deepEqual(["b", "n", "m", "1"].map((key) => bindings.meant(key)), ["n", "", "m", "1"]);
  assert.equal(bindings.isFree("n", "m"), true); // given away
  const again = new Bindings("mine", new Set(["n", "m", "/"]));
  assert.equal(again.keyOf("n"), "b");
  again.reset();
  assert.equal(new Bindings("mine", new Set(["n"])).keyOf("n"), "n");
});

test("a browser that keeps nothing has the keys as they come", () => {
  Object.assign(globalThis, { localStorage: undefined });
  const bindings = new Bindings("mine", new Set(["n"]));
  bindings.set("n", "b");
  assert.equal(bindings.meant("b"), "n");
});

test("single keys can be switched off, which is kept", () => {
  storage();
  const bindings = new Bindings("mine", new Set(["n"]));
  assert.equal(bindings.isOff, false);
  bindings.switchOff(true);
  assert.equal(new Bindings("mine", new Set(["n"])).isOff, true);
  bindings.switchOff(false);
  assert.equal(new Bindings("mine", new Set(["n"])).isOff, false);
});
