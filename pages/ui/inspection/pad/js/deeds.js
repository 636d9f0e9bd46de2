// What keys, panes and bar ask for: moving, answering, pinning, help.

const MOST_LISTED = 12;

class Deeds {
  constructor(pad) {
    this.pad = pad;
    this.root = pad.root;
    this.texts = pad.texts;
    this.helping = false;
    this.last = null; // the item just answered
  }

  get view() {
    return this.pad.checklist.view;
  }

  focusedItem() {
    return this.pad.checklist?.focused ?? null;
  }

  focusItem(key, options) {
    if (options?.grab !== false) this.pad.frame.showTab("checklist");
    this.pad.checklist.focus(key, options);
    this.pad.record.refresh();
  }

  move(by) {
    this.pad.checklist.move(by);
    this.pad.record.refresh();
  }

  firstUnanswered() {
    this.pad.checklist.firstUnanswered();
    this.pad.record.refresh();
  }

  advance(item) {
    this.last = item;
    this.pad.checklist.focus(item.key);
    this.pad.checklist.advance();
    this.pad.record.refresh();
  }

  // Enter in a field goes on, Escape back to the item.
  leaveField(event, item) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.advance(item);
    } else if (event.key === "Escape") this.focusItem(item.key);
  }

  choose(item, option) {
    this.pad.work.choose(item, option);
    if (item.kind !== "multi") this.advance(item);
  }

  // Enter on a multiple choice: what is chosen is all, even if it is nothing.
  confirm(item) {
    const { work } = this.pad;
    if (!work.answers[item.key]) work.answer(item.key, { values: [] });
    this.advance(item);
  }

  clear(item) {
    this.pad.work.answer(item.key, null);
  }

  notApplicable(item) {
    const { work, asking } = this.pad;
    if (!item.na || item.informs) {
      this.hint(this.texts.no_na);
      return;
    }
    const before = work.answers[item.key]?.reason;
    const take = (reason) => {
      work.notApplicable(item, reason);
      this.advance(item);
    };
    if (item.naReason) asking.reason([item], before, take);
    else take(before);
  }

  // What is still blank in the section does not apply; one reason for all where any needs one.
  sectionNotApplicable(item) {
    const { work, checklist, asking } = this.pad;
    const { items } = checklist.sectionOf(item);
    const blank = work
      .asked()
      .filter((other) => items.includes(other) && other.na && !work.answers[other.key]);
    const take = (reason) => {
      for (const other of blank) work.notApplicable(other, reason);
      this.advance(items.findLast((other) => work.visible.has(other.key)));
    };
    const owing = blank.filter((other) => other.naReason);
    if (owing.length) asking.reason(owing, "", take);
    else take();
  }

  yes(item) {
    if (item.yes) this.choose(item, item.yes);
    else this.hint(this.texts.no_yes);
  }

  // n was N/A once: on a critical item the pad asks, once a form, while that may be remembered.
  no(item) {
    const { asking } = this.pad;
    const yes = () => this.choose(item, item.no);
    if (!item.no) this.hint(this.texts.no_no);
    else if (!asking.wants(item)) yes();
    else {
      asking.once();
      asking.no(item, { yes, na: () => this.notApplicable(item) });
    }
  }

  hint(text) {
    this.pad.bar.setStatus("hint", text);
  }

  note(item) {
    this.focusItem(item.key);
    this.view.unfolded.openNote();
  }

  noteLast() {
    if (this.last) this.note(this.last);
  }

  pin(item = this.focusedItem()) {
    const { record, work } = this.pad;
    const place = record.place();
    if (!place) {
      this.note(item); // nothing to point at: say it
      return;
    }
    work.addPin(pinOf(item.key, place));
    record.pinned();
  }

  photo(item, options) {
    if (this.texts.photo) this.pad.photos.ask(item, options);
  }

  moment(item) {
    this.focusItem(item.key);
    this.view.unfolded.openMoment();
  }

  pinMoment(item, moment, kind, note = "") {
    this.pad.work.addPin(pinOf(item.key, { moment, moment_kind: kind, note }));
    this.focusItem(item.key);
  }

  pinLast() {
    if (this.last) this.pin(this.last);
  }

  removeLastPin(item) {
    const pin = this.pad.work.pinsOf(item.key).at(-1);
    if (pin) this.pad.work.removePin(pin);
  }

  showPin(pin) {
    if (pin.photo) {
      this.pad.photos.show(pin);
      return;
    }
    this.pad.frame.showTab("record");
    this.pad.record.go(pin);
  }

  describePin(pin) {
    const parts = [];
    const { turns } = this.pad.state.encounter;
    const turn = turns.find(({ position }) => position === pin.turn_position);
    if (turn) {
      const words = Array.from(turn.text).slice(pin.start_offset ?? 0, pin.end_offset ?? undefined);
      parts.push(fill(this.texts.turn, { number: turn.position }));
      parts.push(words.length > 60 ? `${words.slice(0, 58).join("")}…` : words.join(""));
    }
    const seconds = [pin.start_second, pin.end_second].filter((second) => second !== null);
    if (seconds.length) parts.push(seconds.map(clockTime).join("–"));
    if (pin.photo) parts.push(this.texts.photo);
    if (pin.moment) {
      const time = localTime(pin.moment, this.pad.state.encounter.zone).replace("T", " ");
      parts.push(fill(this.texts[`moment_${pin.moment_kind}`], { time }));
    }
    const event = this.pad.state.encounter.events.find(({ key }) => key === pin.note);
    if (pin.note) parts.push(pin.moment_kind === "system" && event ? event.name : pin.note);
    return parts.join(" · ");
  }

  toggleHelp(item = this.focusedItem()) {
    this.focusItem(item.key);
    this.helping = !this.helping;
    this.view.unfolded.show();
    this.pad.checklist.show(this.view.node);
  }

  toggleLedger() {
    const { bar, ledger } = this.pad;
    ledger.node.hidden = !ledger.node.hidden;
    bar.ledger.setAttribute("aria-expanded", String(!ledger.node.hidden));
    this.pad.showLedger();
  }

  showKeys() {
    this.pad.keyList.showModal();
  }

  skip() {
    if (this.texts.skip) this.pad.skipping.showModal();
  }

  submit() {
    this.pad.submission.begin();
  }

  listMissing(keys, text) {
    const { banner, work } = this.pad;
    const jump = (key) => () => {
      banner.hide();
      this.focusItem(key);
    };
    const buttons = keys
      .slice(0, MOST_LISTED)
      .map((key) => ({ label: work.byKey.get(key)?.name ?? key, act: jump(key) }));
    banner.show(fill(text, { count: keys.length }), { buttons });
    this.focusItem(keys[0]);
  }
}
