// Where pins point: words, seconds, parts of a photo; and how they read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { descriptionOf } from "../../../pages/ui/inspection/pad/js/actions.js";
import { ago } from "../../../pages/ui/inspection/pad/js/bar.js";
import { keysOf } from "../../../pages/ui/inspection/pad/js/item_details.js";
import { markedByKey } from "../../../pages/ui/inspection/pad/js/marked_words.js";
import { placeInSound, speedAfter, turnAt } from "../../../pages/ui/inspection/pad/js/player.js";
import {
  fitted,
  regionBetween,
  regionMoved,
  regionOf,
  WHOLE,
} from "../../../pages/ui/inspection/pad/js/regions.js";
import { pinOf } from "../../../pages/ui/inspection/pad/js/work.js";
import { item } from "../../support/inspection/items.js";

/** @import { Encounter, Region } from "../../../pages/ui/inspection/pad/js/types.js" */

const TEXTS = {
  turn: "turn {number}",
  photo: "Photo",
  moment_system: "{time}, recorded",
  moment_manual: "{time}, by hand",
};
/** @type {Pick<Encounter, "turns" | "events" | "zone">} */
const ENCOUNTER = {
  zone: "Asia/Taipei",
  turns: [
    { position: 1, speaker: "agent", speaker_name: "Agent", text: "😀 您好，請問", start: 0 },
  ],
  events: [{ key: "call", name: "Call", at: "", shown: "", kind: "system" }],
};

/**
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @returns {Region}
 */
function region(left, top, width, height) {
  return { region_left: left, region_top: top, region_width: width, region_height: height };
}

/** @param {Parameters<typeof pinOf>[1]} where */
function described(where) {
  return descriptionOf(pinOf("A", where), ENCOUNTER, TEXTS);
}

test("pinned words are counted in characters", () => {
  assert.equal(described({ turn_position: 1, start_offset: 2, end_offset: 4 }), "turn 1 · 您好");
});

test("a pin says its seconds and its note", () => {
  assert.equal(described({ start_second: 61.5, end_second: 65, note: "late" }), "1:01–1:05 · late");
});

test("a recorded time is named by its event, in the station's time", () => {
  const at = { moment: "2026-03-10T01:00:00+00:00", note: "call" };
  assert.equal(described({ ...at, moment_kind: "system" }), "2026-03-10 09:00:00, recorded · Call");
  assert.equal(described({ ...at, moment_kind: "manual" }), "2026-03-10 09:00:00, by hand · call");
});

test("marking by key begins with the first word, moves, and grows to the end", () => {
  const text = "😀 good morning, dear";
  const step = (/** @type {any} */ before, by = 0, grow = false) => {
    const mark = markedByKey(text, before, { by, grow });
    assert.ok(mark);
    return mark;
  };
  const words = (/** @type {{ from: number, to: number }} */ { from, to }) =>
    Array.from(text).slice(from, to).join("");
  const first = step(null);
  assert.equal(words(first), "good");
  const second = step(first, 1);
  assert.equal(words(second), "morning");
  assert.equal(words(step(second, 1, true)), "morning, dear");
  assert.equal(words(step(second, 9, true)), "morning, dear");
  assert.equal(words(step(second, -9)), "good");
});

test("a text without words has none to mark", () => {
  assert.equal(markedByKey("… 😀", null, { by: 0, grow: false }), null);
});

test("a stretch ends where it is pinned, to a tenth of a second", () => {
  const sound = { from: 1.04, now: 3.26, paused: false };
  assert.deepEqual(placeInSound(sound), { start_second: 1, end_second: 3.3 });
  assert.deepEqual(placeInSound({ ...sound, now: 1.04 }), { start_second: 1 });
});

test("without sound playing a pin points to where its turn begins", () => {
  const silent = { from: null, now: 0, paused: true };
  assert.deepEqual(placeInSound(silent, { start: 12 }), { start_second: 12 });
  assert.deepEqual(placeInSound(silent, { start: null }), {});
  assert.deepEqual(placeInSound(silent), { start_second: 0 });
});

test("the transcript follows the sound", () => {
  const turns = [
    { position: 1, start: 0 },
    { position: 2, start: null },
    { position: 3, start: 5 },
  ];
  assert.deepEqual(
    [0, 4.9, 5, 60].map((second) => turnAt(turns, second)),
    [1, 1, 3, 3],
  );
  assert.equal(turnAt([], 1), null);
});

test("by key the speed stops at its ends, by mouse it goes around", () => {
  assert.equal(speedAfter(2, 1, false), 2);
  assert.equal(speedAfter(2, 1, true), 0.75);
  assert.equal(speedAfter(1, -1, false), 0.75);
});

test("a region stays inside the photo and large enough to be seen", () => {
  assert.deepEqual(fitted(region(0.9, -1, 0.5, 0)), region(0.5, 0, 0.5, 0.03));
});

test("a region is drawn from any corner; a trembling finger draws none", () => {
  const drawn = regionBetween({ x: 0.6, y: 0.7 }, { x: 0.2, y: 0.4 });
  assert.deepEqual(drawn, region(0.2, 0.4, 0.4, 0.3));
  assert.equal(regionBetween({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.49 }), null);
});

test("arrows move a region, with Shift they change its size", () => {
  assert.deepEqual(
    regionMoved(region(0.3, 0.3, 0.4, 0.4), [1, 0], false),
    region(0.32, 0.3, 0.4, 0.4),
  );
  assert.deepEqual(
    regionMoved(region(0.3, 0.3, 0.4, 0.4), [0, -1], true),
    region(0.3, 0.3, 0.4, 0.38),
  );
  assert.deepEqual(regionMoved(region(0.6, 0, 0.4, 0.4), [1, 0], false), region(0.6, 0, 0.4, 0.4));
});

test("a pin of the whole photo has no region", () => {
  assert.equal(regionOf(pinOf("A", { photo: "p" })), null);
  assert.equal(regionOf(WHOLE), null);
  assert.deepEqual(regionOf(pinOf("A", region(0, 0, 1, 0.5))), region(0, 0, 1, 0.5));
});

test("how long ago something was saved", () => {
  const texts = { seconds: "{count} s", minutes: "{count} min" };
  assert.equal(ago(400, texts), "0 s");
  assert.equal(ago(59_400, texts), "59 s");
  assert.equal(ago(59_600, texts), "1 min");
  assert.equal(ago(179_000, texts), "2 min");
});

test("help names the letters of an item", () => {
  const options = [{ key: "yes", text: "Met", points: 1, effect: null }];
  assert.equal(keysOf(item("A", { options }), { na: "N/A" }), "y Met · n no · / N/A");
  assert.equal(keysOf(item("A", { yes: null, no: null, na: false }), { na: "N/A" }), "");
});
