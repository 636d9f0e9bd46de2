// A lost connection, told in the page's language and without taking the focus from anybody: the
// dialog that Streamlit opens over the page, in English, is closed as soon as it stands there.

import { untilReplaced } from "./mounting.js";

const APP = "[data-testid=stApp]";
const STATE = "data-test-connection-state";
const DIALOG = "[data-testid=stDialog]";
const OURS = "script[data-away]";
const NOTICE = "qi-connection";
const TELL_AFTER = 1000; // ms; shorter breaks nobody needs to know of

class Connection {
  constructor() {
    this.wasConnected = false;
    this.isTold = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** Where the keyboard was, inside a component too.
     * @type {HTMLElement | null} */
    this.focused = null;
    /** What was typed while a dialog had the keyboard.
     * @type {KeyboardEvent[]} */
    this.typed = [];
  }

  /** @param {AbortSignal} signal */
  begin(signal) {
    const changes = new MutationObserver((records) => this.changed(records));
    changes.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: [STATE],
    });
    const left = (/** @type {FocusEvent} */ event) => this.remember(event.composedPath()[0]);
    window.addEventListener("focusout", left, { capture: true, signal });
    const pressed = (/** @type {KeyboardEvent} */ event) => this.pressed(event);
    window.addEventListener("keydown", pressed, { capture: true, signal });
    signal.addEventListener("abort", () => changes.disconnect());
    this.look();
  }

  get state() {
    return document.querySelector(APP)?.getAttribute(STATE) ?? "";
  }

  get isAway() {
    return this.wasConnected && this.state !== "CONNECTED";
  }

  /** @param {MutationRecord[]} records */
  changed(records) {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    for (const node of added)
      if (node instanceof HTMLElement && node.matches(DIALOG) && this.isAway) this.dismiss(node);
    if (records.some(({ type }) => type === "attributes")) this.look();
  }

  look() {
    if (this.state === "CONNECTED") this.wasConnected = true;
    if (!this.isAway) this.back();
    else this.timer ??= setTimeout(() => this.tell(), TELL_AFTER);
  }

  back() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isTold) dispatchEvent(new CustomEvent("qi-connection", { detail: { away: false } }));
    this.isTold = false;
    document.getElementById(NOTICE)?.remove();
  }

  /** The pad has a bar of its own for it, and says so by preventing this. */
  tell() {
    if (!this.isAway) return;
    this.isTold = true;
    const event = new CustomEvent("qi-connection", { detail: { away: true }, cancelable: true });
    if (dispatchEvent(event)) document.body.append(notice());
  }

  /** @param {EventTarget | null | undefined} target */
  remember(target) {
    if (!(target instanceof HTMLElement) || target.closest(DIALOG)) return;
    if (target !== document.body) this.focused = target;
  }

  /**
   * Nobody types into the dialog: it is on its way out, and the key is for where the keyboard was.
   *
   * @param {KeyboardEvent} event
   */
  pressed(event) {
    if (!this.isAway || !document.activeElement?.closest(DIALOG)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.typed.push(event);
  }

  /**
   * What the dialog took is given back, in whatever order it takes it.
   *
   * @param {HTMLElement} dialog
   */
  dismiss(dialog) {
    this.remember(activeElement());
    dialog.hidden = true;
    dialog.style.display = "none";
    /** @type {HTMLElement | null} */
    const close = dialog.querySelector("section > button");
    close?.click();
    const giveBack = () => {
      const { focused } = this;
      if (!focused?.isConnected) return;
      focused.focus({ preventScroll: true });
      for (const event of this.typed.splice(0)) typeInto(focused, event);
    };
    const gone = new MutationObserver(() => {
      if (dialog.isConnected) return;
      gone.disconnect();
      giveBack();
      requestAnimationFrame(() => requestAnimationFrame(giveBack));
    });
    gone.observe(document.body, { childList: true });
  }
}

/** What has the keyboard, inside a component too. */
function activeElement() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

/**
 * @param {HTMLElement} field
 * @param {KeyboardEvent} event
 */
function typeInto(field, { key, code, shiftKey }) {
  const again = { key, code, shiftKey, bubbles: true, composed: true, cancelable: true };
  const isTaken = !field.dispatchEvent(new KeyboardEvent("keydown", again));
  const isWritten = key.length === 1 && field.matches("input, textarea");
  if (!isTaken && isWritten) document.execCommand("insertText", false, key);
}

/** Over the page's foot: nothing moves when it comes or goes. */
function notice() {
  document.getElementById(NOTICE)?.remove();
  /** @type {HTMLElement | null} */
  const ours = document.querySelector(OURS);
  const node = document.createElement("div");
  node.id = NOTICE;
  node.setAttribute("role", "status");
  node.textContent = ours?.dataset.away ?? "";
  node.style.cssText =
    "position: fixed; inset: auto 0 1rem 0; margin: auto; width: fit-content; max-width: 90vw; " +
    "padding: 0.5rem 1rem; border-radius: 6px; background: #1b2328; color: #fff; z-index: 1000000; " +
    "border: 1px solid #e69f00;";
  return node;
}

new Connection().begin(untilReplaced("connection"));
