// Saving: what is kept, sent, sent again, and put together.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { isRetried, retryAfter, Saver } from "../../../pages/ui/inspection/pad/js/saving.js";

/** @import { Content, KeptWork, SaveReport } from "../../../pages/ui/inspection/pad/js/types.js" */

/** @type {{ status: number, data: any }[]} */
let replies;
/** @type {any[]} */
let posted;
/** @type {SaveReport[]} */
let reports;
/** @type {KeptWork | null} */
let kept;
/** @type {Content} */
let entered;
/** @type {Saver} */
let saver;

beforeEach(() => {
  [replies, posted, reports, kept, entered] = [[], [], [], null, content("")];
  saver = new Saver({
    server: { post: async (_path, body) => answer(body) },
    copy: { read: () => kept, write: (copy) => (kept = copy), drop: () => (kept = null) },
    work: { content: () => entered, load: (stored) => (entered = stored) },
    stored: { version: 1, ...content("") },
    report: (kind) => reports.push(kind),
  });
});

afterEach(() => {
  saver.close();
  mock.restoreAll();
});

/** Time that passes only when it is told to. */
function stoppedClock() {
  let now = 0;
  /** @type {{ act: () => void, at: number }[]} */
  let due = [];
  mock.method(Date, "now", () => now);
  mock.method(
    globalThis,
    "setTimeout",
    (/** @type {() => void} */ act, /** @type {number} */ wait) => {
      due.push({ act, at: now + wait });
      return due.at(-1);
    },
  );
  mock.method(globalThis, "clearTimeout", (/** @type {object} */ timer) => {
    due = due.filter((one) => one !== timer);
  });
  return (/** @type {number} */ milliseconds) => {
    now += milliseconds;
    const [ready, waiting] = [due.filter(({ at }) => at <= now), due.filter(({ at }) => at > now)];
    due = waiting;
    for (const { act } of ready) act();
  };
}

/** @param {any} body */
function answer(body) {
  posted.push(body);
  return replies.shift() ?? { status: 200, data: { version: body.version + 1 } };
}

/**
 * @param {string} note
 * @returns {Content}
 */
function content(note) {
  return { answers: {}, evidence: [], note, active_seconds: 0 };
}

/** @param {string} note */
function enter(note) {
  entered = content(note);
  saver.changed();
}

test("a change is kept at once, and forgotten when the server has it", async () => {
  enter("a");
  const base = { version: 1, ...content("") };
  assert.deepEqual(kept, { version: 1, dirty: true, pending: null, base, content: content("a") });
  await saver.flush();
  assert.deepEqual(posted, [{ version: 1, ...content("a") }]);
  assert.equal(kept, null);
  assert.deepEqual(reports, ["changed", "saving", "saved"]);
});

test("without a change nothing is sent", async () => {
  await saver.flush();
  assert.deepEqual([posted, reports], [[], []]);
});

test("changes close together go in one request, 700 ms after the last", () => {
  const pass = stoppedClock();
  enter("a");
  pass(600);
  enter("b");
  pass(699);
  assert.deepEqual(posted, []);
  pass(1);
  assert.deepEqual(posted, [{ version: 1, ...content("b") }]);
});

test("who goes on typing is saved after 1500 ms all the same", () => {
  const pass = stoppedClock();
  for (const note of ["0", "400", "800", "1200"]) {
    assert.deepEqual(posted, []);
    enter(note);
    pass(400);
  }
  assert.deepEqual(posted, [{ version: 1, ...content("1200") }]);
});

test("a lost answer is asked for again with the same words; what is newer follows", async () => {
  replies.push({ status: 0, data: {} });
  enter("a");
  await saver.flush();
  enter("b");
  assert.deepEqual(kept?.pending, { version: 1, ...content("a") });
  await saver.flush();
  await saver.flush();
  assert.deepEqual(
    posted.map(({ version, note }) => [version, note]),
    [
      [1, "a"],
      [1, "a"],
      [2, "b"],
    ],
  );
  assert.equal(saver.version, 3);
});

test("two flushes at once send one request", async () => {
  enter("a");
  await Promise.all([saver.flush(), saver.flush()]);
  assert.equal(posted.length, 1);
});

test("what is entered while a request is on its way is marked as changed", async () => {
  enter("a");
  const sending = saver.flush();
  enter("b");
  await sending;
  assert.deepEqual(reports, ["changed", "saving", "changed", "saved", "changed"]);
  assert.equal(saver.dirty, true);
});

test("a conflict stops saving until it is settled on the other version", async () => {
  replies.push({ status: 409, data: {} });
  enter("a");
  await saver.flush();
  await saver.flush();
  assert.equal(posted.length, 1);
  assert.deepEqual(reports.slice(-1), ["conflict"]);
  saver.settle({ version: 7, ...content("theirs") }, true);
  assert.equal(saver.base.note, "theirs");
  await saver.flush();
  assert.deepEqual(posted[1], { version: 7, ...content("a") });
});

test("what is refused goes again only with the next change", async () => {
  replies.push({ status: 422, data: { error: "no" } });
  enter("a");
  await saver.flush();
  assert.deepEqual([reports.at(-1), saver.pending, saver.dirty], ["refused", null, true]);
  enter("b");
  await saver.flush();
  assert.equal(posted[1].note, "b");
});

test("signed out: the words stay and are sent when asked again", async () => {
  replies.push({ status: 401, data: {} });
  enter("a");
  await saver.flush();
  assert.equal(reports.at(-1), "signed_out");
  assert.notEqual(kept, null);
  await saver.flush();
  assert.equal(posted[1].note, "a");
});

test("after a reload what was kept is taken up", () => {
  kept = { version: 1, dirty: true, pending: null, content: content("kept") };
  assert.equal(saver.restore(), true);
  assert.deepEqual([entered.note, saver.dirty], ["kept", true]);
});

test("what was kept on another version is to be merged with that", () => {
  const base = content("before");
  kept = { version: 0, dirty: true, pending: null, base, content: content("kept") };
  assert.equal(saver.restore(), false);
  assert.deepEqual([entered.note, saver.base.note], ["kept", "before"]);
});

test("a request whose answer was lost with the page is taken up on any version", () => {
  const pending = { version: 0, ...content("sent") };
  kept = { version: 0, dirty: false, pending, content: content("sent") };
  assert.equal(saver.restore(), true);
  assert.equal(saver.pending, pending);
});

test("retries wait longer each time, at most 15 seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 9].map(retryAfter), [1000, 2000, 4000, 8000, 15000, 15000]);
});

test("only what may go better is tried again", () => {
  assert.deepEqual([0, 429, 500, 503].map(isRetried), [true, true, true, true]);
  assert.deepEqual([200, 401, 403, 409, 422].some(isRetried), false);
});
