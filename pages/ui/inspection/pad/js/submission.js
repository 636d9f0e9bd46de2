// Submitting, and what comes after it. The same request is sent until it is answered: the server
// makes one inspection of it, however often it arrives.

/** @import { Desk } from "./desk.js" */
/** @import { Receipt, Refusal, Reply, State } from "./types.js" */

import { isRetried, retryAfter } from "./saving.js";

export class Submission {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.running = false;
  }

  /** @param {{ fewAreMeant?: boolean }} sure whether it was asked about already that little applies */
  async begin({ fewAreMeant = false } = {}) {
    const { desk } = this;
    if (this.running || this.isHeldUp(fewAreMeant)) return;
    this.running = true;
    desk.bar.busy(true);
    const complete = await desk.photos.arrived();
    if (!desk.isOpen) return; // put aside meanwhile
    const reply = complete ? await this.send() : null;
    this.running = false;
    if (reply?.status === 200) {
      this.desk.pad.receipt = receiptOf(reply.data);
      this.done(reply.data.next);
      return;
    }
    desk.bar.busy(false);
    if (reply) this.refused(reply);
  }

  /**
   * Whether something has to be settled first; the inspector is told.
   *
   * @param {boolean} fewAreMeant
   */
  isHeldUp(fewAreMeant) {
    const { work, saver, conflict, actions, questions, texts } = this.desk;
    const missing = work.unanswered().map((item) => item.key);
    const counts = work.applying();
    const isLittle = counts.all > 0 && (counts.applying === 0 || 2 * counts.byHand > counts.all);
    const areFew = !fewAreMeant && isLittle;
    if (saver.stopped) conflict.begin();
    else if (missing.length) actions.listMissing(missing, texts.missing);
    else if (areFew) questions.few(counts, () => this.begin({ fewAreMeant: true }));
    return saver.stopped || missing.length > 0 || areFew;
  }

  /** The first answer that is one; null when another tab got in between. */
  async send() {
    const { saver, bar } = this.desk;
    for (let tried = 0; ; tried += 1) {
      const reply = await this.attempt();
      if (saver.stopped) return null;
      if (reply && !isRetried(reply.status)) return reply;
      bar.setStatus("retrying");
      await new Promise((resolve) => setTimeout(resolve, retryAfter(tried)));
    }
  }

  /** @returns {Promise<Reply<Receipt & { next: State | null }> | null>} */
  async attempt() {
    const { saver, server, bar, work } = this.desk;
    await saver.idle();
    if (saver.pending || saver.stopped) return null;
    bar.setStatus("submitting");
    return server.post("submit", { version: saver.version, ...work.content() });
  }

  /** @param {State | null} next */
  done(next) {
    const { saver } = this.desk;
    saver.close();
    saver.copy.drop();
    this.desk.tellOthers();
    this.goOn(next);
  }

  /** @param {State | null} next */
  goOn(next) {
    const { pad } = this.desk;
    if (!next) {
      pad.ending.finished("done", null);
      return;
    }
    const server = pad.serverOf(next.assignment);
    server.token = next.token;
    pad.open(next, server);
  }

  /** @param {{ status: number, data: Refusal }} reply */
  refused({ status, data }) {
    const { desk } = this;
    desk.bar.setStatus("refused", desk.texts.not_submitted);
    if (status === 401) desk.signedOut(data);
    else if (status === 409) desk.conflict.begin();
    else if (data.items) desk.actions.listMissing(data.items, data.error ?? "");
    else desk.banner.show(data.error ?? desk.texts.unreachable);
  }

  /** @param {string} reason */
  async putAside(reason) {
    const { desk } = this;
    const { status, data } = await desk.server.post("skip", { reason });
    if (status === 200) this.done(data.next);
    else if (status === 401) desk.signedOut(data);
    else desk.banner.show(data.error ?? desk.texts.unreachable);
  }
}

/**
 * What was made of the form, null where that is no inspection.
 *
 * @param {Receipt} reply
 */
function receiptOf({ inspection, score }) {
  return inspection === undefined ? null : { inspection, score };
}
