// What was entered: answers, notes, pins, and what is still to be answered.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { pinOf, tellsWhy, Work } from "../../../pages/ui/inspection/pad/js/work.js";
import { checklist, item } from "../../support/inspection/items.js";

const A = item("A");
const CRITICAL = item("B", { critical: true, naReason: true });
const SEVERAL = item("C", { kind: "multi", required: false, scored: false });
const GRADED = item("D", { kind: "graded" });

/** @type {(string | null)[]} */
let changes = [];
/** @type {Work} */
let work;

beforeEach(() => {
  changes = [];
  work = new Work(checklist(A, CRITICAL, SEVERAL, GRADED), (key) => changes.push(key));
});

/** The keys of what still wants an answer. */
function unanswered() {
  return work.unanswered().map(({ key }) => key);
}

test("what is required wants an answer; what is not does not", () => {
  assert.deepEqual(unanswered(), ["A", "B", "D"]);
  work.choose(A, "yes");
  work.choose(GRADED, "3");
  assert.deepEqual(unanswered(), ["B"]);
  assert.deepEqual(changes, ["A", "D"]);
});

test("N/A of a critical item wants a reason that can be read", () => {
  work.notApplicable(CRITICAL);
  assert.ok(unanswered().includes("B"));
  work.notApplicable(CRITICAL, " … ");
  assert.ok(unanswered().includes("B"));
  work.notApplicable(CRITICAL, "no ticket");
  assert.ok(!unanswered().includes("B"));
});

test("N/A without a reason is enough elsewhere", () => {
  work.notApplicable(A);
  assert.ok(work.isAnswered(A));
});

test("a reason is readable in any script, but signs are none", () => {
  assert.ok(tellsWhy("無"));
  assert.ok(tellsWhy("7"));
  assert.ok(!tellsWhy("?!"));
  assert.ok(!tellsWhy(undefined));
});

test("an optional item that is N/A without its reason wants one all the same", () => {
  const optional = item("O", { required: false, naReason: true });
  const other = new Work(checklist(optional), () => {});
  assert.deepEqual(other.unanswered(), []);
  other.notApplicable(optional);
  assert.deepEqual(other.unanswered(), [optional]);
});

test("a level is stored as a number, another answer by its key", () => {
  work.choose(GRADED, "3");
  work.choose(A, "no");
  assert.deepEqual(work.content().answers, { A: { value: "no" }, D: { value: 3 } });
  assert.ok(work.isChosen(GRADED, "3"));
});

test("several choices are taken and given back", () => {
  work.choose(SEVERAL, "x");
  work.choose(SEVERAL, "y");
  work.choose(SEVERAL, "x");
  assert.deepEqual(work.answers.C, { values: ["y"] });
  work.choose(SEVERAL, "y");
  assert.equal(work.answers.C, undefined);
});

test("how many scored items apply", () => {
  work.notApplicable(A);
  work.notApplicable(SEVERAL); // not scored: does not count
  assert.deepEqual(work.applying(), { applying: 2, all: 3, byHand: 1 });
});

test("a note without an answer is kept as evidence that points nowhere, and comes back", () => {
  work.setNote("A", "ask again");
  const stored = work.content();
  assert.deepEqual(stored.answers, {});
  assert.deepEqual(stored.evidence, [pinOf("A", { note: "ask again" })]);
  work.load(stored);
  assert.equal(work.notes.A, "ask again");
  assert.deepEqual(work.pins, []);
});

test("a note on an answer goes with it", () => {
  work.choose(A, "yes");
  work.setNote("A", "well done");
  const stored = work.content();
  assert.deepEqual(stored.answers, { A: { value: "yes", note: "well done" } });
  work.load(stored);
  assert.deepEqual([work.answers.A, work.notes.A], [{ value: "yes" }, "well done"]);
});

test("N/A of a whole section is taken over by what may be N/A", () => {
  const never = item("N", { na: false });
  const other = new Work(checklist(A, never), () => {});
  other.load({ answers: { s: { na: true } }, evidence: [], note: "", active_seconds: 0 });
  assert.deepEqual(other.answers, { A: { na: true } });
});

test("answers of items that are gone are left out", () => {
  work.load({ answers: { gone: { value: "yes" } }, evidence: [], note: "", active_seconds: 1.6 });
  assert.deepEqual(work.content(), { answers: {}, evidence: [], note: "", active_seconds: 2 });
});

test("the same place is pinned once", () => {
  assert.ok(work.addPin(pinOf("A", { turn_position: 2 })));
  assert.ok(!work.addPin(pinOf("A", { turn_position: 2 })));
  assert.ok(work.addPin(pinOf("A", { turn_position: 2, start_offset: 0, end_offset: 1 })));
  work.removePin(work.pins[0]);
  assert.equal(work.pinsOf("A").length, 1);
});

test("a pin that stays as it is changes nothing", () => {
  work.addPin(pinOf("A", { photo: "p" }));
  work.changePin(work.pins[0], { region_left: null });
  assert.deepEqual(changes, ["A"]);
  work.changePin(work.pins[0], { region_left: 0.5 });
  assert.deepEqual([changes.length, work.pins[0].region_left], [2, 0.5]);
});

test("the last answer, pin or rest of a section is taken back, one by one", () => {
  work.choose(A, "yes");
  work.choose(A, "no");
  work.together("B", () => {
    work.notApplicable(CRITICAL, "cut off");
    work.notApplicable(GRADED);
  });
  work.addPin(pinOf("A", { start_second: 3 }));
  assert.equal(work.undo(), "A");
  assert.deepEqual(work.pins, []);
  assert.equal(work.undo(), "B");
  assert.deepEqual(work.answers, { A: { value: "no" } });
  changes = [];
  assert.equal(work.undo(), "A");
  assert.deepEqual(changes, ["A", "A"]);
  work.undo();
  assert.deepEqual(work.answers, {});
  assert.equal(work.undo(), null);
});

test("what is typed into a field is one step", () => {
  const number = item("N", { kind: "number" });
  const typing = new Work(checklist(number, A), () => {});
  for (const value of [4, 42]) typing.answer("N", { value });
  typing.undo();
  assert.deepEqual(typing.answers, {});
});

test("what the facts rule out is not counted as the inspector's N/A", () => {
  const other = new Work(checklist(A, CRITICAL, GRADED), () => {}, ["A"]);
  other.notApplicable(A, "no tie is worn");
  other.notApplicable(GRADED);
  assert.ok(other.isRuledOut(A));
  assert.deepEqual(other.applying(), { all: 2, applying: 1, byHand: 1 });
  other.choose(A, "yes"); // against the facts: it is the inspector's own
  assert.deepEqual(other.applying(), { all: 3, applying: 2, byHand: 1 });
});
