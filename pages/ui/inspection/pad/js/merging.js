// Two versions of a draft that grew from one: what only one of them changed is taken from it, what
// both changed in different ways collides.

/** @import { Answer, Pin } from "./types.js" */
/**
 * @typedef {object} Entered what Work holds of a draft
 * @property {Record<string, Answer>} answers
 * @property {Record<string, string>} notes
 * @property {Pin[]} pins
 * @property {string} note on the whole
 *
 * @typedef {{ what: "answers" | "notes", key: string } | { what: "note" }} Collision
 *
 * @typedef {{ base: Entered, mine: Entered, theirs: Entered }} Versions
 */

/**
 * @param {Versions} versions
 * @param {"mine" | "theirs"} winner where both changed the same
 * @returns {{ merged: Entered, collisions: Collision[] }}
 */
export function merge({ base, mine, theirs }, winner) {
  /** @type {Collision[]} */
  const collisions = [];
  const inAll = (/** @type {"answers" | "notes"} */ what) => {
    const keys = new Set([base, mine, theirs].flatMap((one) => Object.keys(one[what])));
    const pairs = [...keys].map((key) => {
      const values = { base: base[what][key], mine: mine[what][key], theirs: theirs[what][key] };
      if (collide(values)) collisions.push({ what, key });
      return [key, chosen(values, winner)];
    });
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== ""));
  };
  const whole = { base: base.note, mine: mine.note, theirs: theirs.note };
  const merged = {
    answers: inAll("answers"),
    notes: inAll("notes"),
    pins: pinsOf(base.pins, mine.pins, theirs.pins),
    note: chosen(whole, winner),
  };
  if (collide(whole)) collisions.push({ what: "note" });
  return { merged, collisions };
}

/**
 * @param {Entered} one
 * @param {Entered} other
 */
export function isSame(one, other) {
  const written = (/** @type {Entered} */ { answers, notes, pins, note }) => [
    sorted(answers),
    sorted(Object.fromEntries(Object.entries(notes).filter(([, text]) => text))),
    pins.map(asText).sort(),
    note,
  ];
  return asText(written(one)) === asText(written(other));
}

/**
 * A pin is there or not: those that either added, without those that either took away.
 *
 * @param {Pin[]} base
 * @param {Pin[]} mine
 * @param {Pin[]} theirs
 */
function pinsOf(base, mine, theirs) {
  const before = new Set(base.map(asText));
  const [here, there] = [mine, theirs].map((pins) => new Set(pins.map(asText)));
  const all = new Map([...theirs, ...mine].map((pin) => [asText(pin), pin]));
  return [...all]
    .filter(([text]) => !before.has(text) || (here.has(text) && there.has(text)))
    .map(([, pin]) => pin);
}

/**
 * @template Value
 * @param {{ base: Value, mine: Value, theirs: Value }} values
 */
function collide({ base, mine, theirs }) {
  const [before, here, there] = [base, mine, theirs].map(asText);
  return here !== there && here !== before && there !== before;
}

/**
 * @template Value
 * @param {{ base: Value, mine: Value, theirs: Value }} values
 * @param {"mine" | "theirs"} winner
 */
function chosen(values, winner) {
  if (collide(values)) return values[winner];
  return asText(values.mine) === asText(values.base) ? values.theirs : values.mine;
}

/** @param {unknown} value whatever the order of its keys */
function asText(value) {
  const ordered = (/** @type {unknown} */ inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner) ? sorted(inner) : inner;
  return JSON.stringify(value ?? "", (_key, inner) => ordered(inner));
}

/** @param {object} record */
function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
