// Two versions of a draft that grew from one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differenceOf } from "../../../pages/ui/inspection/pad/js/conflict.js";
import { isSame, merge } from "../../../pages/ui/inspection/pad/js/merging.js";
import { pinOf, Work } from "../../../pages/ui/inspection/pad/js/work.js";
import { checklist, item } from "../../support/inspection/items.js";

/** @import { Entered } from "../../../pages/ui/inspection/pad/js/merging.js" */

const YES = { value: "yes" };
const NO = { value: "no" };

/**
 * @param {Partial<Entered>} some
 * @returns {Entered}
 */
function entered(some = {}) {
  return { answers: {}, notes: {}, pins: [], note: "", ...some };
}

test("what only one of them changed is taken from it", () => {
  const base = entered({ answers: { A: YES, B: YES }, notes: { A: "old" }, note: "whole" });
  const mine = entered({ answers: { A: NO, B: YES }, notes: { A: "old" }, note: "mine" });
  const theirs = entered({ answers: { A: YES, C: NO }, notes: { A: "new" }, note: "whole" });
  const { merged, collisions } = merge({ base, mine, theirs }, "mine");
  assert.deepEqual(collisions, []);
  assert.deepEqual(merged, {
    answers: { A: NO, C: NO }, // B was cleared there
    notes: { A: "new" },
    pins: [],
    note: "mine",
  });
});

test("the same change twice is one, in whatever order its fields stand", () => {
  const mine = entered({ answers: { A: { na: true, reason: "why" } } });
  const theirs = entered({ answers: { A: { reason: "why", na: true } } });
  assert.deepEqual(merge({ base: entered(), mine, theirs }, "mine").collisions, []);
  assert.ok(isSame(mine, theirs));
  assert.ok(!isSame(mine, entered()));
});

test("what both changed in different ways collides, and one of them wins", () => {
  const base = entered();
  const mine = entered({ answers: { A: YES, B: NO }, notes: { A: "a" }, note: "here" });
  const theirs = entered({ answers: { A: NO }, notes: { A: "b" }, note: "there" });
  const { merged, collisions } = merge({ base, mine, theirs }, "theirs");
  assert.deepEqual(collisions, [
    { what: "answers", key: "A" },
    { what: "notes", key: "A" },
    { what: "note" },
  ]);
  assert.deepEqual(merged, entered({ answers: { A: NO, B: NO }, notes: { A: "b" }, note: "there" }));
});

test("pins of both are kept; one that either took away is gone", () => {
  const [one, two, three] = ["1", "2", "3"].map((note) => pinOf("A", { note }));
  const base = entered({ pins: [one, two] });
  const mine = entered({ pins: [one, two, three] });
  const theirs = entered({ pins: [two] });
  assert.deepEqual(merge({ base, mine, theirs }, "mine").merged.pins, [two, three]);
});

test("a collision reads in the words of the options", () => {
  const options = [{ key: "yes", text: "Met", points: 1, effect: null }];
  const work = new Work(checklist(item("A", { options }), item("B")), () => {});
  const texts = {
    na: "N/A",
    difference: "{item}: {mine} / {stored}",
    note_named: "{item}, note",
    form_note: "Note",
  };
  const mine = entered({ answers: { A: YES, B: { na: true } }, notes: { A: "here" }, note: "" });
  const theirs = entered({ answers: { A: { values: ["x", "y"] } }, notes: { A: "there" }, note: "n" });
  const said = (/** @type {Parameters<typeof differenceOf>[0]} */ collision) =>
    differenceOf(collision, work, { mine, theirs }, texts);
  assert.equal(said({ what: "answers", key: "A" }), "A: Met / x, y");
  assert.equal(said({ what: "answers", key: "B" }), "B: N/A / —");
  assert.equal(said({ what: "notes", key: "A" }), "A, note: “here” / “there”");
  assert.equal(said({ what: "note" }), "Note: “” / “n”");
});
