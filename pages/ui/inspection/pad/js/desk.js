// One encounter laid out to be scored: its panes, what was entered, and what they ask of each other.

/** @import { Pad } from "./pad.js" */
/** @import { Server } from "./saving.js" */
/** @import { ItemResult, OpenState, Pin, Refusal, Saved, SaveReport } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";
import { Actions } from "./actions.js";
import { Banner, Bar, ledgerPanel, skipDialog } from "./bar.js";
import { Bindings } from "./bindings.js";
import { ChecklistPane } from "./checklist.js";
import { Conflict } from "./conflict.js";
import { receiptText } from "./frame.js";
import { KeyList } from "./key_list.js";
import { Keys, SETTABLE } from "./keys.js";
import { Photos } from "./photos.js";
import { Questions } from "./questions.js";
import { RecordPane } from "./record.js";
import { LocalCopy, Saver } from "./saving.js";
import { Submission } from "./submission.js";
import { Work } from "./work.js";

export class Desk {
  /**
   * @param {Pad} pad
   * @param {OpenState} state
   * @param {Server} server
   */
  constructor(pad, state, server) {
    this.pad = pad;
    this.state = state;
    this.server = server;
    this.texts = pad.texts;
    this.signedOutShown = false;
    this.sheet = state.sheet;
    /** @type {Pin[]} */
    this.shownPins = [];
    this.shownCount = -1;
    this.bindings = new Bindings(`pad:keys:${state.user}`, SETTABLE);
    this.work = new Work(state.checklist, (key) => this.changed(key), state.ruled_out);
    this.work.load(state.draft);
    this.saver = this.makeSaver();
    this.isUpToDate = this.saver.restore();
    this.actions = new Actions(this);
    const parts = { state, work: this.work, texts: this.texts, actions: this.actions };
    this.checklist = new ChecklistPane(parts);
    this.record = new RecordPane(parts);
    this.bar = new Bar(this.texts, this.actions);
    this.banner = new Banner();
    this.ledger = ledgerPanel(this.texts);
    this.keyList = new KeyList(this.texts, this.bindings, () => pad.start(state.assignment));
    this.keys = new Keys(this);
    this.conflict = new Conflict(this);
    this.submission = new Submission(this);
    this.photos = new Photos(this);
    this.questions = new Questions(this);
    this.skipping = skipDialog(this.texts, (reason) => this.submission.putAside(reason));
  }

  makeSaver() {
    const { server, state, work } = this;
    const copy = new LocalCopy(server.address, state.user);
    const report = (/** @type {SaveReport} */ kind, /** @type {any} */ detail) => {
      if (this.isOpen) this.report(kind, detail);
    };
    return new Saver({ server, copy, work, stored: state.draft, report });
  }

  /** Whether this encounter is still the one that the pad shows. */
  get isOpen() {
    return this.pad.desk === this;
  }

  /** Show it. */
  lay() {
    const { state, texts, bar } = this;
    const { frame } = this.pad;
    frame.lay(
      state.assignment,
      frame.header(state, texts),
      this.banner.node,
      h("div", { class: "panes" }, this.record.node, this.checklist.node, this.ledger.node),
      bar.node,
      this.keyList.node,
      this.skipping,
      this.photos.node,
      this.questions.node,
    );
    frame.showTab("checklist");
    this.showSheet();
    this.showPins();
    const { version, saved_at } = state.draft;
    if (version) bar.setStatus("stored", fill(texts.stored_at, { time: saved_at ?? "" }));
    bar.showReceipt(receiptText(this.pad));
    if (!this.isUpToDate) this.conflict.begin();
    this.actions.firstUnanswered();
  }

  /** @param {string | null} key */
  changed(key) {
    this.checklist.changed(key);
    this.showPins();
    this.saver.changed();
  }

  /** All anew, as after merging. */
  redraw() {
    this.checklist.redraw();
    this.showPins();
  }

  showPins() {
    const { pins } = this.work;
    if (this.shownPins === pins && this.shownCount === pins.length) return;
    this.shownPins = pins;
    this.shownCount = pins.length;
    this.record.pinsChanged();
    this.bar.showPins(pins.length);
  }

  /**
   * @param {SaveReport} kind
   * @param {any} detail
   */
  report(kind, detail) {
    const refused = () => fill(this.texts.refused, { error: detail.error ?? "" });
    this.bar.setStatus(kind, kind === "refused" ? refused() : null);
    if (kind === "saved") this.saved(detail);
    if (kind === "signed_out") this.signedOut(detail);
    if (kind === "conflict") this.conflict.begin();
    if (kind === "refused") this.recheck();
  }

  /** @param {Saved} detail */
  saved(detail) {
    if (this.signedOutShown) this.banner.hide();
    this.signedOutShown = false;
    this.showSheet(detail.sheet);
    this.tellOthers();
  }

  showSheet(sheet = this.state.sheet) {
    this.sheet = sheet;
    this.bar.showSheet(sheet);
    this.checklist.showSheet(sheet);
    this.showLedger();
  }

  async showLedger() {
    const { ledger, server } = this;
    if (ledger.node.hidden) return;
    const { status, data } = await server.call("GET", "ledger");
    if (status !== 200) return;
    const { items } = this.sheet;
    const losses = this.work.items.filter(({ key }) => items[key]).map((item) => ({
      item,
      result: items[item.key],
      open: () => this.actions.focusItem(item.key),
    }));
    ledger.show(data.lines, losses.sort((one, other) => weight(other.result) - weight(one.result)));
  }

  /** @param {Refusal} refusal */
  signedOut({ error }) {
    const { texts } = this;
    const signIn = { label: texts.sign_in, href: "/login" };
    const again = { label: texts.try_again, act: () => this.saver.flush() };
    this.banner.show(texts.signed_out ?? error, { buttons: [signIn, again] });
    this.signedOutShown = true;
  }

  /** The inspector has come back to the page, perhaps from signing in. */
  returned() {
    if (["signed_out", "retrying"].includes(this.bar.kind)) this.saver.flush();
  }

  tellOthers() {
    this.pad.channel.postMessage({ address: this.server.address, tab: this.pad.tab });
  }

  /**
   * Another tab has changed something.
   *
   * @param {string} address
   */
  heard(address) {
    if (address === this.server.address && !this.saver.stopped) this.conflict.begin();
  }

  /** A refused save may mean that the work was submitted or taken away meanwhile. */
  async recheck() {
    const { status, data } = await this.server.state();
    if (this.isOpen && status === 200 && data.state !== "open") this.pad.open(data, this.server);
  }

  close() {
    this.saver.close();
    this.bar.close();
    this.record.player?.close();
  }
}

/**
 * What an item cost, in points; a critical effect comes before all else.
 *
 * @param {ItemResult} result
 */
function weight({ lost, effect }) {
  return (effect ? 1000 : 0) + (Number.parseFloat(lost) || 0);
}
