// The pad itself: one encounter at a time, and what its parts ask of each other.

const IDLE_AFTER = 60_000;
const MOST_LISTED = 12;

class Pad {
  constructor(root) {
    this.root = root;
    this.tab = crypto.randomUUID();
    this.listening = new AbortController();
    this.channel = new BroadcastChannel("pad");
    this.channel.onmessage = ({ data }) => this.heard(data);
    this.keys = new Keys(this);
    this.conflict = new Conflict(this);
    this.listen();
    this.ticker = setInterval(() => this.tick(), 1000);
  }

  listen() {
    const { signal } = this.listening;
    const on = (target, name, act, options) => target.addEventListener(name, act, { signal, ...options });
    on(window, "keydown", (event) => this.isListening() && this.keys.handle(event), { capture: true });
    on(window, "resize", () => this.fit());
    on(window, "online", () => this.saver?.flush());
    on(window, "focus", () => this.returned());
    on(window, "pagehide", () => this.saver?.flush());
    on(document, "visibilitychange", () => document.hidden && this.saver?.flush());
    on(document, "selectionchange", () => this.record?.refresh());
    for (const name of ["keydown", "pointerdown", "wheel"])
      on(window, name, () => (this.activeAt = Date.now()), { passive: true, capture: true });
  }

  isListening() {
    return this.checklist && this.frame.isConnected && !this.root.querySelector("dialog[open]");
  }

  // Called with every run of the page's script. The script only knows the encounter it began with,
  // the address knows the one that is open.
  update(component) {
    const { data } = component;
    const before = this.data;
    this.component = component;
    this.data = data;
    this.texts = data.texts;
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
    else this.closed(status, data, () => this.start(assignment));
  }

  serverOf(assignment) {
    return new Server(`/api/pad/${assignment}`, this.data.language);
  }

  // Lay out one encounter; everything of the one before goes.
  open(state, server) {
    this.close();
    Object.assign(this, { state, server, assignment: state.assignment, helping: false, lastKey: null });
    showAddress(state.assignment);
    if (state.state !== "open") {
      this.finished(state.state, state.next);
      return;
    }
    this.work = new Work(state.checklist, (key) => this.changed(key));
    this.work.load(state.draft);
    const copy = new LocalCopy(state.user, state.assignment);
    const report = (kind, detail) => this.report(kind, detail);
    this.saver = new Saver({ server, copy, work: this.work, version: state.draft.version, report });
    const current = this.saver.restore();
    this.build(state);
    if (!current) this.conflict.begin();
    this.firstUnanswered();
  }

  build(state) {
    const { work, texts } = this;
    const parts = { state, work, texts, actions: this };
    this.record = new RecordPane(parts);
    this.checklist = new ChecklistPane(parts);
    this.bar = new Bar(texts, this);
    this.banner = new Banner();
    this.ledger = ledgerPanel(texts);
    this.keyList = keyDialog(texts);
    this.submission = new Submission(this);
    this.skipping = skipDialog(texts, (reason) => this.submission.putAside(reason));
    this.tabs = h("div", { class: "tabs", role: "tablist" }, this.tabOf("record"), this.tabOf("checklist"));
    this.lay(
      h("header", { class: "top" }, h("h1", {}, state.title), h("span", {}, state.subtitle), this.tabs),
      this.banner.node,
      h("div", { class: "panes" }, this.record.node, this.checklist.node, this.ledger.node),
      this.bar.node, this.keyList, this.skipping);
    this.showTab("checklist");
    this.showSheet(state.sheet);
    this.bar.showPins(work.pins.length);
    if (state.draft.version) this.bar.setStatus("stored", fill(texts.stored_at, { time: state.draft.saved_at }));
  }

  lay(...parts) {
    const lang = this.data.language.replace("_", "-");
    const frame = h("div", { class: "pad", "data-assignment": this.state?.assignment, lang }, ...parts);
    if (this.frame) this.frame.replaceWith(frame);
    else this.root.append(frame);
    this.frame = frame;
    this.fit();
  }

  // As high as the window leaves room for, so that the page itself never scrolls.
  fit() {
    if (!this.frame) return;
    let outer = this.root.host ?? this.root;
    while (outer.parentElement && !/auto|scroll/.test(getComputedStyle(outer).overflowY)) outer = outer.parentElement;
    this.frame.style.height = `${outer.clientHeight}px`;
    this.frame.style.height = `${2 * outer.clientHeight - outer.scrollHeight}px`;
  }

  tabOf(name) {
    const props = { type: "button", role: "tab", "data-tab": name, onclick: () => this.showTab(name) };
    return h("button", props, this.texts[name]);
  }

  showTab(name) {
    this.frame.dataset.tab = name;
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }

  // --- what keys, panes and bar ask for ---------------------------------------------------------

  focusedItem() {
    return this.checklist?.focused ?? null;
  }

  focusItem(key, options) {
    if (options?.grab !== false) this.showTab("checklist");
    this.checklist.focus(key, options);
    this.record.refresh();
  }

  move(by) {
    this.checklist.move(by);
    this.record.refresh();
  }

  firstUnanswered() {
    this.checklist.firstUnanswered();
    this.record.refresh();
  }

  advance(item) {
    this.lastKey = item.key;
    this.checklist.focus(item.key);
    this.checklist.advance();
    this.record.refresh();
  }

  backToLast() {
    if (this.lastKey) this.focusItem(this.lastKey);
    return this.lastKey ? this.checklist.view : null;
  }

  choose(item, option) {
    this.work.choose(item, option);
    if (item.kind !== "multi") this.advance(item);
  }

  confirm(item) {
    if (!this.work.answers[item.key]) this.work.answer(item.key, { values: [] });
    this.advance(item);
  }

  notApplicable(item) {
    if (!item.na || item.informs) {
      this.bar.setStatus("hint", this.texts.no_na);
      return;
    }
    this.work.notApplicable(item, this.work.answers[item.key]?.reason);
    if (item.naReason) this.checklist.views.get(item.key).openReason();
    else this.advance(item);
  }

  // What is still blank in the section does not apply, except what needs a reason of its own.
  sectionNotApplicable(item) {
    const section = this.checklist.sectionOf(item);
    const open = this.work.asked().filter((other) => section.items.includes(other) && other.na && !other.naReason);
    for (const other of open) if (!this.work.answers[other.key]) this.work.notApplicable(other);
    this.advance(section.items.findLast((other) => this.work.visible.has(other.key)));
  }

  pin(key = this.checklist.focusedKey) {
    const place = this.record.place();
    if (!place) {
      this.checklist.views.get(key).openNote(); // nothing to point at: say it
      return;
    }
    this.work.addPin(pinOf(key, place));
    this.record.pinned();
  }

  removeLastPin(item) {
    const last = this.work.pinsOf(item.key).at(-1);
    if (last) this.work.removePin(last);
  }

  showPin(pin) {
    this.showTab("record");
    this.record.go(pin);
  }

  describePin(pin) {
    const parts = [];
    const turn = this.state.encounter.turns.find(({ position }) => position === pin.turn_position);
    if (turn) {
      const words = Array.from(turn.text).slice(pin.start_offset ?? 0, pin.end_offset ?? undefined);
      parts.push(fill(this.texts.turn, { number: turn.position }));
      parts.push(words.length > 60 ? `${words.slice(0, 58).join("")}…` : words.join(""));
    }
    const seconds = [pin.start_second, pin.end_second].filter((second) => second !== null);
    if (seconds.length) parts.push(seconds.map(clockTime).join("–"));
    if (pin.note) parts.push(pin.note);
    return parts.join(" · ");
  }

  toggleHelp() {
    this.helping = !this.helping;
    this.checklist.view.showMore();
    this.checklist.show(this.checklist.view.node);
  }

  toggleLedger() {
    const { node } = this.ledger;
    node.hidden = !node.hidden;
    this.bar.ledger.setAttribute("aria-expanded", String(!node.hidden));
    this.showLedger();
  }

  showKeys() {
    this.keyList.showModal();
  }

  skip() {
    this.skipping.showModal();
  }

  submit() {
    this.submission.begin();
  }

  listMissing(keys, text) {
    const jump = (key) => () => {
      this.banner.hide();
      this.focusItem(key);
    };
    const buttons = keys.slice(0, MOST_LISTED).map((key) => ({ label: this.work.byKey.get(key)?.name ?? key, act: jump(key) }));
    this.banner.show(fill(text, { count: keys.length }), { buttons });
    this.focusItem(keys[0]);
  }

  // --- saving -----------------------------------------------------------------------------------

  changed(key) {
    if (!this.checklist) return;
    this.checklist.changed(key);
    if (this.pinCount !== this.work.pins.length) {
      this.pinCount = this.work.pins.length;
      this.record.pinsChanged();
      this.bar.showPins(this.pinCount);
    }
    this.saver.changed();
  }

  report(kind, detail) {
    if (!this.bar) return;
    const text = kind === "refused" ? fill(this.texts.refused, { error: detail.error ?? "" }) : null;
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
    this.channel.postMessage({ assignment: this.state.assignment, tab: this.tab });
  }

  heard({ assignment, tab }) {
    const same = assignment === this.state?.assignment && tab !== this.tab;
    if (same && this.saver && !this.saver.stopped) this.conflict.begin();
  }

  // A refused save may mean that the work was submitted or taken away meanwhile.
  async recheck() {
    const { status, data } = await this.server.state();
    if (status === 200 && data.state !== "open") this.open(data, this.server);
  }

  // --- without an encounter -----------------------------------------------------------------------

  closed(status, data, again) {
    const { texts } = this;
    this.close();
    const buttons = [{ label: texts.try_again, act: again }, { label: texts.to_queue, act: () => this.leave() }];
    if (status === 401) buttons.unshift({ label: texts.sign_in, href: "/login" });
    this.notice(data.error ?? texts.unreachable, buttons);
  }

  finished(how, next) {
    const { texts } = this;
    this.close();
    const buttons = [{ label: texts.to_queue, act: () => this.leave() }];
    if (next) buttons.unshift({ label: texts.open_next, act: () => this.start(next) });
    this.notice(texts[how], buttons);
  }

  notice(text, buttons) {
    this.banner = new Banner();
    this.lay(h("div", { class: "notice" }, this.banner.node));
    this.banner.show(text, { buttons });
    this.banner.node.querySelector("button, a").focus();
  }

  leave() {
    this.component.setTriggerValue("leave", true);
  }

  tick() {
    if (this.work && !document.hidden && Date.now() - (this.activeAt ?? 0) < IDLE_AFTER) this.work.seconds += 1;
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

function addressed() {
  const given = new URL(location.href).searchParams.get("assignment");
  return /^\d+$/.test(given) ? Number(given) : null;
}

// The address names the encounter, so that a reload comes back to it.
function showAddress(assignment) {
  const address = new URL(location.href);
  address.searchParams.set("assignment", assignment);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
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
