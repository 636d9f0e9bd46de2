// The recording: play, seek, speed; the transcript follows the sound.

/** @import { IconName } from "../../../kit/elements.js" */
/** @import { RecordPane } from "./record.js" */
/** @import { Encounter, Place, Texts, Turn } from "./types.js" */

import { clamp, h, icon } from "../../../kit/elements.js";
import { clockTime } from "../../../kit/times.js";

const SPEED = "pad:speed";
const VOLUME = "pad:volume";
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

export class Player {
  /**
   * @param {Encounter} encounter
   * @param {Texts} texts
   * @param {Pick<RecordPane, "select">} record
   */
  constructor(encounter, texts, record) {
    this.encounter = encounter;
    this.texts = texts;
    this.record = record;
    this.following = true;
    /** @type {number | null} */
    this.from = null;
    this.audio = h("audio", { preload: "metadata", src: encounter.recording });
    this.button = control("play", texts.play, () => this.toggle());
    this.slider = this.position();
    this.time = h("span", { class: "time" }, "0:00");
    this.speed = h(
      "button",
      { type: "button", class: "speed", title: texts.speed, onclick: () => this.faster(1, true) },
      "1×",
    );
    this.setSpeed(kept(SPEED, SPEEDS, 1));
    this.audio.volume = kept(VOLUME, null, 1);
    this.stretching = control("stretch", texts.stretch, () => this.begin());
    this.stretching.setAttribute("aria-keyshortcuts", "r");
    this.stretching.setAttribute("aria-pressed", "false");
    this.problem = h("p", { class: "hint", role: "status", hidden: true });
    this.controls = h(
      "div",
      { class: "player", role: "group", "aria-label": texts.recording },
      this.button,
      control("back", texts.back, () => this.skip(-5)),
      control("forward", texts.forward, () => this.skip(5)),
      this.slider,
      this.time,
      this.speed,
      this.stretching,
    );
    this.node = h("div", { class: "sound" }, this.audio, this.controls, this.problem);
    this.listen();
  }

  position() {
    /** @type {HTMLInputElement} */
    const slider = h("input", {
      type: "range",
      min: 0,
      max: Math.ceil(this.encounter.duration ?? 0) || 1,
      step: 1,
      value: 0,
      "aria-label": this.texts.position,
      oninput: () => this.seek(Number(slider.value)),
    });
    return slider;
  }

  listen() {
    const { audio, slider } = this;
    audio.addEventListener("loadedmetadata", () => {
      slider.max = String(Math.ceil(audio.duration));
    });
    audio.addEventListener("timeupdate", () => this.show());
    for (const name of ["play", "pause", "ended"])
      audio.addEventListener(name, () => this.showState());
    audio.addEventListener("volumechange", () => keep(VOLUME, audio.volume));
    audio.addEventListener("error", () => this.explain());
  }

  async explain() {
    this.controls.hidden = true;
    const headers = { Range: "bytes=0-0" };
    const reply = await fetch(this.encounter.recording, { headers }).catch(() => null);
    const data = reply && reply.status >= 400 ? await reply.json().catch(() => ({})) : {};
    this.problem.textContent = data.error ?? this.texts.unplayable;
    this.problem.hidden = false;
  }

  toggle() {
    this.follow(true);
    if (this.audio.paused)
      this.audio.play().catch(() => {}); // the error event tells why
    else this.audio.pause();
  }

  /** @param {number} second */
  seek(second) {
    this.audio.currentTime = clamp(second, 0, this.audio.duration || second);
    this.show();
  }

  /** @param {number} by */
  skip(by) {
    this.seek(this.audio.currentTime + by);
  }

  /**
   * @param {number} by
   * @param {boolean} around whether the slowest comes after the fastest
   */
  faster(by, around = false) {
    this.setSpeed(speedAfter(this.audio.playbackRate, by, around));
    keep(SPEED, this.audio.playbackRate);
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
    this.speed.textContent = `${speed}×`;
  }

  /** @param {number} second */
  playFrom(second) {
    this.seek(second);
    this.follow(true);
    this.audio.play().catch(() => {}); // the error event tells why
  }

  /** The turn that is heard. */
  turn() {
    return turnAt(this.encounter.turns, this.audio.currentTime);
  }

  /** @param {boolean} wanted */
  follow(wanted) {
    this.following = wanted;
  }

  show() {
    const { audio, encounter } = this;
    const second = audio.currentTime;
    this.slider.value = String(second);
    const whole = audio.duration || encounter.duration || 0;
    this.time.textContent = `${clockTime(second)} / ${clockTime(whole)}`;
    if (this.following && !audio.paused) this.record.select(turnAt(encounter.turns, second));
  }

  showState() {
    const { paused } = this.audio;
    const label = paused ? this.texts.play : this.texts.pause;
    this.button.replaceChildren(icon(paused ? "play" : "pause"));
    this.button.setAttribute("aria-label", label);
  }

  begin() {
    this.from = this.audio.currentTime;
    this.stretching.setAttribute("aria-pressed", "true");
  }

  /**
   * The second, or the stretch since `begin`, that a pin made now points to.
   *
   * @param {Turn} [turn]
   */
  stretch(turn) {
    const { currentTime: now, paused } = this.audio;
    const place = placeInSound({ from: this.from, now, paused }, turn);
    this.from = null;
    this.stretching.setAttribute("aria-pressed", "false");
    return place;
  }

  close() {
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}

/**
 * @param {IconName} name
 * @param {string} label
 * @param {() => void} onclick
 */
function control(name, label, onclick) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick }, icon(name));
}

/**
 * What this browser kept of the player's setting, for every encounter.
 *
 * @param {string} name
 * @param {number[] | null} among the values that it may have
 * @param {number} otherwise
 */
function kept(name, among, otherwise) {
  try {
    const value = Number(localStorage.getItem(name) ?? otherwise);
    const fits = among ? among.includes(value) : value >= 0 && value <= 1;
    return fits ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} name
 * @param {number} value
 */
function keep(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // full or forbidden: it holds until the next encounter
  }
}

/**
 * @param {number} speed
 * @param {number} by
 * @param {boolean} around
 */
export function speedAfter(speed, by, around) {
  const at = SPEEDS.indexOf(speed) + by;
  return SPEEDS[around ? (at + SPEEDS.length) % SPEEDS.length : clamp(at, 0, SPEEDS.length - 1)];
}

/**
 * The turn that is heard at a second.
 *
 * @param {Pick<Turn, "start" | "position">[]} turns
 * @param {number} second
 */
export function turnAt(turns, second) {
  const begun = turns.filter((turn) => turn.start !== null && turn.start <= second);
  return begun.at(-1)?.position ?? null;
}

/**
 * Where in the recording a pin points, to a tenth of a second: a stretch that was begun; while
 * nothing plays, the beginning of the turn; else now, unless nothing was heard of it yet.
 *
 * @param {{ from: number | null, now: number, paused: boolean }} sound
 * @param {Pick<Turn, "start">} [turn]
 * @returns {Place}
 */
export function placeInSound({ from, now, paused }, turn) {
  const tenth = (/** @type {number} */ second) => Math.round(second * 10) / 10;
  const end = tenth(now);
  if (from !== null && tenth(from) < end) return { start_second: tenth(from), end_second: end };
  if (turn && turn.start !== null && paused) return { start_second: turn.start };
  return turn && end === 0 ? {} : { start_second: end };
}
