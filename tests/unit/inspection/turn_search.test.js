// Words looked for in a transcript.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeAfter, turnsWith } from "../../../pages/ui/inspection/pad/js/turn_search.js";

const TURNS = ["Your ticket", "ＴＩＣＫＥＴ, please", "退票", "none"].map((text, at) => ({
  position: at + 1,
  text,
}));

test("words are found whatever their case and width, in any language", () => {
  assert.deepEqual(turnsWith(TURNS, " ticket "), [1, 2]);
  assert.deepEqual(turnsWith(TURNS, "退"), [3]);
  assert.deepEqual(turnsWith(TURNS, "  "), []);
});

test("one goes from turn to turn, round and round", () => {
  assert.equal(placeAfter([2, 5, 9], 5, 0), 1);
  assert.equal(placeAfter([2, 5, 9], 5, 1), 2);
  assert.equal(placeAfter([2, 5, 9], 9, 1), 0);
  assert.equal(placeAfter([2, 5, 9], 2, -1), 2);
  assert.equal(placeAfter([2, 5, 9], 6, -1), 1);
});
