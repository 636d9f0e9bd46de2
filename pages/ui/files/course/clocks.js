// The clocks of a file as bars: what is used up of each limit, and what that comes to in words.

/** @import { Component } from "../../kit/types.js" */
/**
 * @typedef {object} ClockCard
 * @property {string} name
 * @property {string} look late, soon, waiting, running, met or unset
 * @property {number} share of the limit that is used up, 0 to 1
 * @property {string} word
 * @property {string[]} facts limit, elapsed, paused, due
 */
/** @typedef {{ clocks: ClockCard[], texts: { clocks: string } }} ClocksData */

import { h } from "../../kit/elements.js";
import { mounting } from "../../kit/mounting.js";

class Clocks {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.written = "";
    this.list = h("ul", { class: "clocks" });
    root.append(this.list);
  }

  /** @param {Component<ClocksData>} component */
  update({ data }) {
    const written = JSON.stringify(data);
    if (written === this.written) return;
    this.written = written;
    this.list.setAttribute("aria-label", data.texts.clocks);
    this.list.replaceChildren(...data.clocks.map(clock));
  }

  destroy() {
    this.list.remove();
  }
}

/** @param {ClockCard} card */
function clock({ name, look, share, word, facts }) {
  const full = h("span", { class: "full", style: `inline-size: ${Math.round(share * 100)}%` });
  return h(
    "li",
    { class: look },
    h("div", { class: "top" }, h("span", { class: "name" }, name), h("span", { class: "word" }, word)),
    h("div", { class: "bar" }, full),
    h("div", { class: "facts" }, facts.join(" · ")),
  );
}

export default mounting(Clocks);
