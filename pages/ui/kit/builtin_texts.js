// Streamlit's own texts in the page's language; see builtin_texts.py.

/** @import { Variable } from "./texts.js" */

import { untilReplaced } from "./mounting.js";
import { filled, variables } from "./texts.js";

const ELEMENT = "script[data-dictionary]";
const OURS = '[data-testid="stMarkdown"], [data-testid="stText"], [data-testid="stCode"]';
const UPLOADS = '[data-testid="stFileUploader"]';
const LABELS = ["aria-label", "title", "placeholder"];

class BuiltinTexts {
  constructor() {
    /** The English of what is shown.
     * @type {Map<string, string>} */
    this.back = new Map();
    /** What is shown for the English.
     * @type {Map<string, string>} */
    this.forth = new Map();
    /** The same of texts with a variable part.
     * @type {Variable[]} */
    this.variablesBack = [];
    /** @type {Variable[]} */
    this.variablesForth = [];
    this.source = "";
  }

  /** @param {AbortSignal} signal */
  begin(signal) {
    const changes = new MutationObserver((records) => records.forEach((one) => this.changed(one)));
    changes.observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: LABELS,
    });
    signal.addEventListener("abort", () => changes.disconnect());
    this.look();
  }

  /** @param {MutationRecord} change */
  changed({ type, target, addedNodes }) {
    if (type === "attributes") this.changeLabels(/** @type {Element} */ (target));
    else if (type === "characterData") this.visit(target);
    else addedNodes.forEach((node) => this.visit(node));
    if (type === "childList") this.look();
  }

  /** Take up the language that the page asks for. */
  async look() {
    /** @type {HTMLElement | null} */
    const element = document.querySelector(ELEMENT);
    const { language = "", dictionary: source = "" } = element?.dataset ?? {};
    if (!source || source === this.source) return;
    this.source = source;
    document.documentElement.lang = language;
    const dictionary = await fetched(source);
    if (source === this.source) this.exchange(new Map(Object.entries(dictionary)));
  }

  /** @param {Map<string, string>} forth */
  exchange(forth) {
    this.back = inverse(this.forth);
    this.variablesBack = variables(this.back);
    this.forth = forth;
    this.variablesForth = variables(forth);
    this.visit(document.body);
    this.back = inverse(forth);
    this.variablesBack = variables(this.back);
  }

  /** @param {Node} root */
  visit(root) {
    if (root instanceof Text) {
      const within = root.parentElement;
      const wanted = within?.closest(OURS)
        ? null
        : this.wanted(root.data, { varies: Boolean(within?.closest(UPLOADS)) });
      if (wanted !== null) root.data = wanted;
    } else if (root instanceof Element && !root.matches("script, style")) {
      this.changeLabels(root);
      root.childNodes.forEach((child) => this.visit(child));
    }
  }

  /** @param {Element} element */
  changeLabels(element) {
    for (const name of LABELS) {
      const wanted = this.wanted(element.getAttribute(name) ?? "", { varies: true });
      if (wanted !== null) element.setAttribute(name, wanted);
    }
  }

  /**
   * What a text is to read; null where it is right.
   *
   * @param {string} text
   * @param {object} options
   * @param {boolean} options.varies whether a part of it may be anything: labels, of texts only
   *   what Streamlit alone writes, as others' words may begin like its own
   */
  wanted(text, { varies }) {
    const trimmed = text.trim();
    const [back, forth] = varies ? [this.variablesBack, this.variablesForth] : [[], []];
    const english = this.back.get(trimmed) ?? filled(back, trimmed);
    const wanted = this.forth.get(english) ?? filled(forth, english);
    return wanted === trimmed ? null : text.replace(trimmed, wanted);
  }
}

/**
 * Without a dictionary the texts stay as they are.
 *
 * @param {string} source
 * @returns {Promise<Record<string, string>>}
 */
async function fetched(source) {
  try {
    const answer = await fetch(source);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

/** @param {Map<string, string>} dictionary */
function inverse(dictionary) {
  return new Map([...dictionary].map(([english, text]) => [text, english]));
}

new BuiltinTexts().begin(untilReplaced("builtin-texts"));
