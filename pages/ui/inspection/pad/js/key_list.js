// The list of keys, where each that stands for a command can be set to another one.

/** @import { Bindings } from "./bindings.js" */
/** @import { Texts } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";
import { latin, stop } from "./keys.js";

const NAMED = /** @type {Record<string, string>} */ ({ Space: " " });

export class KeyList {
  /**
   * @param {Texts} texts
   * @param {Bindings} bindings
   * @param {() => void} changed called on closing, where a key was set
   */
  constructor(texts, bindings, changed) {
    this.texts = texts;
    this.bindings = bindings;
    /** @type {string | null} */
    this.setting = null;
    this.wasSet = false;
    this.rows = h("dl");
    this.told = h("p", { class: "hint", role: "status" }, texts.set_keys);
    const reset = () => this.reset();
    const close = () => this.close();
    const checked = !bindings.isOff;
    /** @type {HTMLInputElement} */
    const uses = h("input", { type: "checkbox", checked });
    uses.addEventListener("change", () => bindings.switchOff(!uses.checked));
    /** @type {HTMLDialogElement} */
    this.node = h(
      "dialog",
      { class: "keys", "aria-label": texts.keys, onkeydown: (event) => this.pressed(event) },
      h("h2", {}, texts.keys),
      h("label", { class: "uses" }, uses, ` ${texts.use_keys}`),
      this.told,
      this.rows,
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", onclick: close }, texts.close),
        h("button", { type: "button", onclick: reset }, texts.reset_keys),
      ),
    );
    this.node.addEventListener("click", (event) => {
      if (event.target === this.node) this.node.close();
    });
    this.node.addEventListener("close", () => {
      this.listen(null);
      if (this.wasSet) changed();
      this.wasSet = false;
    });
    this.show();
  }

  close() {
    this.node.close();
  }

  show() {
    const rows = this.texts.key_list.map(([keys, text]) =>
      h(
        "div",
        {},
        h("dt", {}, ...keys.split(" ").map((key) => this.cap(key))),
        h("dd", {}, text),
      ),
    );
    this.rows.replaceChildren(...rows);
  }

  /** @param {string} shown */
  cap(shown) {
    const command = NAMED[shown] ?? shown;
    if (!this.bindings.commands.has(command)) return h("kbd", {}, shown);
    const key = this.bindings.keyOf(command);
    const name = Object.keys(NAMED).find((one) => NAMED[one] === key) ?? key;
    const waits = this.setting === command;
    const listen = () => this.listen(waits ? null : command);
    const props = { type: "button", class: "cap", onclick: listen, "aria-pressed": String(waits) };
    return h("button", { ...props, title: this.texts.set_key }, waits ? "…" : name);
  }

  /** @param {string | null} command whose key is pressed next */
  listen(command) {
    this.setting = command;
    this.told.textContent = command === null ? this.texts.set_keys : this.texts.press_key;
    this.show();
    if (command !== null) this.node.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { setting } = this;
    if (setting === null || event.key === "Shift") return;
    stop(event);
    const key = latin(event);
    if (key === "Escape") this.listen(null);
    else if (!this.bindings.isFree(key, setting))
      this.told.textContent = fill(this.texts.key_taken, { key });
    else {
      this.bindings.set(setting, key);
      this.wasSet = true;
      this.listen(null);
    }
  }

  reset() {
    this.bindings.reset();
    this.wasSet = true;
    this.listen(null);
  }
}
