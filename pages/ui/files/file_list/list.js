// The list of files: rows beside a bar of the remaining time; on a phone a card for each.

/** @import { Component } from "../../kit/types.js" */
/**
 * @typedef {object} Clock
 * @property {string} look late, soon, waiting, running or unset
 * @property {number} share of the time that is used up, 0 to 1
 * @property {string} word
 * @property {string} what which clock, until when
 */
/**
 * @typedef {object} FileCard a file as it is listed
 * @property {number} id
 * @property {string} number
 * @property {string} kind
 * @property {string} station
 * @property {string} level
 * @property {string} rank
 * @property {string} state
 * @property {string} owner
 * @property {string} words
 * @property {Clock} clock
 * @property {{ step: string, name: string }[]} takes steps that one press takes
 */
/**
 * @typedef {object} ListData
 * @property {FileCard[]} files
 * @property {boolean} picks whether several can be picked
 * @property {Record<string, string>} texts
 */

import { clamp, h } from "../../kit/elements.js";
import { mounting } from "../../kit/mounting.js";

const PRESS = 1500; // ms in which a second press of the same button is the first one
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

class FileList {
  /**
   * @param {ShadowRoot} root
   * @param {Component<ListData>} component
   */
  constructor(root, component) {
    this.component = component;
    this.data = component.data;
    this.written = "";
    /** @type {Set<number>} */
    this.picked = new Set();
    this.box = h("div", { class: "files", role: "list", onkeydown: (event) => this.key(event) });
    root.append(this.box);
  }

  /** @param {Component<ListData>} component */
  update(component) {
    this.component = component;
    const written = JSON.stringify(component.data);
    if (written === this.written) return;
    this.written = written;
    this.data = component.data;
    const ids = new Set(this.data.files.map(({ id }) => id));
    this.picked = new Set([...this.picked].filter((id) => ids.has(id)));
    this.draw();
  }

  destroy() {
    this.box.remove();
  }

  draw() {
    const { files, picks, texts } = this.data;
    this.box.setAttribute("aria-label", texts.list);
    this.box.classList.toggle("picks", picks);
    const names = ["remaining", "number", "station", "level", "state", "owner"];
    const head = names.map((name) => h("span", {}, texts[name]));
    const heading = h("div", { class: "head", "aria-hidden": "true" }, picks && h("span"), ...head);
    this.box.replaceChildren(heading, ...files.map((card) => this.card(card)));
  }

  /** @param {FileCard} card */
  card(card) {
    const { texts } = this.data;
    const open = h(
      "button",
      { class: "number", type: "button", onclick: () => this.open(card.id) },
      card.number,
    );
    const takes = card.takes.map(({ step, name }) => this.take(card.id, step, name));
    return h(
      "div",
      {
        class: `file ${card.clock.look}`,
        role: "listitem",
        "data-id": card.id,
        onclick: (event) => this.clicked(event, card.id),
      },
      this.data.picks && this.tick(card),
      h("div", { class: "due" }, bar(card.clock), span("what", card.clock.what)),
      h("div", { class: "name" }, open, span("kind", card.kind)),
      span("station", card.station),
      span(`level ${card.rank}`, card.level),
      span("state", card.state),
      span("owner", card.owner || texts.nobody),
      card.words && h("div", { class: "words" }, card.words),
      takes.length > 0 && h("div", { class: "takes" }, ...takes),
    );
  }

  /**
   * @param {number} id
   * @param {string} step
   * @param {string} name
   */
  take(id, step, name) {
    const button = h("button", { class: "take", type: "button" }, name);
    button.addEventListener("click", () => {
      button.disabled = true;
      setTimeout(() => (button.disabled = false), PRESS);
      this.component.setTriggerValue("taken", { id, step });
    });
    return button;
  }

  /** @param {FileCard} card */
  tick({ id, number }) {
    const label = `${this.data.texts.pick} ${number}`;
    const props = { type: "checkbox", class: "pick", "aria-label": label };
    const box = h("input", { ...props, checked: this.picked.has(id) });
    box.addEventListener("change", () => {
      if (!this.picked.delete(id)) this.picked.add(id);
      this.component.setStateValue("picked", [...this.picked]);
    });
    return box;
  }

  /**
   * @param {MouseEvent} event
   * @param {number} id
   */
  clicked(event, id) {
    const target = event.target;
    const isControl = target instanceof HTMLElement && target.closest("button, input");
    if (!isControl && !String(getSelection())) this.open(id);
  }

  /** @param {number} id */
  open(id) {
    this.component.setTriggerValue("opened", id);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {HTMLElement[]} */
    const numbers = [...this.box.querySelectorAll(".number")].filter(
      (node) => node instanceof HTMLElement,
    );
    const target = event.target instanceof HTMLElement ? event.target.closest(".file") : null;
    const at = numbers.findIndex((node) => node.closest(".file") === target);
    numbers[clamp(at + step, 0, numbers.length - 1)]?.focus();
    event.preventDefault();
  }
}

/** @param {Clock} clock */
function bar({ look, share, word }) {
  const full = h("span", { class: "full", style: `inline-size: ${Math.round(share * 100)}%` });
  return h("span", { class: `clock ${look}` }, h("span", { class: "bar" }, full), span("word", word));
}

/**
 * @param {string} look
 * @param {string} text
 */
function span(look, text) {
  return h("span", { class: look }, text);
}

export default mounting(FileList);
