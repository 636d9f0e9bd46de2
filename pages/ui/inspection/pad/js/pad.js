// The pad itself: one encounter at a time, as long as its component stands in the page.

/** @import { Component } from "../../../kit/types.js" */
/** @import { PadData, Receipt, State } from "./types.js" */

import { mounting } from "../../../kit/mounting.js";
import { Desk } from "./desk.js";
import { Ending, Frame } from "./frame.js";
import { Server } from "./saving.js";

const IDLE_AFTER = 60_000;

export class Pad {
  /**
   * @param {ShadowRoot} root
   * @param {Component<PadData>} component
   */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.data = component.data;
    this.assignment = addressed() ?? this.data.assignment;
    this.activeAt = 0;
    /** Of the form submitted last, until it has been shown.
     * @type {Receipt | null} */
    this.receipt = null;
    /** @type {Desk | null} */
    this.desk = null;
    this.tab = crypto.randomUUID();
    this.frame = new Frame(root);
    this.frame.language = this.data.language;
    this.ending = new Ending(this);
    this.channel = new BroadcastChannel("pad");
    this.channel.onmessage = ({ data }) => {
      if (data.tab !== this.tab) this.desk?.heard(data.address);
    };
    this.listening = new AbortController();
    this.listen();
    this.ticker = setInterval(() => this.tick(), 1000);
    this.start(this.assignment);
  }

  get texts() {
    return this.data.texts;
  }

  listen() {
    const { signal } = this.listening;
    const early = { signal, capture: true };
    window.addEventListener("keydown", (event) => this.pressed(event), early);
    window.addEventListener("resize", () => this.frame.fit(), { signal });
    window.addEventListener("online", () => this.desk?.saver.flush(), { signal });
    window.addEventListener("focus", () => this.desk?.returned(), { signal });
    window.addEventListener("pagehide", () => this.desk?.saver.flush(), { signal });
    document.addEventListener("selectionchange", () => this.desk?.record.refresh(), { signal });
    window.addEventListener("qi-connection", (event) => this.connection(event), { signal });
    const hidden = () => document.hidden && this.desk?.saver.flush();
    document.addEventListener("visibilitychange", hidden, { signal });
    const active = () => (this.activeAt = Date.now());
    for (const name of ["keydown", "pointerdown", "wheel"])
      window.addEventListener(name, active, { ...early, passive: true });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (this.frame.isFree()) this.desk?.keys.handle(event);
  }

  /**
   * The page has lost its connection, or has it again: the bar says so, in place of the page.
   *
   * @param {Event} event of kit/connection.js
   */
  connection(event) {
    if (!this.desk || !(event instanceof CustomEvent)) return;
    event.preventDefault();
    this.desk.bar.setAway(event.detail.away);
    if (!event.detail.away) this.desk.returned();
  }

  /**
   * Called with every run of the page's script. The script only knows the encounter it began with,
   * the address knows the one that is open.
   *
   * @param {Component<PadData>} component
   */
  update(component) {
    const before = this.data;
    const { data } = component;
    this.component = component;
    this.data = data;
    this.frame.language = data.language;
    if (before.assignment !== data.assignment) this.start(data.assignment);
    else if (before.language !== data.language) this.start(this.assignment);
  }

  /** @param {number} assignment */
  async start(assignment) {
    this.assignment = assignment;
    await this.desk?.saver.flush();
    const server = this.serverOf(assignment);
    const { status, data } = await server.state();
    if (this.listening.signal.aborted) return; // the pad has left the page meanwhile
    if (status === 200) this.open(data, server);
    else this.ending.closed(status, data, () => this.start(assignment));
  }

  /** @param {number} assignment */
  serverOf(assignment) {
    const { routes, language, narrowed } = this.data;
    return new Server(`${routes}/${assignment}`, language, narrowed);
  }

  /**
   * Lay out one encounter; everything of the one before goes.
   *
   * @param {State} state
   * @param {Server} server
   */
  open(state, server) {
    this.close();
    this.assignment = state.assignment;
    showAddress(state.assignment);
    if (state.state !== "open") {
      this.ending.finished(state.state, state.next);
      return;
    }
    this.desk = new Desk(this, state, server);
    this.desk.lay();
  }

  leave() {
    this.component.setTriggerValue("leave", true);
  }

  tick() {
    const isActive = !document.hidden && Date.now() - this.activeAt < IDLE_AFTER;
    if (this.desk && isActive) this.desk.work.seconds += 1;
  }

  close() {
    this.desk?.close();
    this.desk = null;
  }

  destroy() {
    this.desk?.saver.flush();
    this.close();
    this.channel.close();
    this.listening.abort();
    this.frame.remove();
    clearInterval(this.ticker);
  }
}

function addressed() {
  const given = new URL(location.href).searchParams.get("assignment") ?? "";
  return /^\d+$/.test(given) ? Number(given) : null;
}

/**
 * The address names the encounter, so that a reload comes back to it.
 *
 * @param {number} assignment
 */
function showAddress(assignment) {
  const address = new URL(location.href);
  address.searchParams.set("assignment", String(assignment));
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

export default mounting(Pad);
