// What all our components build with. Texts only ever enter the page as text nodes, never as markup.

/** @import { Child, Props } from "./types.js" */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  pin: "M9 2h6l-1 6 4 4v2h-5v6l-1 2-1-2v-6H6v-2l4-4z",
  note: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  forward: "M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  stretch: "M4 4v16M8 12h12M15 7l5 5-5 5",
  warn: "M12 2L1 21h22zM11 9h2v6h-2zM11 17h2v2h-2z",
  camera: "M4 7h4l2-3h4l2 3h4v13H4zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  time: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2",
  ask: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17v1.5",
  close: "M5 5l14 14M19 5L5 19",
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * An element with its attributes, listeners and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} props
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = String(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children)
    if (child || child === 0) node.append(child instanceof Node ? child : String(child));
  return node;
}

/**
 * A drawing; without a label it says nothing to whoever does not see it.
 *
 * @param {IconName} name
 * @param {string} [label]
 */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * What a selector finds and the code relies on.
 *
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}.`);
  return found;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * Scroll only the pane, and only as far as needed to see the node with some room around it.
 *
 * @param {HTMLElement} pane
 * @param {HTMLElement} node
 */
export function keepInView(pane, node) {
  const room = Math.min(96, pane.clientHeight / 4);
  const box = node.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top + room) pane.scrollTop -= frame.top + room - box.top;
  else if (box.bottom > frame.bottom - room)
    pane.scrollTop += Math.min(box.bottom - frame.bottom + room, box.top - frame.top - room);
}
