// Submitting, and what comes after it. The same request is sent until it is answered: the server
// makes one inspection of it, however often it arrives.

class Submission {
  constructor(pad) {
    this.pad = pad;
    this.running = false;
  }

  // `sure`: that little applies was asked about already.
  async begin(sure = false) {
    const { pad } = this;
    const { work } = pad;
    if (this.running) return;
    if (pad.saver.stopped) {
      pad.conflict.begin();
      return;
    }
    const missing = work.unanswered().map((item) => item.key);
    if (missing.length) {
      pad.deeds.listMissing(missing, pad.texts.missing);
      return;
    }
    const { applying, all } = work.applying();
    if (!sure && 2 * applying < all) {
      pad.asking.few({ applying, all }, () => this.begin(true));
      return;
    }
    this.running = true;
    pad.bar.busy(true);
    const complete = await pad.photos.arrived();
    if (pad.work !== work) return; // put aside meanwhile
    const reply = complete ? await this.send() : null;
    this.running = false;
    if (reply?.status === 200) this.done(reply.data);
    else {
      pad.bar?.busy(false);
      if (reply) this.refused(reply);
    }
  }

  // The first answer that is one; null when another tab got in between.
  async send() {
    const { saver } = this.pad;
    for (let tried = 0; ; tried += 1) {
      const reply = await this.attempt();
      if (saver.stopped) return null;
      if (reply && !isRetried(reply.status)) return reply;
      this.pad.bar.setStatus("retrying");
      await new Promise((resolve) => setTimeout(resolve, retryAfter(tried)));
    }
  }

  async attempt() {
    const { saver, server, bar, work } = this.pad;
    await saver.idle();
    if (saver.pending || saver.stopped) return null;
    bar.setStatus("submitting");
    return server.post("submit", { version: saver.version, ...work.content() });
  }

  done(data) {
    const { pad } = this;
    pad.saver.close();
    pad.saver.copy.drop();
    pad.tellOthers();
    this.goOn(data.next);
  }

  goOn(next) {
    const { pad } = this;
    if (!next) {
      pad.ending.finished("done", null);
      return;
    }
    const server = pad.serverOf(next.assignment);
    server.token = next.token;
    pad.open(next, server);
  }

  refused({ status, data }) {
    const { pad } = this;
    pad.bar.setStatus("refused", pad.texts.not_submitted);
    if (status === 401) pad.signedOut(data);
    else if (status === 409) pad.conflict.begin();
    else if (data.items) pad.deeds.listMissing(data.items, data.error);
    else pad.banner.show(data.error ?? pad.texts.unreachable);
  }

  async putAside(reason) {
    const { pad } = this;
    const { status, data } = await pad.server.post("skip", { reason });
    if (status === 200) this.done(data);
    else if (status === 401) pad.signedOut(data);
    else pad.banner.show(data.error ?? pad.texts.unreachable);
  }
}
