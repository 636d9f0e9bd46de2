// The time that is left of an exam.

import assert from "node:assert/strict";
import test from "node:test";

import { clock, passed } from "../../../pages/ui/training/countdown.js";

test("time is told in minutes and seconds, with hours where there are any", () => {
  assert.equal(clock(59.2), "01:00");
  assert.equal(clock(125), "02:05");
  assert.equal(clock(3600), "1:00:00");
  assert.equal(clock(3725.5), "1:02:06");
});

test("what is over is nought", () => {
  assert.equal(clock(0), "00:00");
  assert.equal(clock(-3), "00:00");
});

test("ten, five and one minute are spoken once, as they pass", () => {
  assert.equal(passed(600.2, 599.9), 10);
  assert.equal(passed(599.9, 599.7), null);
  assert.equal(passed(301, 300), 5);
  assert.equal(passed(60.1, 59.9), 1);
});
