// The list of cases: a listbox. Arrows select, Enter or a double click opens.

/** @import { Component, Span } from "../../kit/types.js" */
/**
 * @typedef {object} Card a case as it is listed
 * @property {number} id
 * @property {string} score
 * @property {boolean} low
 * @property {string} title
 * @property {string} signs
 * @property {string} facts
 * @property {{ name: string, lost: string }[]} chips
 * @property {number} more chips that are not shown
 * @property {string} excerpt
 * @property {Span[]} hits
 */
/**
 * @typedef {object} ListData
 * @property {Card[]} cases
 * @property {boolean} picks whether several can be picked
 * @property {{ list: string, nothing_lost: string, pick: string, keys: string }} texts
 */

import { clamp, h } from "../../kit/elements.js";
import { mounting } from "../../kit/mounting.js";
import { stretches } from "../../kit/texts.js";

const MASK = "█"; // what stands for personal data
const WAIT = 180; // ms until a selection by key is sent, so that holding a key sends the last one
const FOLLOWED = 4000; // ms that what was chosen may take to come in
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

class CaseList {
  /**
   * @param {ShadowRoot} root
   * @param {Component<ListData>} component
   */
  constructor(root, component) {
    this.component = component;
    this.data = component.data;
    this.written = "";
    /** @type {number[]} */
    this.ids = [];
    /** @type {number | null} */
    this.selected = null;
    /** @type {Set<number>} */
    this.picked = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {AbortController | undefined} */
    this.followed = undefined;
    this.hint = h("p", { class: "hint" });
    const props = { class: "cases", role: "listbox", tabindex: "0" };
    this.box = h("div", { ...props, onkeydown: (event) => this.key(event) });
    this.node = h("div", { class: "list" }, this.box, this.hint);
    root.append(this.node);
  }

  /** @param {Component<ListData>} component */
  update(component) {
    this.component = component;
    const written = JSON.stringify(component.data);
    if (written === this.written) return;
    const isFirst = this.written === "";
    const before = this.ids;
    this.written = written;
    this.data = component.data;
    this.take();
    this.draw();
    if (!isFirst && before.join() !== this.ids.join()) this.toTop();
  }

  destroy() {
    clearTimeout(this.timer);
    this.followed?.abort();
    this.node.remove();
  }

  /** What was selected and picked stays as far as it is still listed. */
  take() {
    this.ids = this.data.cases.map(({ id }) => id);
    if (this.selected !== null && !this.ids.includes(this.selected)) this.selected = null;
    this.picked = new Set([...this.picked].filter((id) => this.ids.includes(id)));
  }

  draw() {
    const { cases, texts } = this.data;
    this.box.setAttribute("aria-label", texts.list);
    this.box.replaceChildren(...cases.map((card) => this.card(card)));
    this.hint.textContent = texts.keys;
    this.mark();
  }

  toTop() {
    this.box.scrollTop = 0;
    if (this.box.getBoundingClientRect().top < 0) this.box.scrollIntoView({ block: "start" });
  }

  /** @param {Card} card */
  card(card) {
    const { id } = card;
    const props = {
      class: card.low ? "case low" : "case",
      role: "option",
      id: `case-${id}`,
      "data-id": id,
      onclick: () => this.read(id),
      ondblclick: () => this.open(id),
    };
    const tick = this.data.picks ? this.tick(card) : null;
    const signs = card.signs ? h("span", { class: "signs" }, card.signs) : null;
    return h(
      "div",
      props,
      h("div", { class: "head" }, tick, span("score", card.score), span("station", card.title)),
      h("div", { class: "facts" }, signs, card.facts),
      h("div", { class: "chips" }, ...this.chips(card)),
      card.excerpt && h("div", { class: "excerpt" }, ...marked(card.excerpt, card.hits)),
    );
  }

  /** @param {Card} card */
  chips({ chips, more }) {
    const shown = chips.map(({ name, lost }) =>
      h("span", { class: "chip" }, span("name", name), span("lost", lost)),
    );
    if (more) shown.push(span("chip rest", `+${more}`));
    return shown.length ? shown : [span("chip rest", this.data.texts.nothing_lost)];
  }

  /**
   * The box of a case that can be picked; whether it is stands at the case itself, as an option
   * cannot hold another control.
   *
   * @param {Card} card
   */
  tick({ id }) {
    const props = { class: "pick", "aria-hidden": "true", title: this.data.texts.pick };
    return h("span", {
      ...props,
      onclick: (event) => {
        event.stopPropagation();
        this.pick(id);
      },
      ondblclick: (/** @type {Event} */ event) => event.stopPropagation(),
    });
  }

  /** @param {number} id */
  pick(id) {
    if (!this.picked.delete(id)) this.picked.add(id);
    this.mark();
    this.component.setStateValue("picked", [...this.picked]);
  }

  mark() {
    for (const card of this.box.children) {
      card.setAttribute("aria-selected", String(card.id === `case-${this.selected}`));
      const isPicked = [...this.picked].some((id) => card.id === `case-${id}`);
      if (this.data.picks) card.setAttribute("aria-checked", String(isPicked));
    }
    if (this.selected) this.box.setAttribute("aria-activedescendant", `case-${this.selected}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {number} id
   * @param {number} wait
   */
  select(id, wait = 0) {
    this.selected = id;
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.component.setStateValue("selected", id), wait);
  }

  /**
   * By mouse or finger: where what is read stands below the list, as on a phone, go there. It comes
   * in after that, so it is followed while it grows, until somebody scrolls.
   *
   * @param {number} id
   */
  read(id) {
    this.select(id);
    const column = columnOf(this.node);
    const beside = column?.nextElementSibling;
    if (!column || !beside || !isBelow(column, beside)) return;
    this.followed?.abort();
    const followed = (this.followed = new AbortController());
    const go = () => beside.scrollIntoView({ block: "start" });
    const growing = new ResizeObserver(go);
    growing.observe(beside);
    followed.signal.addEventListener("abort", () => growing.disconnect());
    const { signal } = followed;
    for (const sign of ["wheel", "touchmove", "keydown"])
      window.addEventListener(sign, () => followed.abort(), { signal, passive: true });
    setTimeout(() => followed.abort(), FOLLOWED);
    go();
  }

  /** @param {number} id */
  open(id) {
    this.component.setTriggerValue("opened", id);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const { selected } = this;
    if (step) this.step(step);
    else if (event.key === " " && this.data.picks && selected) this.pick(selected);
    else if (event.key === "Enter" && selected) this.open(selected);
    else return;
    event.preventDefault();
  }

  /** @param {number} by */
  step(by) {
    const id = idAfter(this.ids, this.selected, by);
    if (id === undefined) return;
    this.select(id, WAIT);
    this.box.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }
}

/**
 * The column of the page that a component stands in.
 *
 * @param {Element} node
 */
function columnOf(node) {
  const root = node.getRootNode();
  const host = root instanceof ShadowRoot ? root.host : node;
  return host.closest('[data-testid="stColumn"]');
}

/**
 * @param {Element} above
 * @param {Element} below
 */
function isBelow(above, below) {
  return below.getBoundingClientRect().top >= above.getBoundingClientRect().bottom - 1;
}

/**
 * The case some steps further, or the last one in that direction.
 *
 * @param {number[]} ids
 * @param {number | null} selected
 * @param {number} by
 */
export function idAfter(ids, selected, by) {
  const at = selected === null ? -1 : ids.indexOf(selected);
  return ids[clamp(at + by, 0, ids.length - 1)];
}

/**
 * @param {string} text
 * @param {Span[]} hits
 */
function marked(text, hits) {
  const isHit = (/** @type {number} */ at) => hits.some(([from, to]) => from <= at && at < to);
  const other = (/** @type {string} */ character) => (character === MASK ? "masked" : "");
  return stretches(text, (at, character) => (isHit(at) ? "hit" : other(character))).map(
    ({ style, text: words }) =>
      style ? h(style === "hit" ? "mark" : "span", { class: style }, words) : words,
  );
}

/**
 * @param {string} look
 * @param {string} text
 */
function span(look, text) {
  return h("span", { class: look }, text);
}

export default mounting(CaseList);
