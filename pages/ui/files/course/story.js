// The story of a file: its steps along a line, the oldest first; what was struck out stays.

/** @import { Component } from "../../kit/types.js" */
/**
 * @typedef {object} Line one step
 * @property {number} id
 * @property {string} step
 * @property {string} at
 * @property {string} by
 * @property {string} how how it was entered, and whether results were computed anew
 * @property {string} more level, owner, the merged file it belongs to
 * @property {string} note
 * @property {string} reply what was sent to the customer with it
 * @property {string} struck who struck it out, when and why; empty where it counts
 * @property {boolean} strikes whether it may be struck out
 */
/** @typedef {{ lines: Line[], texts: { story: string, strike: string, replied: string } }} StoryData */

import { h } from "../../kit/elements.js";
import { mounting } from "../../kit/mounting.js";

class Story {
  /**
   * @param {ShadowRoot} root
   * @param {Component<StoryData>} component
   */
  constructor(root, component) {
    this.component = component;
    this.written = "";
    this.list = h("ol", { class: "story" });
    root.append(this.list);
  }

  /** @param {Component<StoryData>} component */
  update(component) {
    this.component = component;
    const written = JSON.stringify(component.data);
    if (written === this.written) return;
    this.written = written;
    this.list.setAttribute("aria-label", component.data.texts.story);
    this.list.replaceChildren(...component.data.lines.map((line) => this.line(line)));
  }

  destroy() {
    this.list.remove();
  }

  /** @param {Line} line */
  line({ id, step, at, by, how, more, note, reply, struck, strikes }) {
    const { strike, replied } = this.component.data.texts;
    const press = () => this.component.setTriggerValue("strike", id);
    const label = `${strike}: ${step}, ${at}`;
    const props = { class: "strike", type: "button", title: label, "aria-label": label };
    const name = h(struck ? "s" : "span", { class: "step" }, step);
    return h(
      "li",
      { class: struck ? "struck" : "" },
      h("div", { class: "top" }, name, h("time", {}, at)),
      h("div", { class: "facts" }, [by, more, how].filter(Boolean).join(" · ")),
      note && h("div", { class: "note" }, note),
      reply && h("blockquote", { class: "reply", "aria-label": replied }, reply),
      struck && h("div", { class: "why" }, struck),
      strikes && h("button", { ...props, onclick: press }, strike),
    );
  }
}

export default mounting(Story);
