// A photo with the part of it that is meant: shown anywhere, marked in a dialog by mouse, finger or key.

/** @import { NoRegion, Pin, Region, Texts } from "./types.js" */
/** @typedef {{ x: number, y: number }} Point in shares of the photo's sides */

import { clamp, h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";

/** @type {(keyof Region)[]} */
const SIDES = ["region_left", "region_top", "region_width", "region_height"];
/** @type {NoRegion} */
export const WHOLE = {
  region_left: null,
  region_top: null,
  region_width: null,
  region_height: null,
};
/** @type {Region} */
const FIRST = { region_left: 0.3, region_top: 0.3, region_width: 0.4, region_height: 0.4 };
const STEP = 0.02;
const SMALLEST = 0.03;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Partial<Pin>} pin
 * @returns {Region | null}
 */
export function regionOf({ region_left, region_top, region_width, region_height }) {
  const isNumber = (/** @type {unknown} */ side) => typeof side === "number";
  const sides = { region_left, region_top, region_width, region_height };
  return Object.values(sides).every(isNumber) ? /** @type {Region} */ (sides) : null;
}

/**
 * @param {Partial<Pin>} pin
 * @param {string} alt
 */
export function photoView(pin, alt) {
  const image = h("img", { src: `/api/photo/${pin.photo}`, alt, draggable: "false" });
  const region = regionOf(pin);
  return h("span", { class: "shot" }, image, region && regionBox(region));
}

/** @param {Region} region */
function regionBox(region) {
  const box = h("span", { class: "region", "aria-hidden": "true" });
  placeBox(box, region);
  return box;
}

/**
 * @param {HTMLElement} box
 * @param {Region} region
 */
function placeBox(box, region) {
  for (const side of SIDES)
    box.style.setProperty(side.replace("region_", ""), `${region[side] * 100}%`);
}

/**
 * Inside the photo, in steps the server can store.
 *
 * @param {Region} region
 * @returns {Region}
 */
export function fitted({ region_left, region_top, region_width, region_height }) {
  const round = (/** @type {number} */ share) => Math.round(share * 10_000) / 10_000;
  const width = round(clamp(region_width, SMALLEST, 1));
  const height = round(clamp(region_height, SMALLEST, 1));
  return {
    region_left: round(clamp(region_left, 0, 1 - width)),
    region_top: round(clamp(region_top, 0, 1 - height)),
    region_width: width,
    region_height: height,
  };
}

/**
 * The region between two points; null while they are too close to mean one.
 *
 * @param {Point} from
 * @param {Point} to
 */
export function regionBetween(from, to) {
  const width = Math.abs(to.x - from.x);
  const height = Math.abs(to.y - from.y);
  if (width < SMALLEST / 2 && height < SMALLEST / 2) return null;
  return fitted({
    region_left: Math.min(to.x, from.x),
    region_top: Math.min(to.y, from.y),
    region_width: width,
    region_height: height,
  });
}

/**
 * The region a step further, or that much larger or smaller.
 *
 * @param {Region} region
 * @param {[number, number]} step
 * @param {boolean} resize
 */
export function regionMoved(region, [x, y], resize) {
  const moved = { ...region };
  moved[resize ? "region_width" : "region_left"] += x * STEP;
  moved[resize ? "region_height" : "region_top"] += y * STEP;
  return fitted(moved);
}

export class RegionDialog {
  /** @param {Texts} texts */
  constructor(texts) {
    this.texts = texts;
    /** @type {Region | null} */
    this.region = null;
    /** @type {Point | null} */
    this.from = null;
    /** @type {(region: Region | NoRegion) => void} */
    this.done = () => {};
    this.remove = () => {};
    this.title = h("h2");
    this.spoken = h("p", { class: "hint", role: "status" });
    this.area = h("div", { class: "area" });
    this.shot = h("div", { class: "shot" });
    this.box = regionBox(FIRST);
    const keys = h("span", { class: "by-key" }, texts.region_keys);
    this.node = h(
      "dialog",
      { class: "photo", "aria-label": texts.photo },
      this.title,
      h("p", { class: "hint" }, texts.region_how, keys),
      this.area,
      this.spoken,
      this.buttons(),
    );
  }

  buttons() {
    const { texts } = this;
    const button = (
      /** @type {string} */ label,
      /** @type {() => void} */ onclick,
      /** @type {string} */ look = "",
    ) => h("button", { type: "button", class: look, onclick }, label);
    return h(
      "div",
      { class: "row" },
      button(texts.remove_photo, () => this.close(() => this.remove())),
      button(texts.whole_photo, () => this.set(null)),
      button(texts.region_done, () => this.finish(), "primary"),
    );
  }

  /**
   * @param {Pin} pin
   * @param {string} title
   * @param {object} asked
   * @param {(region: Region | NoRegion) => void} asked.done gets the region chosen
   * @param {() => void} asked.remove is to take the photo away
   */
  show(pin, title, { done, remove }) {
    this.done = done;
    this.remove = remove;
    this.title.textContent = title;
    this.box = regionBox(FIRST);
    this.shot = h("div", { class: "shot", tabindex: "0", role: "group", "aria-label": title });
    this.shot.append(...photoView({ photo: pin.photo }, title).childNodes, this.box);
    this.area.replaceChildren(this.shot);
    this.listen();
    const region = regionOf(pin);
    this.set(region && fitted(region));
    this.node.showModal();
    this.shot.focus();
  }

  listen() {
    const { shot } = this;
    shot.addEventListener("pointerdown", (event) => this.begin(event));
    shot.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"])
      shot.addEventListener(name, () => (this.from = null));
    shot.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {Region | null} region */
  set(region) {
    this.region = region;
    this.box.hidden = !region;
    if (region) placeBox(this.box, region);
    const [left, top, width, height] = SIDES.map((side) => Math.round(100 * (region?.[side] ?? 0)));
    this.spoken.textContent = region
      ? fill(this.texts.region, { left, top, width, height })
      : this.texts.no_region;
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  at(event) {
    const box = this.shot.getBoundingClientRect();
    return {
      x: clamp((event.clientX - box.left) / box.width, 0, 1),
      y: clamp((event.clientY - box.top) / box.height, 0, 1),
    };
  }

  /** @param {PointerEvent} event */
  begin(event) {
    event.preventDefault();
    this.shot.focus();
    this.shot.setPointerCapture(event.pointerId);
    this.from = this.at(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const region = this.from && regionBetween(this.from, this.at(event));
    if (region) this.set(region);
  }

  /**
   * Arrows move the region, with Shift they make it larger or smaller.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    const step = ARROWS[event.key];
    if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace" || event.key === "Delete") this.set(null);
    else if (step) this.set(this.region ? regionMoved(this.region, step, event.shiftKey) : FIRST);
    else return;
    event.preventDefault();
  }

  finish() {
    this.close(() => this.done(this.region ?? WHOLE));
  }

  /** @param {() => void} act */
  close(act) {
    this.node.close();
    act();
  }
}
