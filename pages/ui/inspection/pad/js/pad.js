// The pad itself: one encounter at a time, and what its parts ask of each other.

const IDLE_AFTER = 60_000;

class Pad {
  constructor(root) {
    this.root = root;
    this.tab = crypto.randomUUID();
    this.listening = new AbortController();
    this.channel = new BroadcastChannel("pad");
    this.channel.onmessage = ({ data }) => this.heard(data);
    this.frame = new Frame(root);
    this.keys = new Keys(this);
    this.conflict = new Conflict(this);
    this.ending = new Ending(this);
    this.listen();
    this.ticker = setInterval(() => this.tick(), 1000);
  }

  listen() {
    const { signal } = this.listening;
    const on = (target, name, act, options) =>
      target.addEventListener(name, act, { signal, ...options });
    on(window, "keydown", (event) => this.isListening() && this.keys.handle(event), {
      capture: true,
    });
    on(window, "resize", () => this.frame.fit());
    on(window, "online", () => this.saver?.flush());
    on(window, "focus", () => this.returned());
    on(window, "pagehide", () => this.saver?.flush());
    on(document, "visibilitychange", () => document.hidden && this.saver?.flush());
    on(document, "selectionchange", () => this.record?.refresh());
    for (const name of ["keydown", "pointerdown", "wheel"])
      on(window, name, () => (this.activeAt = Date.now()), { passive: true, capture: true });
  }

  isListening() {
    return this.checklist && this.frame.isFree();
  }

  // Called with every run of the page's script. The script only knows the encounter it began with,
  // the address knows the one that is open.
  update(component) {
    const { data } = component;
    const before = this.data;
    this.component = component;
    this.data = data;
    this.texts = data.texts;
    this.frame.language = data.language;
    if (!before) this.start(addressed() ?? data.assignment);
    else if (before.assignment !== data.assignment) this.start(data.assignment);
    else if (before.language !== data.language) this.start(this.assignment);
  }

  async start(assignment) {
    this.assignment = assignment;
    await this.saver?.flush();
    const server = this.serverOf(assignment);
    const { status, data } = await server.state();
    if (status === 200) this.open(data, server);
    else this.ending.closed(status, data, () => this.start(assignment));
  }

  serverOf(assignment) {
    return new Server(`${this.data.routes}/${assignment}`, this.data.language);
  }

  // Lay out one encounter; everything of the one before goes.
  open(state, server) {
    this.close();
    Object.assign(this, { state, server, assignment: state.assignment });
    showAddress(state.assignment);
    if (state.state !== "open") {
      this.ending.finished(state.state, state.next);
      return;
    }
    this.work = new Work(state.checklist, (key) => this.changed(key));
    this.work.load(state.draft);
    this.saver = this.saverFor(state, server);
    const current = this.saver.restore();
    this.build(state);
    if (!current) this.conflict.begin();
    this.deeds.firstUnanswered();
  }

  saverFor(state, server) {
    const copy = new LocalCopy(server.address, state.user);
    const report = (kind, detail) => {
      if (this.saver === saver) this.report(kind, detail); // else another encounter is open by now
    };
    const { version } = state.draft;
    const saver = new Saver({ server, copy, work: this.work, version, report });
    return saver;
  }

  build(state) {
    const { work, texts } = this;
    this.deeds = new Deeds(this);
    const parts = { state, work, texts, actions: this.deeds };
    this.record = new RecordPane(parts);
    this.checklist = new ChecklistPane(parts);
    this.bar = new Bar(texts, this.deeds);
    this.banner = new Banner();
    this.ledger = ledgerPanel(texts);
    this.keyList = keyDialog(texts);
    this.submission = new Submission(this);
    this.photos = new Photos(this);
    this.asking = new Asking(this);
    this.skipping = skipDialog(texts, (reason) => this.submission.putAside(reason));
    this.frame.lay(
      state.assignment,
      this.frame.header(state, texts),
      this.banner.node,
      h("div", { class: "panes" }, this.record.node, this.checklist.node, this.ledger.node),
      this.bar.node,
      this.keyList,
      this.skipping,
      this.photos.node,
      this.asking.node,
    );
    this.frame.showTab("checklist");
    this.showSheet(state.sheet);
    this.showPins();
    if (state.draft.version)
      this.bar.setStatus("stored", fill(texts.stored_at, { time: state.draft.saved_at }));
  }

  // --- saving -----------------------------------------------------------------------------------

  changed(key) {
    if (!this.checklist) return;
    this.checklist.changed(key);
    this.showPins();
    this.saver.changed();
  }

  showPins() {
    const { pins } = this.work;
    if (this.shownPins === pins && this.shownCount === pins.length) return;
    Object.assign(this, { shownPins: pins, shownCount: pins.length });
    this.record.pinsChanged();
    this.bar.showPins(pins.length);
  }

  report(kind, detail) {
    if (!this.bar) return;
    const text =
      kind === "refused" ? fill(this.texts.refused, { error: detail.error ?? "" }) : null;
    this.bar.setStatus(kind, text);
    if (kind === "saved") this.saved(detail);
    if (kind === "signed_out") this.signedOut(detail);
    if (kind === "conflict") this.conflict.begin();
    if (kind === "refused") this.recheck();
  }

  saved(detail) {
    if (this.signedOutShown) this.banner.hide();
    this.signedOutShown = false;
    this.showSheet(detail.sheet);
    this.tellOthers();
  }

  showSheet(sheet) {
    this.bar.showSheet(sheet);
    this.checklist.showSheet(sheet);
    this.showLedger();
  }

  async showLedger() {
    const { ledger, server } = this;
    if (ledger.node.hidden) return;
    const { status, data } = await server.call("GET", "ledger");
    if (status === 200) ledger.show(data.lines);
  }

  signedOut({ error }) {
    const signIn = { label: this.texts.sign_in, href: "/login" };
    const again = { label: this.texts.try_again, act: () => this.saver.flush() };
    this.banner.show(error ?? this.texts.signed_out, { buttons: [signIn, again] });
    this.signedOutShown = true;
  }

  returned() {
    if (["signed_out", "retrying"].includes(this.bar?.kind)) this.saver.flush();
  }

  tellOthers() {
    this.channel.postMessage({ address: this.server.address, tab: this.tab });
  }

  heard({ address, tab }) {
    const same = address === this.server?.address && tab !== this.tab;
    if (same && this.saver && !this.saver.stopped) this.conflict.begin();
  }

  // A refused save may mean that the work was submitted or taken away meanwhile.
  async recheck() {
    const { server } = this;
    const { status, data } = await server.state();
    if (this.server === server && status === 200 && data.state !== "open") this.open(data, server);
  }

  // --- the end ---------------------------------------------------------------------------------

  leave() {
    this.component.setTriggerValue("leave", true);
  }

  tick() {
    if (this.work && !document.hidden && Date.now() - (this.activeAt ?? 0) < IDLE_AFTER)
      this.work.seconds += 1;
  }

  close() {
    this.saver?.close();
    this.bar?.close();
    this.record?.player?.close();
    this.saver = this.bar = this.record = this.checklist = this.work = null;
    this.signedOutShown = false;
  }

  destroy() {
    this.saver?.flush();
    this.close();
    this.channel.close();
    this.listening.abort();
    clearInterval(this.ticker);
  }
}

const pads = new WeakMap();

export default function mount(component) {
  const root = component.parentElement;
  if (!pads.has(root)) pads.set(root, new Pad(root));
  pads.get(root).update(component);
  return () => {
    pads.get(root)?.destroy();
    pads.delete(root);
  };
}
