// Keeps what is typed into marked fields until the page says that it is stored; see typed.py.

import { untilReplaced } from "./mounting.js";
import { fieldName, joined, typedSince } from "./typed_words.js";

/** @import { KeptWords } from "./typed_words.js" */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const PREFIX = "qi-typed:";
const FIELDS = '[class*="st-key-typed_"] textarea, [class*="st-key-typed_"] input';

class TypedWords {
  constructor() {
    /** A field's text as it was entered.
     * @type {WeakMap<Field, string>} */
    this.before = new WeakMap();
    /** The text of a field as it was last sent, by its name.
     * @type {Map<string, string>} */
    this.sent = new Map();
    /** The name under which a field was put back.
     * @type {WeakMap<Field, string>} */
    this.known = new WeakMap();
    this.newest = 0;
    this.waits = false;
  }

  /** @param {AbortSignal} signal */
  begin(signal) {
    const early = { capture: true, signal };
    document.addEventListener("focusin", (event) => this.entered(event.target), early);
    document.addEventListener("input", (event) => this.typed(event.target), early);
    document.addEventListener("focusout", (event) => this.left(event.target), early);
    document.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && this.left(event.target),
      early,
    );
    const changes = new MutationObserver(() => this.soon());
    changes.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["disabled", "data-saved"],
    });
    signal.addEventListener("abort", () => changes.disconnect());
    this.soon();
  }

  /** @param {EventTarget | null} target */
  entered(target) {
    if (isField(target)) this.before.set(target, target.value);
  }

  /** @param {EventTarget | null} target */
  typed(target) {
    if (!owner() || !isField(target)) return;
    const name = nameOf(target);
    const base = kept(name)?.base ?? this.before.get(target) ?? target.defaultValue;
    if (target.value === base) sessionStorage.removeItem(slot(name));
    else keep(name, { base, text: target.value });
  }

  /** @param {EventTarget | null} target */
  left(target) {
    if (isField(target)) this.sent.set(nameOf(target), target.value);
  }

  soon() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.look();
    });
  }

  look() {
    if (!owner()) return; // signed out: the same person may come back
    for (const key of keptKeys())
      if (!key.startsWith(slot(""))) sessionStorage.removeItem(key);
    for (const [count, name, goesOn] of JSON.parse(marker()?.dataset.saved || "[]"))
      this.stored(count, name, goesOn);
    for (const field of document.querySelectorAll(FIELDS)) if (isField(field)) this.restore(field);
  }

  /**
   * @param {number} count
   * @param {string} name of a form, or of a field of it
   * @param {boolean} goesOn in its fields one may type on meanwhile
   */
  stored(count, name, goesOn) {
    if (count <= this.newest) return;
    this.newest = count;
    for (const key of keptKeys()) {
      if (key !== slot(name) && !key.startsWith(`${slot(name)}-`)) continue;
      const field = key.slice(slot("").length);
      const words = goesOn ? kept(field) : null;
      const newer = words && typedSince(words, this.sent.get(field));
      if (newer) keep(field, newer);
      else sessionStorage.removeItem(key);
    }
  }

  /** @param {Field} field */
  restore(field) {
    const name = nameOf(field);
    if (field.disabled || this.known.get(field) === name) return;
    this.known.set(field, name);
    const entry = kept(name);
    if (!entry) return;
    const text = joined(field.value, entry, field.tagName === "TEXTAREA");
    if (text === field.value) return;
    this.before.set(field, field.value);
    put(field, text);
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {target is Field}
 */
function isField(target) {
  return target instanceof Element && target.matches(FIELDS);
}

/** @returns {HTMLElement | null} */
function marker() {
  return document.querySelector(".qi-typed");
}

function owner() {
  return marker()?.dataset.owner;
}

/** @param {Field} field */
function nameOf(field) {
  return fieldName(field.closest('[class*="st-key-typed_"]')?.className ?? "");
}

/** @param {string} name */
function slot(name) {
  return `${PREFIX}${owner()}:${name}`;
}

/**
 * @param {string} name
 * @returns {KeptWords | null}
 */
function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(slot(name)) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {KeptWords} words
 */
function keep(name, words) {
  try {
    sessionStorage.setItem(slot(name), JSON.stringify(words));
  } catch {
    // The browser keeps nothing for us: then it is as without this script.
  }
}

function keptKeys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

/**
 * As if it were typed, so that the page takes it and sends it.
 *
 * @param {Field} field
 * @param {string} text
 */
function put(field, text) {
  const prototype = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

new TypedWords().begin(untilReplaced("typed"));
