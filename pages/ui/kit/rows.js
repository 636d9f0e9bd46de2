// Tables of which a click opens a row. Streamlit marks the first cell when the keyboard comes to a
// table, which would open its row: the keyboard passes them by, and takes the list beside them.

import { untilReplaced } from "./mounting.js";

const TABLES = '[class*="st-key-opens_"] [data-testid="stDataFrame"] canvas[tabindex="0"]';

/** @param {AbortSignal} signal */
function watch(signal) {
  const passBy = () => {
    for (const canvas of document.querySelectorAll(TABLES)) canvas.setAttribute("tabindex", "-1");
  };
  const changes = new MutationObserver(passBy);
  changes.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["tabindex"],
  });
  signal.addEventListener("abort", () => changes.disconnect());
  passBy();
}

watch(untilReplaced("rows"));
