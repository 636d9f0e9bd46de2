// What the pad asks before it takes an answer or a form: why an item does not apply, whether n was
// meant as the No it is now, whether so little is to be submitted. Escape takes nothing.

/** @import { Child, Props } from "../../../kit/types.js" */
/** @import { Desk } from "./desk.js" */
/** @import { Item } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { fill, storable } from "../../../kit/texts.js";
import { reasonList } from "./bar.js";
import { latin, stop } from "./keys.js";
import { tellsWhy } from "./work.js";

export class Questions {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.texts = desk.texts;
    this.askedAboutNo = false;
    /** @type {(event: KeyboardEvent) => void} */
    this.pressed = () => {};
    this.submitted = () => {};
    this.node = h("dialog", { class: "ask", onkeydown: (event) => this.pressed(event) });
  }

  /**
   * Why items do not apply: one reason for all of them, and none is not taken.
   *
   * @param {Item[]} items
   * @param {string | undefined} before
   * @param {(reason: string) => void} take
   */
  reason(items, before, take) {
    const { texts } = this;
    const many = items.length > 1;
    const label = many ? texts.na_reason_all : texts.na_reason;
    const field = reasonField(label, before ?? "");
    const lacking = h("p", { class: "lacking", role: "alert" });
    const names = items.map((item) => item.name).join(", ");
    const choose = (/** @type {string} */ reason) => this.close(() => take(reason));
    this.show(fill(texts.na_title, { items: names }), [
      many && items.some((item) => item.critical) && h("p", {}, texts.na_critical_all),
      reasonList(texts.na_reasons, choose),
      h("label", {}, h("span", {}, label), field),
      lacking,
      row(this.cancel(), h("button", { class: "primary", type: "submit" }, texts.na)),
    ]);
    this.pressed = (event) => {
      const reason = texts.na_reasons[Number(latin(event)) - 1];
      if (!reason || field.value || event.isComposing) return;
      stop(event);
      choose(reason);
    };
    this.submitted = () => {
      const reason = storable(field.value.trim());
      lacking.textContent = tellsWhy(reason) ? "" : texts.na_reason_needed;
      if (lacking.textContent) field.focus();
      else this.close(() => take(reason));
    };
    field.focus();
  }

  /**
   * n on a critical item, once in each of an inspector's first forms since n means No.
   *
   * @param {Item} item
   * @param {{ yes: () => void, na: () => void }} then
   */
  no(item, { yes, na }) {
    this.askedAboutNo = true;
    keepMark(this.mark);
    const { texts } = this;
    const { label, means } = wordsOfNo(item);
    const key = (/** @type {string} */ command) => this.desk.bindings.keyOf(command);
    const other = item.na ? () => this.close(na) : null;
    const no = button(label, () => this.close(yes), { class: "primary" });
    this.show(fill(texts.n_is_no, { key: key("n"), item: item.name }), [
      h("p", {}, fill(texts.n_is_no_here, { answer: means, no: key("n"), na: key("/") })),
      row(this.cancel(), other && naButton(texts.na, key("/"), other), no),
    ]);
    this.pressed = (event) => {
      if (latin(event) !== key("/") || !other) return;
      stop(event);
      other();
    };
    no.focus();
  }

  /**
   * So little applies that it may be a slip; the key that submits says that it is none.
   *
   * @param {{ applying: number, all: number, byHand: number }} counts
   * @param {() => void} submit
   */
  few({ applying, all, byHand }, submit) {
    const { texts } = this;
    const back = this.cancel(texts.go_back);
    const anyway = () => this.close(submit);
    this.show(texts.few_title, [
      h("p", {}, fill(texts.few_apply, { count: byHand, all, applying })),
      row(back, button(texts.submit_anyway, anyway, { "aria-keyshortcuts": "Control+Enter" })),
    ]);
    this.pressed = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      stop(event);
      if (!event.repeat) anyway();
    };
    back.focus();
  }

  cancel(label = this.texts.cancel) {
    return button(label, () => this.close());
  }

  /**
   * @param {string} title
   * @param {Child[]} parts
   */
  show(title, parts) {
    this.pressed = () => {};
    this.submitted = () => {};
    const form = h("form", { novalidate: true }, h("h2", {}, title), ...parts);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submitted();
    });
    this.node.replaceChildren(form);
    this.node.setAttribute("aria-label", title);
    this.node.showModal();
  }

  /** @param {() => void} act */
  close(act = () => {}) {
    this.node.close();
    act();
  }

  get mark() {
    const { server, state } = this.desk;
    return `pad:n:${server.address}:${state.user}`;
  }

  /**
   * Whether to ask about n: once a form.
   *
   * @param {Item} item
   */
  wants(item) {
    const { state } = this.desk;
    return state.asks_about_n && item.critical && !this.askedAboutNo && !isKept(this.mark);
  }
}

/**
 * @param {string} label
 * @param {string} value
 */
function reasonField(label, value) {
  const field = h("input", {
    type: "text",
    class: "field why",
    maxlength: 1000,
    autocomplete: "off",
    "aria-label": label,
  });
  field.value = value;
  return field;
}

/**
 * The item's No as its button says it, and with what it does.
 *
 * @param {Item} item
 */
function wordsOfNo(item) {
  const option = item.options.find(({ key }) => key === item.no);
  const label = option?.text || item.no || "";
  return { label, means: option?.effect ? `${label} (${option.effect})` : label };
}

/**
 * @param {string} label
 * @param {() => void} onclick
 * @param {Props} props
 */
function button(label, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props }, label);
}

/**
 * @param {string} label
 * @param {string} key
 * @param {() => void} onclick
 */
function naButton(label, key, onclick) {
  const props = { type: "button", onclick, "aria-keyshortcuts": key };
  return h("button", props, h("kbd", {}, key), label);
}

/** @param {...Child} buttons */
function row(...buttons) {
  return h("div", { class: "row" }, ...buttons);
}

/**
 * A browser without storage asks again after a reload.
 *
 * @param {string} name
 */
function isKept(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

/** @param {string} name */
function keepMark(name) {
  try {
    localStorage.setItem(name, "1");
  } catch {
    // see above
  }
}
