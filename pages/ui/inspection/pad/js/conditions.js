// Which items are asked, from the answers given so far. The same rules stand in core.checklist;
// tests/data/visibility_cases.json holds both to the same results.

const COMPARE = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

function visibleItems(sections, answers) {
  const facts = new Map();
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

function holds(condition, facts) {
  if (condition.all) return condition.all.every((part) => holds(part, facts));
  if (condition.any) return condition.any.some((part) => holds(part, facts));
  if (condition.not) return !holds(condition.not, facts);
  const fact = facts.get(condition.item);
  if (!fact) return false;
  if (condition.compare) {
    const { op, value } = condition.compare;
    return fact.number !== null && COMPARE[op](fact.number, value);
  }
  return matches(condition, fact.keys);
}

function matches(condition, keys) {
  if (condition.equals)
    return (
      keys.length === condition.equals.length && keys.every((key) => condition.equals.includes(key))
    );
  if (condition.all_of) return condition.all_of.every((key) => keys.includes(key));
  const hit = keys.some((key) => (condition.in ?? condition.not_in).includes(key));
  return keys.length > 0 && hit === Boolean(condition.in);
}

function factOf(item, answer) {
  if (item.kind === "number") return { keys: [], number: answer.value };
  if (item.kind === "text" || item.kind === "date") return { keys: [], number: null };
  if (item.kind === "clock") return { keys: clockKeys(item, answer), number: null };
  const keys = answer.values ? answer.values.map(String) : [String(answer.value)];
  return { keys, number: levelOf(item, answer.value) };
}

// The number of a graded item's option; null for an answer that is no level, and for other items.
function levelOf(item, option) {
  return item.kind === "graded" && Number.isFinite(Number(option)) ? Number(option) : null;
}

function clockKeys(item, answer) {
  if (answer.value !== undefined) return [String(answer.value)];
  if (item.clock.limit === null) return [];
  const seconds = (Date.parse(answer.stop) - Date.parse(answer.start)) / 1000;
  return [seconds - (answer.paused_seconds ?? 0) <= item.clock.limit * 60 ? "met" : "late"];
}
