// The frame around everything: as high as the window leaves room for, with tabs where it is narrow.
// Where there is no encounter to show, it says why, and where to go from there.

/** @import { Child } from "../../../kit/types.js" */
/** @import { Pad } from "./pad.js" */
/** @import { EndedState, Refusal, OpenState, Texts } from "./types.js" */
/** @import { Way } from "./bar.js" */

import { h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";
import { Banner } from "./bar.js";

/** @typedef {"record" | "checklist"} Tab */
/** @type {Tab[]} */
const TABS = ["record", "checklist"];

export class Frame {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.root = root;
    this.language = "en";
    /** @type {HTMLElement | null} */
    this.node = null;
    /** @type {HTMLButtonElement[]} */
    this.tabs = [];
    /** @type {ResizeObserver | null} */
    this.watching = null;
  }

  /**
   * @param {number | null} assignment
   * @param {...Child} parts
   */
  lay(assignment, ...parts) {
    const lang = this.language.replace("_", "-");
    const props = { class: "pad", "data-assignment": assignment ?? "", lang };
    const node = h("div", props, ...parts);
    if (this.node) this.node.replaceWith(node);
    else this.root.append(node);
    this.node = node;
    this.fit();
    this.watch();
  }

  /** Fit again when something above or below the pad comes, goes or grows. */
  watch() {
    if (this.watching) return;
    this.watching = new ResizeObserver(() => this.fit());
    let around = this.root.host.parentElement;
    for (const outer = scrollerOf(this.root.host); around; around = around.parentElement) {
      for (const beside of around.children)
        if (!beside.contains(this.root.host)) this.watching.observe(beside);
      this.watching.observe(around);
      if (around === outer) break;
    }
  }

  /** So high that the page itself does not scroll, while that leaves room for the panes. */
  fit() {
    if (!this.node) return;
    const outer = scrollerOf(this.root.host);
    const before = this.node.style.height;
    this.node.style.height = `${outer.clientHeight}px`;
    const height = `${2 * outer.clientHeight - outer.scrollHeight}px`;
    this.node.style.height = height === before ? before : height;
  }

  /** Whether keys are for the pad: it is shown, and no dialog is open. */
  isFree() {
    return Boolean(this.node?.isConnected) && !this.root.querySelector("dialog[open]");
  }

  /**
   * @param {Pick<OpenState, "title" | "subtitle">} state
   * @param {Texts} texts
   */
  header(state, texts) {
    this.tabs = TABS.map((name) =>
      h("button", { type: "button", role: "tab", onclick: () => this.showTab(name) }, texts[name]),
    );
    return h(
      "header",
      { class: "top" },
      h("h1", {}, state.title),
      h("span", {}, state.subtitle),
      h("div", { class: "tabs", role: "tablist" }, ...this.tabs),
    );
  }

  /** @param {Tab} name */
  showTab(name) {
    if (this.node) this.node.dataset.tab = name;
    for (const [at, tab] of this.tabs.entries())
      tab.setAttribute("aria-selected", String(TABS[at] === name));
  }

  remove() {
    this.watching?.disconnect();
    this.node?.remove();
  }
}

/** Instead of an encounter: why there is none any more, and where to go from here. */
export class Ending {
  /** @param {Pad} pad */
  constructor(pad) {
    this.pad = pad;
  }

  /**
   * @param {number} status
   * @param {Refusal} refusal
   * @param {() => void} again
   */
  closed(status, refusal, again) {
    const { texts } = this.pad;
    /** @type {Way[]} */
    const ways = [{ label: texts.try_again, act: again }, this.toQueue()];
    if (status === 401) ways.unshift({ label: texts.sign_in, href: "/login" });
    this.show(refusal.error ?? texts.unreachable, ways);
  }

  /**
   * @param {EndedState["state"] | "done"} how
   * @param {number | null} next
   */
  finished(how, next) {
    const { texts } = this.pad;
    const ways = [this.toQueue()];
    const receipt = how === "done" ? receiptText(this.pad) : "";
    if (next) ways.unshift({ label: texts.open_next, act: () => this.pad.start(next) });
    this.show([receipt, texts[how]].filter(Boolean).join(" "), ways);
  }

  /** @returns {Way} */
  toQueue() {
    return { label: this.pad.texts.to_queue, act: () => this.pad.leave() };
  }

  /**
   * @param {string} text
   * @param {Way[]} buttons
   */
  show(text, buttons) {
    const { pad } = this;
    const banner = new Banner();
    pad.close();
    pad.frame.lay(null, h("div", { class: "notice" }, banner.node));
    banner.show(text, { buttons });
    const first = banner.node.querySelector("button, a");
    if (first instanceof HTMLElement) first.focus();
  }
}

/**
 * What was submitted last, in words; once.
 *
 * @param {Pad} pad
 */
export function receiptText(pad) {
  const { receipt, texts } = pad;
  pad.receipt = null;
  if (!receipt) return "";
  const { inspection: number = "", score } = receipt;
  return score
    ? fill(texts.receipt, { number, score })
    : fill(texts.receipt_without_score, { number });
}

/** @param {Element} node */
function scrollerOf(node) {
  const scrolls = (/** @type {Element} */ one) =>
    /auto|scroll/.test(getComputedStyle(one).overflowY);
  let outer = node;
  while (outer.parentElement && !scrolls(outer)) outer = outer.parentElement;
  return outer;
}
