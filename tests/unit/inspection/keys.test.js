// What a key means on an item.

import assert from "node:assert/strict";
import { test } from "node:test";

import { optionKeys } from "../../../pages/ui/inspection/pad/js/answer_fields.js";
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
  assert.equal(meaning("ArrowRight"), null);
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

test("levels have their own digits, other options are counted, then lettered", () => {
  const keysOf = (/** @type {string[]} */ ...options) =>
    [...optionKeys({ options: options.map((key) => ({ key })) })].map((each) => each.join(""));
  assert.deepEqual(keysOf("4", "3", "none"), ["44", "33", "anone"]);
  assert.deepEqual(keysOf("yes", "no"), ["1yes", "2no"]);
  const ten = keysOf(..."ABCDEFGHIJ");
  assert.deepEqual(ten.slice(-2), ["9I", "aJ"]);
});

test("letters that are commands choose no option", () => {
  const options = Array.from({ length: 30 }, (_, at) => ({ key: `o${at}` }));
  const keys = [...optionKeys({ options }).keys()];
  assert.equal(keys.length, 20); // nine digits and eleven letters; the rest is for the mouse
  for (const key of keys) assert.equal(meaning(key, { options: new Map() }), null);
});
