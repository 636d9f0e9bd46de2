// Which items are asked, from the answers given so far. The same rules stand in core.checklist;
// tests/data/visibility_cases.json holds both to the same results.

/**
 * @import { Answer, Answers, AskedItem, AskedSection, Comparison, Condition } from "./types.js"
 */

/** @typedef {{ keys: string[], number: number | null }} Fact */

/** @type {Record<Comparison, (a: number, b: number) => boolean>} */
const COMPARE = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/**
 * The keys of the items that are asked.
 *
 * @param {AskedSection[]} sections
 * @param {Answers} answers
 */
export function visibleItems(sections, answers) {
  /** @type {Map<string, Fact>} */
  const facts = new Map();
  /** @type {Set<string>} */
  const visible = new Set();
  for (const section of sections) {
    const shown = !section.when || holds(section.when, facts);
    for (const item of section.items) {
      if (!shown || (item.when && !holds(item.when, facts))) continue;
      visible.add(item.key);
      const answer = answers[item.key];
      if (answer && !answer.na) facts.set(item.key, factOf(item, answer));
    }
  }
  return visible;
}

/**
 * @param {Condition} condition
 * @param {Map<string, Fact>} facts
 * @returns {boolean}
 */
function holds(condition, facts) {
  if (condition.all) return condition.all.every((part) => holds(part, facts));
  if (condition.any) return condition.any.some((part) => holds(part, facts));
  if (condition.not) return !holds(condition.not, facts);
  const fact = facts.get(condition.item ?? "");
  if (!fact) return false;
  if (condition.compare) {
    const { op, value } = condition.compare;
    return fact.number !== null && COMPARE[op](fact.number, value);
  }
  return matches(condition, fact.keys);
}

/**
 * @param {Condition} condition
 * @param {string[]} keys
 */
function matches({ equals, all_of, in: among, not_in }, keys) {
  if (equals) return keys.length === equals.length && keys.every((key) => equals.includes(key));
  if (all_of) return all_of.every((key) => keys.includes(key));
  const hit = keys.some((key) => (among ?? not_in ?? []).includes(key));
  return keys.length > 0 && hit === Boolean(among);
}

/**
 * What an answer says to the items behind it.
 *
 * @param {AskedItem} item
 * @param {Answer} answer
 * @returns {Fact}
 */
function factOf(item, answer) {
  if (item.kind === "number") return { keys: [], number: Number(answer.value) };
  if (item.kind === "text" || item.kind === "date") return { keys: [], number: null };
  if (item.kind === "clock") return { keys: clockKeys(item, answer), number: null };
  const keys = (answer.values ?? [answer.value]).map(String);
  return { keys, number: levelOf(item, answer.value) };
}

/**
 * The number of a graded item's option; null for an answer that is no level, and for other items.
 *
 * @param {{ kind: string }} item
 * @param {string | number | undefined} option
 */
export function levelOf(item, option) {
  return item.kind === "graded" && Number.isFinite(Number(option)) ? Number(option) : null;
}

/**
 * Whether a clock was met or late; empty where it has no limit. core/clock has the last word when the
 * form is submitted; tests/data/clock_cases.json holds both to the same results.
 *
 * @param {{ clock: { limit: number | null } | null }} item
 * @param {Answer} answer
 */
export function clockKeys(item, answer) {
  if (answer.value !== undefined) return [String(answer.value)];
  const limit = item.clock?.limit ?? null;
  if (limit === null) return [];
  const seconds = secondsBetween(answer.start, answer.stop);
  const paused = (answer.pauses ?? []).map((pause) => secondsBetween(pause.from, pause.to));
  const waiting = paused.reduce((sum, span) => sum + span, answer.paused_seconds ?? 0);
  return [seconds - waiting <= limit * 60 ? "met" : "late"];
}

/**
 * @param {string | undefined} from
 * @param {string | undefined} to
 */
function secondsBetween(from, to) {
  return (Date.parse(to ?? "") - Date.parse(from ?? "")) / 1000;
}
