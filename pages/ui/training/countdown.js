// The time that is left of an exam, counted by the browser's own monotonic clock.

/** @import { Component } from "../kit/types.js" */
/** @typedef {{ seconds: number, texts: { left: string, minutes: string } }} CountdownData */

import { h } from "../kit/elements.js";
import { mounting } from "../kit/mounting.js";

const SOON = 60;
const SPOKEN = [10, 5, 1];

/**
 * Hours, minutes and seconds; what has begun of a second counts whole.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const minutes = `${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  return left < 3600 ? minutes : `${Math.floor(left / 3600)}:${minutes}`;
}

/**
 * The minutes to be spoken between two looks, as the time passes one of them; null otherwise.
 *
 * @param {number} before
 * @param {number} after
 */
export function passed(before, after) {
  return SPOKEN.find((minutes) => before > minutes * 60 && after <= minutes * 60) ?? null;
}

class Countdown {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.time = h("div", { class: "time", role: "timer" });
    this.spoken = h("div", { class: "spoken", "aria-live": "polite" });
    root.append(this.time, this.spoken);
    this.ends = Infinity;
    this.last = Infinity;
    this.told = false;
    this.timer = setInterval(() => this.show(), 250);
  }

  /** @param {Component<CountdownData>} component */
  update(component) {
    this.component = component;
    this.ends = performance.now() / 1000 + component.data.seconds;
    this.time.setAttribute("aria-label", component.data.texts.left);
    this.show();
  }

  show() {
    if (!this.component) return;
    const { texts } = this.component.data;
    const left = this.ends - performance.now() / 1000;
    this.time.textContent = clock(left);
    this.time.classList.toggle("soon", left <= SOON);
    const minutes = this.last === Infinity ? null : passed(this.last, left);
    if (minutes !== null) this.spoken.textContent = texts.minutes.replace("{count}", String(minutes));
    this.last = left;
    if (left > -1 || this.told) return; // a second later the portal's clock is past it too
    this.told = true;
    this.component.setTriggerValue("over", true);
  }

  destroy() {
    clearInterval(this.timer);
    this.time.remove();
    this.spoken.remove();
  }
}

export default mounting(Countdown);
