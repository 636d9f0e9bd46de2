// An encounter beside its lost points.

/** @import { Component } from "../../kit/types.js" */
/** @import { LostItem, LostSection, Photo, PinnedPlace, ReadingData, ReadTurn, TurnPin } from "./types.js" */
/** @typedef {"losses" | "encounter"} Tab */

import { h, icon } from "../../kit/elements.js";
import { mounting } from "../../kit/mounting.js";
import { fill, stretches } from "../../kit/texts.js";

const NARROW = 760;
const MASK = "█"; // what stands for personal data

/** The panes of one encounter. */
class Panes {
  /** @param {ReadingData} data */
  constructor(data) {
    this.data = data;
    this.texts = data.texts;
    /** @type {Map<number, HTMLElement>} */
    this.turns = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
    /** @type {HTMLButtonElement[]} */
    this.tabs = data.losses ? this.tabButtons() : [];
    this.node = h(
      "div",
      { class: data.losses ? "reading" : "reading single" },
      data.losses && h("div", { class: "tabs", role: "tablist" }, ...this.tabs),
      h("div", { class: "panes" }, this.encounter(), data.losses && this.losses()),
    );
    this.show("losses");
    new ResizeObserver(([{ contentRect }]) =>
      this.node.classList.toggle("narrow", contentRect.width < NARROW),
    ).observe(this.node);
  }

  tabButtons() {
    const { sections, turns } = this.data;
    const count = sections.reduce((sum, section) => sum + section.items.length, 0);
    const tab = (/** @type {Tab} */ name, /** @type {string} */ label) => {
      const show = () => this.show(name);
      return h("button", { type: "button", role: "tab", "data-tab": name, onclick: show }, label);
    };
    return [
      tab("losses", `${this.texts.lost} ${count}`),
      tab("encounter", turns.length ? this.texts.transcript : this.texts.record),
    ];
  }

  /** @param {Tab} name */
  show(name) {
    this.node.dataset.tab = name;
    for (const tab of this.tabs)
      tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }

  encounter() {
    const { turns, facts } = this.data;
    const rows = facts.map(({ name, value }) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value)),
    );
    return h(
      "section",
      { class: "pane encounter", tabindex: "0", "aria-label": this.texts.transcript },
      rows.length > 0 && h("dl", { class: "facts" }, ...rows),
      turns.length
        ? h("ol", { class: "turns" }, ...turns.map((turn) => this.turn(turn)))
        : h("p", { class: "hint" }, this.texts.no_transcript),
    );
  }

  /** @param {ReadTurn} turn */
  turn(turn) {
    const chips = turn.pins.map((pin) => this.chip(pin));
    const who = h(
      "div",
      { class: "who" },
      h("span", { class: "number" }, String(turn.position)),
      turn.name,
      turn.time && h("span", { class: "time" }, turn.time),
    );
    const node = h(
      "li",
      { class: `turn ${turn.speaker}`, tabindex: "-1" },
      who,
      h("div", { class: "words" }, ...marked(turn)),
      chips.length > 0 && h("div", { class: "chips" }, ...chips),
    );
    if (turn.pins.some((pin) => pin.lost)) node.classList.add("lost");
    this.turns.set(turn.position, node);
    return node;
  }

  /** @param {TurnPin} pin */
  chip(pin) {
    const look = pin.lost ? "chip lost" : "chip";
    const label = h("span", {}, pin.name);
    if (!pin.lost || !this.data.losses) return h("span", { class: look }, label);
    const title = fill(this.texts.show_item, { item: pin.name });
    const show = () => this.showItem(pin.key);
    return h("button", { type: "button", class: look, title, onclick: show }, label);
  }

  losses() {
    const { sections, note } = this.data;
    const whole = () =>
      h("div", { class: "note whole" }, h("h3", {}, this.texts.form_note), h("p", {}, note));
    return h(
      "section",
      { class: "pane losses", tabindex: "0", "aria-label": this.texts.lost },
      ...sections.map((section) => this.section(section)),
      !sections.length && h("p", { class: "hint" }, this.texts.nothing_lost),
      note && whole(),
    );
  }

  /** @param {LostSection} section */
  section(section) {
    return h(
      "div",
      { class: "section" },
      h("h3", {}, section.title, h("span", { class: "score" }, section.score)),
      ...section.items.map((item) => this.item(item)),
    );
  }

  /** @param {LostItem} item */
  item(item) {
    const { texts } = this;
    const node = h(
      "article",
      { class: "item", tabindex: "-1" },
      itemHead(item),
      item.text && h("p", { class: "text" }, item.text),
      labelled(texts.answer, item.answer),
      item.note && labelled(texts.note, item.note, "note"),
      ...item.pins.map((pin) => this.place(pin, item.name)),
      !item.pins.length && h("p", { class: "hint" }, texts.no_evidence),
      item.guidance && guidance(texts.guidance, item.guidance),
    );
    this.items.set(item.key, node);
    return node;
  }

  /**
   * @param {PinnedPlace} pin
   * @param {string} name
   */
  place(pin, name) {
    const { turn, photo, quote, note, time } = pin;
    const words = [
      photo && this.photo(photo, name),
      quote && h("q", {}, quote),
      note && h("span", {}, note),
    ];
    if (turn === null) {
      const look = photo ? "place pictured" : "place";
      return h("div", { class: look }, time && h("span", { class: "time" }, time), ...words);
    }
    const title = fill(this.texts.show_turn, { number: turn });
    const show = () => this.showTurn(turn);
    const where = h("span", { class: "where" }, fill(this.texts.turn, { number: turn }));
    return h("button", { type: "button", class: "place", title, onclick: show }, where, ...words);
  }

  /**
   * Opened in a tab of its own it can be looked at closely.
   *
   * @param {Photo} photo
   * @param {string} name
   */
  photo({ src, region }, name) {
    const alt = fill(this.texts.photo_of, { item: name });
    const props = { class: "shot", href: src, target: "_blank", rel: "noopener", title: alt };
    return h("a", props, h("img", { src, alt, loading: "lazy" }), region && regionBox(region));
  }

  /** @param {number} position */
  showTurn(position) {
    this.show("encounter");
    bring(this.turns.get(position));
  }

  /** @param {string} key */
  showItem(key) {
    this.show("losses");
    bring(this.items.get(key));
  }

  /** The first lost point comes into view by itself, without moving the page. */
  settle() {
    const first = this.node.querySelector(".turn.lost");
    const pane = first?.closest(".pane");
    if (first instanceof HTMLElement && pane && pane.scrollHeight > pane.clientHeight)
      pane.scrollTop = first.offsetTop - pane.clientHeight / 4;
  }
}

/** @param {ReadTurn} turn */
function marked(turn) {
  const styleOf = (/** @type {number} */ at, /** @type {string} */ character) => {
    const mark = turn.marks.find(({ from, to }) => from <= at && at < to);
    const hit = turn.hits.some(([from, to]) => from <= at && at < to);
    const pinned = mark && (mark.lost ? "lost" : "mark");
    return [pinned, hit && "hit", character === MASK && "masked"].filter(Boolean).join(" ");
  };
  return stretches(turn.text, styleOf).map(({ style, text }) =>
    style ? h("mark", { class: style }, text) : text,
  );
}

/** @param {LostItem} item */
function itemHead(item) {
  const name = h("span", { class: "name" }, item.name, " ", h("span", { class: "code" }, item.key));
  const effect = item.effect && h("span", { class: "effect" }, icon("warn"), item.effect);
  const loss = h("span", { class: "loss" }, effect, item.lost && `−${item.lost}`);
  return h("div", { class: "head" }, name, loss);
}

/**
 * @param {string} label
 * @param {string} text
 * @param {string} look
 */
function labelled(label, text, look = "") {
  return h("p", { class: look }, h("span", { class: "label" }, `${label} `), text);
}

/**
 * @param {string} label
 * @param {string} text
 */
function guidance(label, text) {
  return h("details", {}, h("summary", {}, label), h("p", {}, text));
}

/** @param {Record<string, number>} region in percent */
function regionBox(region) {
  const box = h("span", { class: "region", "aria-hidden": "true" });
  for (const [side, share] of Object.entries(region)) box.style.setProperty(side, `${share}%`);
  return box;
}

/** @param {HTMLElement | undefined} node */
function bring(node) {
  if (!node) return;
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.focus({ preventScroll: true });
  node.classList.add("shown");
  setTimeout(() => node.classList.remove("shown"), 1600);
}

/** Where the panes stand in the page: drawn anew only when there is something else to read. */
class Reading {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.root = root;
    this.written = "";
    /** @type {Panes | null} */
    this.panes = null;
  }

  /** @param {Component<ReadingData>} component */
  update({ data }) {
    const written = JSON.stringify(data);
    if (this.written === written) return;
    this.written = written;
    this.destroy();
    const panes = new Panes(data);
    this.panes = panes;
    this.root.append(panes.node);
    requestAnimationFrame(() => panes.settle());
  }

  destroy() {
    this.panes?.node.remove();
  }
}

export default mounting(Reading);
