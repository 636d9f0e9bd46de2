// Texts and times of all components.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  breadth,
  charactersBefore,
  counted,
  fill,
  filled,
  storable,
  stretches,
  variables,
  wordsOf,
} from "../../../pages/ui/kit/texts.js";
import { clockTime, localTime, momentOf, zoneOffset } from "../../../pages/ui/kit/times.js";
import { fieldName, joined, typedSince } from "../../../pages/ui/kit/typed_words.js";
import { CLOCK_CASES } from "../../support/clock_cases.js";

test("places are filled, unknown ones stay, and what is filled in is left alone", () => {
  assert.equal(fill("{a} of {b}, {c}", { a: 0, b: "{a}" }), "0 of {a}, {c}");
});

test("one is not many, and neither is none", () => {
  const texts = /** @type {[string, string]} */ (["{count} pin", "{count} pins"]);
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(texts, count)),
    ["0 pins", "1 pin", "2 pins"],
  );
});

test("what no database can hold is left out", () => {
  assert.equal(storable("a\u0000b"), "ab");
  if ("toWellFormed" in String.prototype) assert.equal(storable("a\ud83d"), "a\ufffd");
});

test("offsets count characters, not the browser's units", () => {
  assert.equal(charactersBefore("😀ab", 3), 2);
});

test("a Chinese character takes the room of two letters", () => {
  assert.equal(breadth("ab客訴"), 6);
});

test("a text falls into stretches of one style", () => {
  const marked = stretches("a😀bc", (at) => (at === 1 || at === 2 ? "hit" : ""));
  assert.deepEqual(marked, [
    { style: "", text: "a" },
    { style: "hit", text: "😀b" },
    { style: "", text: "c" },
  ]);
  assert.deepEqual(
    stretches("", () => "x"),
    [],
  );
});

test("words stand where they stand, signs between them are none", () => {
  assert.deepEqual(wordsOf("😀 yes, sir"), [
    { from: 2, to: 5 },
    { from: 7, to: 10 },
  ]);
});

test("seconds read as a clock, hours only where there are any", () => {
  assert.deepEqual([0, 59.9, 65, 3600, 3661, -3].map(clockTime), [
    "0:00",
    "0:59",
    "1:05",
    "1:00:00",
    "1:01:01",
    "0:00",
  ]);
});

test("a station's offset is the one of that day", () => {
  assert.equal(zoneOffset("2026-03-10T09:00:00", "Asia/Taipei"), "+08:00");
  assert.equal(zoneOffset("2026-01-10T09:00:00", "Europe/London"), "+00:00");
  assert.equal(zoneOffset("2026-07-10T09:00:00", "Europe/London"), "+01:00");
  // The clocks went forward at 2:00 on 8 March: an hour before and an hour after.
  assert.equal(zoneOffset("2026-03-08T01:30:00", "America/New_York"), "-05:00");
  assert.equal(zoneOffset("2026-03-08T03:30:00", "America/New_York"), "-04:00");
});

for (const { shown, zone, moment } of CLOCK_CASES.wall_times)
  test(`a wall clock means what core takes it for: ${shown} ${zone}`, () => {
    assert.equal(Date.parse(momentOf(shown, zone)), Date.parse(moment));
  });

test("a field without seconds means the full minute", () => {
  assert.equal(momentOf("2026-03-10T09:00", "Asia/Taipei"), "2026-03-10T09:00:00+08:00");
  assert.equal(momentOf("2026-03-10T09:00:07", "Asia/Taipei"), "2026-03-10T09:00:07+08:00");
});

test("a moment is shown at the station's clock", () => {
  assert.equal(localTime("2026-03-10T20:00:00+00:00", "Asia/Taipei"), "2026-03-11T04:00:00");
});

test("a field is known by its key, whichever opening of its form it stands in", () => {
  assert.equal(fieldName("stText st-key-typed_note-7__1f other"), "note-7");
  assert.equal(fieldName("st-key-typed_course-title"), "course-title");
  assert.equal(fieldName("st-key-other"), "");
});

test("typed words come back, below what is newer", () => {
  const kept = { base: "old", text: "old and more" };
  assert.equal(joined("old", kept, true), "old and more");
  assert.equal(joined("old and", kept, true), "old and more");
  assert.equal(joined("new", kept, true), "new\n\nold and more");
  assert.equal(joined("new", kept, false), "new");
});

test("what was typed since it was sent stays, over what was sent", () => {
  const kept = { base: "", text: "sent and more" };
  assert.equal(typedSince({ base: "", text: "sent" }, "sent"), null);
  assert.deepEqual(typedSince(kept, "sent"), { base: "sent", text: "sent and more" });
  assert.deepEqual(typedSince(kept, undefined), kept);
});

test("a text with a variable part is translated around it", () => {
  const chinese = variables(
    new Map([
      ["Remove {name}", "移除 {name}"],
      ["{size} per file", "每個檔案 {size}"],
      ["Data (all): {name}", "資料（全部）：{name}"],
      ["Close", "關閉"],
    ]),
  );
  assert.equal(filled(chinese, "Remove 台北 $& {name}"), "移除 台北 $& {name}");
  assert.equal(filled(chinese, "20MB per file"), "每個檔案 20MB");
  assert.equal(filled(chinese, "Data (all): Remove it"), "資料（全部）：Remove it");
  for (const other of ["Remove", "Removed it", "Close", "Data all: x"])
    assert.equal(filled(chinese, other), other);
});
