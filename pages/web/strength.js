// Says how strong a password is while it is chosen.

const PAUSE = 300; // ms without another key
const field = /** @type {HTMLInputElement} */ (document.querySelector("[data-judged]"));
const said = /** @type {HTMLElement} */ (document.getElementById("strength"));
const bar = /** @type {HTMLElement} */ (said.previousElementSibling);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
let asked = new AbortController();

/**
 * @param {number} level
 * @param {string} text
 */
function show(level, text) {
  bar.hidden = !level;
  bar.dataset.level = String(level);
  if (said.textContent !== text) said.textContent = text;
}

function question() {
  const given = new URLSearchParams({ judge: "1", password: field.value });
  for (const name of ["token", "username", "name"]) {
    const other = field.form?.elements.namedItem(name);
    if (other instanceof HTMLInputElement) given.set(name, other.value);
  }
  return given;
}

async function ask() {
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(location.href, { method: "POST", body: question(), signal });
    const verdict = answer.ok ? await answer.json() : { level: 0, text: "" };
    if (!signal.aborted) show(verdict.level, verdict.text);
  } catch {
    if (!signal.aborted) show(0, "");
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  asked.abort();
  if (field.value) waiting = setTimeout(ask, PAUSE);
  else show(0, "");
});

export {};
