// Which items are asked; test_pad_keys.py compares the script with core on the shipped checklists.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clockKeys,
  levelOf,
  visibleItems,
} from "../../../pages/ui/inspection/pad/js/conditions.js";
import { CLOCK_CASES } from "../../support/clock_cases.js";
import { checklist, CLOCK, item } from "../../support/inspection/items.js";

/** @import { Answers, Condition } from "../../../pages/ui/inspection/pad/js/types.js" */

/**
 * The keys asked of A (yes or no), B (graded), C (clock), D (several) and the last one, E.
 *
 * @param {Condition | null} when of E
 * @param {Answers} answers
 */
function asked(when, answers) {
  const { sections } = checklist(
    item("A"),
    item("B", { kind: "graded" }),
    item("C", { kind: "clock", clock: CLOCK }),
    item("D", { kind: "multi" }),
    item("E", { when }),
  );
  return [...visibleItems(sections, answers)].join("");
}

test("without conditions everything is asked", () => {
  assert.equal(asked(null, {}), "ABCDE");
});

test("an item waits for the answer it asks about", () => {
  const when = { item: "A", equals: ["no"] };
  assert.equal(asked(when, {}), "ABCD");
  assert.equal(asked(when, { A: { value: "yes" } }), "ABCD");
  assert.equal(asked(when, { A: { value: "no" } }), "ABCDE");
});

test("N/A matches nothing, not even not_in", () => {
  assert.equal(asked({ item: "A", not_in: ["no"] }, { A: { na: true } }), "ABCD");
  assert.equal(asked({ item: "A", not_in: ["no"] }, { A: { value: "yes" } }), "ABCDE");
});

test("not of what is unanswered holds", () => {
  assert.equal(asked({ not: { item: "A", equals: ["yes"] } }, {}), "ABCDE");
});

test("a level is a number and an option", () => {
  const answers = { B: { value: 3 } };
  assert.equal(asked({ item: "B", compare: { op: ">=", value: 3 } }, answers), "ABCDE");
  assert.equal(asked({ item: "B", compare: { op: ">", value: 3 } }, answers), "ABCD");
  assert.equal(asked({ item: "B", in: ["3", "4"] }, answers), "ABCDE");
});

test("several choices equal in any order, and all_of allows more", () => {
  const answers = { D: { values: ["y", "x", "z"] } };
  assert.equal(asked({ item: "D", equals: ["x", "y"] }, answers), "ABCD");
  assert.equal(asked({ item: "D", equals: ["x", "y", "z"] }, answers), "ABCDE");
  assert.equal(asked({ item: "D", all_of: ["x", "y"] }, answers), "ABCDE");
});

test("all needs every part, any needs one", () => {
  const parts = [
    { item: "A", equals: ["yes"] },
    { item: "B", compare: { op: /** @type {const} */ ("<"), value: 2 } },
  ];
  const answers = { A: { value: "yes" }, B: { value: 2 } };
  assert.equal(asked({ all: parts }, answers), "ABCD");
  assert.equal(asked({ any: parts }, answers), "ABCDE");
});

test("what asks about a hidden item is hidden, and so is all of a section", () => {
  const sections = [
    { when: null, items: [item("A"), item("B", { when: { item: "A", equals: ["yes"] } })] },
    { when: { item: "B", equals: ["yes"] }, items: [item("C"), item("D")] },
  ];
  const shown = (/** @type {Answers} */ answers) => [...visibleItems(sections, answers)].join("");
  assert.equal(shown({ A: { value: "no" }, B: { value: "yes" } }), "A");
  assert.equal(shown({ A: { value: "yes" }, B: { value: "yes" } }), "ABCD");
});

test("a clock is met to the second, pauses taken out", () => {
  const clock = { clock: { limit: 60 } };
  const times = { start: "2026-03-10T09:00:00+08:00", stop: "2026-03-10T10:00:00+08:00" };
  assert.deepEqual(clockKeys(clock, times), ["met"]);
  const later = { ...times, stop: "2026-03-10T10:00:01+08:00" };
  assert.deepEqual(clockKeys(clock, later), ["late"]);
  assert.deepEqual(clockKeys(clock, { ...later, paused_seconds: 1 }), ["met"]);
});

for (const { name, start, stop, paused, limit, verdict } of CLOCK_CASES.clocks)
  test(`a clock is judged as core judges it: ${name}`, () => {
    const keys = clockKeys({ clock: { limit } }, { start, stop, paused_seconds: paused });
    assert.deepEqual(keys, verdict ? [verdict] : []);
  });

test("a clock without a limit is neither met nor late", () => {
  assert.deepEqual(clockKeys({ clock: { limit: null } }, {}), []);
  assert.deepEqual(clockKeys({ clock: { limit: null } }, { value: "late" }), ["late"]);
});

test("only graded items have levels", () => {
  assert.equal(levelOf({ kind: "graded" }, "4"), 4);
  assert.equal(levelOf({ kind: "graded" }, "no_with_loss"), null);
  assert.equal(levelOf({ kind: "single" }, "4"), null);
});
