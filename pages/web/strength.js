"use strict";
const field = document.querySelector("[data-judged]");
const said = document.getElementById("strength");
const bar = said.previousElementSibling;
let waiting = 0;
let asked = new AbortController();

function show(level, text) {
  bar.hidden = !level;
  bar.dataset.level = level;
  if (said.textContent !== text) said.textContent = text;
}

function question() {
  const given = new URLSearchParams({ judge: "1", password: field.value });
  for (const name of ["token", "username", "name"]) {
    const other = field.form.elements.namedItem(name);
    if (other) given.set(name, other.value);
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
  if (field.value) waiting = setTimeout(ask, 300);
  else show(0, "");
});
