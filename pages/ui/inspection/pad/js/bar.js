// What surrounds the panes: the bar that never moves, ledger, banners and lists.

/** @import { Props } from "../../../kit/types.js" */
/** @import { Actions } from "./actions.js" */
/** @import { Item, ItemResult, LedgerLine, Sheet, Texts } from "./types.js" */
/** @typedef {{ item: Item, result: ItemResult, open: () => void }} Loss what an item cost */
/** @typedef {{ label: string, act?: () => void, href?: string }} Way what can be done about something */

import { h } from "../../../kit/elements.js";
import { counted, fill, storable } from "../../../kit/texts.js";

const DOUBLE_CLICK = 400;
const RECEIPT = 10_000;
const KNOWN = /** @type {const} */ (["changed", "saving", "retrying", "submitting"]);

export class Bar {
  /**
   * @param {Texts} texts
   * @param {Actions} actions
   */
  constructor(texts, actions) {
    this.texts = texts;
    this.actions = actions;
    this.openedAt = Date.now();
    this.savedAt = 0;
    this.isAway = false;
    this.kind = "";
    /** @type {string | null} */
    this.text = null;
    this.score = h("strong", { class: "score" }, "—");
    this.before = h("span", { class: "before" });
    this.pins = h("span", { class: "count" });
    this.status = h("span", { class: "status", role: "status" });
    this.receipt = h("span", { class: "receipt", role: "status", hidden: true });
    this.ledger = button(texts.ledger, () => actions.toggleLedger(), {
      "aria-expanded": "false",
      "aria-keyshortcuts": "l",
    });
    this.submit = button(texts.submit, (event) => this.submitted(event), {
      class: "primary",
      "aria-keyshortcuts": "Control+Enter",
    });
    this.node = h(
      "footer",
      { class: "bar" },
      h("div", { class: "figures" }, this.score, this.before, this.pins, this.status, this.receipt),
      h("div", { class: "actions" }, this.keys(), this.skip(), this.ledger, this.submit),
    );
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.receiptTimer = undefined;
    this.timer = setInterval(() => this.showStatus(), 1000);
  }

  keys() {
    const { keys } = this.texts;
    const props = { class: "keys", title: keys, "aria-label": keys };
    return button("?", () => this.actions.showKeys(), props);
  }

  skip() {
    const { skip } = this.texts;
    const props = { class: "skip", "aria-keyshortcuts": "s" };
    return skip ? button(skip, () => this.actions.skip(), props) : null;
  }

  /**
   * The second click of a double click must not meet the next encounter.
   *
   * @param {MouseEvent} event
   */
  submitted(event) {
    const isSecondClick = event.detail > 1 || Date.now() - this.openedAt < DOUBLE_CLICK;
    if (!isSecondClick) this.actions.submit();
  }

  /** @param {Sheet} sheet */
  showSheet(sheet) {
    this.score.textContent = sheet.score ?? "—";
    this.score.title = sheet.reason ?? "";
    this.score.classList.toggle("provisional", sheet.missing.length > 0);
    const { before, floors, score } = sheet;
    const earlier = before === null ? null : fill(this.texts.before_critical, { score: before });
    this.before.textContent = [earlier, floors].filter(Boolean).join(" · ");
    this.before.classList.toggle("differs", before !== score || floors !== null);
  }

  /** @param {number} count */
  showPins(count) {
    this.pins.textContent = counted(this.texts.pins, count);
  }

  /**
   * @param {string} kind
   * @param {string | null} text
   */
  setStatus(kind, text = null) {
    if (kind === "saved") this.savedAt = Date.now();
    this.kind = kind;
    this.text = text;
    this.showStatus();
  }

  /**
   * For some seconds, what was submitted last.
   *
   * @param {string} text
   */
  showReceipt(text) {
    this.receipt.textContent = text;
    this.receipt.hidden = !text;
    if (text) this.receiptTimer = setTimeout(() => (this.receipt.hidden = true), RECEIPT);
  }

  /** @param {boolean} isAway whether the portal cannot be reached */
  setAway(isAway) {
    this.isAway = isAway;
    this.showStatus();
  }

  showStatus() {
    const text = this.statusText();
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.kind = this.isAway ? "retrying" : this.kind;
  }

  statusText() {
    const { kind, texts } = this;
    if (this.isAway) return texts.away;
    if (kind === "saved") return fill(texts.saved, { ago: ago(Date.now() - this.savedAt, texts) });
    const known = KNOWN.find((name) => name === kind);
    return this.text ?? (known ? texts[known] : "");
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.submit.disabled = busy;
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.receiptTimer);
  }
}

/**
 * How long ago something was, in seconds or whole minutes.
 *
 * @param {number} milliseconds
 * @param {Pick<Texts, "seconds" | "minutes">} texts
 */
export function ago(milliseconds, texts) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return fill(texts.seconds, { count: seconds });
  return fill(texts.minutes, { count: Math.floor(seconds / 60) });
}

/** A message across the top of the panes, with what can be done about it. */
export class Banner {
  constructor() {
    this.node = h("div", { class: "banner", role: "alert", hidden: true });
  }

  /**
   * @param {string} text
   * @param {{ buttons?: Way[], lines?: string[] }} more
   */
  show(text, { buttons = [], lines = [] } = {}) {
    /** @type {HTMLElement[]} */
    const parts = [h("p", {}, text)];
    if (lines.length) parts.push(h("ul", {}, ...lines.map((line) => h("li", {}, line))));
    parts.push(h("div", { class: "row" }, ...buttons.map(way)));
    this.node.replaceChildren(...parts);
    this.node.hidden = false;
  }

  hide() {
    this.node.hidden = true;
  }
}

/**
 * Why an encounter is put aside: one of the usual reasons, by its digit too, or one that is typed.
 *
 * @param {Texts} texts
 * @param {(reason: string) => void} done
 */
export function skipDialog(texts, done) {
  const take = (/** @type {string} */ reason) => {
    dialog.close();
    done(reason);
  };
  /** @type {HTMLTextAreaElement} */
  const reason = h("textarea", {
    class: "field",
    rows: 3,
    required: true,
    autofocus: true,
    maxlength: 1000,
    dir: "auto",
    "aria-label": texts.skip_reason,
  });
  const cancel = button(texts.cancel, () => dialog.close());
  const skip = h("button", { type: "submit", class: "primary" }, texts.skip_now);
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", {}, texts.skip_title),
    reasonList(texts.skip_reasons, take),
    h("label", {}, h("span", {}, texts.skip_reason), reason),
    h("div", { class: "row" }, cancel, skip),
  );
  /** @type {HTMLDialogElement} */
  const dialog = h("dialog", { class: "skip", "aria-label": texts.skip_title }, form);
  form.addEventListener("submit", () => done(storable(reason.value.trim())));
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const chosen = texts.skip_reasons[Number(event.key) - 1];
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (chosen && !reason.value && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      take(chosen);
    }
  });
  return dialog;
}

/**
 * Usual reasons, each with the digit that takes it.
 *
 * @param {string[]} reasons
 * @param {(reason: string) => void} choose
 */
export function reasonList(reasons, choose) {
  const buttons = reasons.map((reason, at) => {
    const key = String(at + 1);
    const props = { type: "button", onclick: () => choose(reason), "aria-keyshortcuts": key };
    return h("button", props, h("kbd", {}, key), reason);
  });
  return h("div", { class: "reasons" }, ...buttons);
}

/** @param {Texts} texts */
export function ledgerPanel(texts) {
  const body = h("div", { class: "lines" });
  const node = h("aside", { class: "ledger", "aria-label": texts.ledger, hidden: true }, body);
  const show = (/** @type {LedgerLine[]} */ lines, /** @type {Loss[]} */ losses) =>
    body.replaceChildren(
      costs(losses, texts),
      h("table", {}, h("tbody", {}, ...lines.map(ledgerRow))),
    );
  return { node, show };
}

/**
 * What one looks for first: the items that cost points, the dearest first.
 *
 * @param {Loss[]} losses
 * @param {Texts} texts
 */
function costs(losses, texts) {
  const rows = losses.map(({ item, result, open }) =>
    h(
      "li",
      {},
      button(item.code || item.name, open, { class: "plain" }),
      " ",
      item.term || item.text,
      " ",
      h("strong", {}, [result.effect, result.lost && `−${result.lost}`].filter(Boolean).join(" ")),
    ),
  );
  const none = h("p", { class: "hint" }, texts.cost_nothing);
  return h(
    "section",
    { class: "costs", "aria-label": texts.cost },
    h("h3", {}, texts.cost),
    rows.length ? h("ol", {}, ...rows) : none,
  );
}

/** @param {LedgerLine} line */
function ledgerRow({ level, subject, step, calculation, result }) {
  return h(
    "tr",
    { class: level },
    h("th", { scope: "row" }, subject),
    h("td", {}, step),
    h("td", {}, calculation),
    h("td", { class: "number" }, result),
  );
}

/** @param {Way} way */
function way({ label, act, href }) {
  if (!href) return button(label, () => act?.());
  return h("a", { class: "button", href, target: "_blank", rel: "noopener" }, label);
}

/**
 * @param {string} label
 * @param {(event: MouseEvent) => void} onclick
 * @param {Props} props
 */
function button(label, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props }, label);
}
