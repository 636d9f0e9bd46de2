// Pauses of a clock: what bars them, and what they take off the time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clockKeys } from "../../../pages/ui/inspection/pad/js/conditions.js";
import { pauseFault } from "../../../pages/ui/inspection/pad/js/pauses.js";
import { CLOCK } from "../../support/inspection/items.js";

const [START, STOP] = ["2026-03-10T09:00:00+08:00", "2026-03-10T10:30:00+08:00"];

/**
 * @param {string} from
 * @param {string} to
 * @param {string} reason
 */
function pause(from, to, reason = "copy of the ticket") {
  return { from: `2026-03-10T${from}:00+08:00`, to: `2026-03-10T${to}:00+08:00`, reason };
}

test("90 minutes less a pause of 30 are the hour that is allowed, less 29 they are not", () => {
  const answered = { start: START, stop: STOP };
  const keys = (/** @type {string} */ to) =>
    clockKeys({ clock: CLOCK }, { ...answered, pauses: [pause("09:10", to)] });
  assert.deepEqual([keys("09:40"), keys("09:39")], [["met"], ["late"]]);
  assert.deepEqual(clockKeys({ clock: CLOCK }, answered), ["late"]);
});

test("what pauses are refused for", () => {
  const fault = (/** @type {ReturnType<typeof pause>[]} */ ...pauses) =>
    pauseFault(pauses, START, STOP);
  assert.equal(fault(), "");
  assert.equal(fault(pause("09:50", "10:00"), pause("09:10", "09:50")), "");
  assert.equal(fault(pause("09:10", "09:50"), pause("09:40", "10:00")), "pause_outside");
  assert.equal(fault(pause("08:50", "09:10")), "pause_outside");
  assert.equal(fault(pause("10:20", "10:40")), "pause_outside");
  assert.equal(fault(pause("09:40", "09:10")), "pause_outside");
  assert.equal(fault(pause("08:00", "09:40")), "pause_too_long");
  assert.equal(fault(pause("09:10", "09:40", " … ")), "pause_unfinished");
  assert.equal(fault({ ...pause("09:10", "09:40"), to: "" }), "pause_unfinished");
});
