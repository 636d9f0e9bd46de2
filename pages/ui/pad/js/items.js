// One item of the checklist: its text, options, help, note and pins.

class ItemView {
  constructor(item, { work, texts, actions, encounter }) {
    Object.assign(this, { item, work, texts, actions, encounter });
    this.keys = optionKeys(item);
    this.buttons = new Map();
    this.marks = h("span", { class: "marks" });
    this.more = h("div", { class: "more" });
    const single = item.options.length > 0 && item.kind !== "multi";
    this.node = h("div", { class: "item", role: single ? "radiogroup" : "group", tabindex: "-1",
      "data-key": item.key, "aria-label": `${item.code} ${item.term}. ${item.text}`,
      onpointerdown: () => actions.focusItem(item.key, { grab: false }) },
    h("div", { class: "head" },
      h("div", { class: "what" }, this.title(), item.term && h("p", { class: "text" }, item.text)),
      this.answers()),
    this.more);
    this.update();
  }

  title() {
    const { item, texts } = this;
    return h("p", { class: "title" },
      item.code && h("span", { class: "code" }, item.code),
      h("span", { class: "term" }, item.term || item.text),
      item.critical && h("span", { class: "badge critical" }, texts.critical),
      item.keyMoment && h("span", { class: "badge" }, texts.key_moment),
      (item.excluded || item.informs) && h("span", { class: "badge quiet" }, texts.not_scored),
      this.marks);
  }

  answers() {
    const { item } = this;
    const listed = item.kind === "single" || item.kind === "multi";
    const wide = item.kind !== "graded" && item.options.some((option) => option.text.length > 18);
    const style = ["options", listed && "listed", (wide || item.kind === "clock") && "wide"];
    const parts = item.kind === "clock" ? [this.clock()] : item.options.length ? this.options() : [this.field()];
    if (item.na && !item.informs) parts.push(this.notApplicable());
    return h("div", { class: style.filter(Boolean).join(" ") }, ...parts);
  }

  options() {
    const named = new Map([...this.keys].map(([key, option]) => [option, key]));
    return this.item.options.map((option) => this.option(option, named.get(option.key)));
  }

  option(option, key) {
    const { item } = this;
    const label = item.kind === "graded" ? "" : option.text || option.key;
    const kind = item.kind === "graded" ? "option level" : "option";
    const button = h("button", { type: "button", class: kind, role: item.kind === "multi" ? "checkbox" : "radio",
      "aria-checked": "false", "aria-keyshortcuts": key, "aria-label": [key, option.text].filter(Boolean).join(" "),
      title: option.text, tabindex: "-1", onclick: () => this.actions.choose(item, option.key) },
    h("kbd", {}, item.kind === "graded" ? option.key : key ?? ""), label,
    option.effect && h("span", { class: "effect" }, option.effect));
    this.buttons.set(option.key, button);
    return button;
  }

  notApplicable() {
    const act = () => this.actions.notApplicable(this.item);
    this.na = h("button", { type: "button", class: "option na", role: "checkbox", "aria-checked": "false",
      "aria-keyshortcuts": "n", tabindex: "-1", onclick: act }, h("kbd", {}, "n"), this.texts.na);
    return this.na;
  }

  field() {
    const { item, texts } = this;
    const kind = { number: "number", date: "date" }[item.kind] ?? "text";
    const take = () => {
      const value = kind === "number" ? this.input.valueAsNumber : storable(this.input.value.trim());
      const empty = value === "" || Number.isNaN(value);
      this.work.answer(item.key, empty ? null : { value });
    };
    this.input = h("input", { type: kind, class: "field", "aria-label": item.text, tabindex: "-1",
      step: item.decimals ? "any" : 1, min: item.low, max: item.high, maxlength: 2000,
      placeholder: kind === "text" ? texts.type_here : null, oninput: take, onkeydown: (event) => this.leave(event) });
    return this.input;
  }

  type(key) {
    this.input.focus();
    this.input.value = key;
    this.input.dispatchEvent(new Event("input"));
  }

  // Two times at the wall clock of the station, from the system's events or typed.
  clock() {
    const given = this.item.prefilled;
    const field = (name, label) => {
      const input = h("input", { type: "datetime-local", step: 1, class: "field", tabindex: "-1", "aria-label": label,
        oninput: () => this.takeTimes("manual"), onkeydown: (event) => this.leave(event) });
      if (given) input.value = given[name].slice(0, 19);
      this[name] = input;
      return h("label", {}, h("span", {}, label), input);
    };
    this.origin = h("span", { class: "hint" });
    this.given = given && h("button", { type: "button", class: "option", tabindex: "-1", role: "checkbox",
      "aria-checked": "false", "aria-keyshortcuts": "1", onclick: () => this.accept() },
    h("kbd", {}, "1"), this.texts.use_system_times);
    return h("div", { class: "clock" }, field("start", this.item.clock.start), field("stop", this.item.clock.stop),
      this.given, this.origin);
  }

  accept() {
    const given = this.item.prefilled;
    if (!given) return false;
    this.work.answer(this.item.key, { start: given.start, stop: given.stop, evidence_kind: given.kind });
    this.actions.advance(this.item);
    return true;
  }

  takeTimes(kind) {
    const read = (input) => {
      if (!input.value) return null;
      const local = input.value.length === 16 ? `${input.value}:00` : input.value;
      return local + zoneOffset(local, this.encounter.zone);
    };
    const [start, stop] = [read(this.start), read(this.stop)];
    if (start && stop && Date.parse(start) > Date.parse(stop)) {
      this.origin.textContent = this.texts.stops_before_start;
      return;
    }
    this.work.answer(this.item.key, start && stop ? { start, stop, evidence_kind: kind } : null);
  }

  leave(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.actions.advance(this.item);
    } else if (event.key === "Escape") this.node.focus({ preventScroll: true });
  }

  // Show what is entered; called for every change of this item and nothing else.
  update() {
    const { item, work } = this;
    const answer = work.answers[item.key];
    for (const [key, button] of this.buttons) button.setAttribute("aria-checked", String(work.isChosen(item, key)));
    this.na?.setAttribute("aria-checked", String(Boolean(answer?.na)));
    this.node.classList.toggle("answered", work.isAnswered(item));
    this.node.hidden = !work.visible.has(item.key);
    this.showField(answer);
    this.showMarks();
    if (this.open) this.showMore();
  }

  showField(answer) {
    if (this.input && this.input !== activeIn(this.actions.root))
      this.input.value = answer && !answer.na ? answer.value : "";
    if (!this.start) return;
    if (answer?.start && this.start !== activeIn(this.actions.root) && this.stop !== activeIn(this.actions.root)) {
      this.start.value = localTime(answer.start, this.encounter.zone);
      this.stop.value = localTime(answer.stop, this.encounter.zone);
    }
    const { prefilled } = this.item;
    const taken = Boolean(prefilled) && answer?.start === prefilled.start && answer.stop === prefilled.stop;
    this.given?.setAttribute("aria-checked", String(taken));
    this.origin.textContent = this.clockVerdict(answer);
  }

  clockVerdict(answer) {
    if (!answer || answer.na) return "";
    const [verdict] = clockKeys(this.item, answer);
    const origin = answer.evidence_kind === "system" ? this.texts.times_system : this.texts.times_manual;
    return [verdict && this.texts[verdict], origin].filter(Boolean).join(" · ");
  }

  showMarks() {
    const { item, work, texts } = this;
    const pins = work.pinsOf(item.key).length;
    const marks = [];
    if (pins) marks.push(h("span", { class: "mark pins-mark", title: counted(texts.pins, pins) }, icon("pin", texts.evidence), String(pins)));
    if (work.notes[item.key]) marks.push(h("span", { class: "mark", title: work.notes[item.key] }, icon("note", texts.note)));
    if (this.result?.effect) marks.push(h("span", { class: "mark effect" }, icon("warn", texts.critical), this.result.effect));
    else if (this.result?.lost) marks.push(h("span", { class: "mark lost", title: texts.points_lost }, `−${this.result.lost}`));
    if (this.unproven) marks.push(h("span", { class: "mark due" }, texts.evidence_needed));
    this.marks.replaceChildren(...marks);
  }

  // What the server's score sheet says of this item.
  setResult(result, unproven) {
    this.result = result;
    this.unproven = unproven;
    this.showMarks();
  }

  setFocused(focused) {
    this.node.classList.toggle("focus", focused);
    for (const part of this.node.querySelectorAll(".option, .field")) part.tabIndex = focused ? 0 : -1;
    this.open = focused;
    if (focused) this.showMore();
    else this.more.replaceChildren();
  }

  showMore() {
    const { item, work } = this;
    if (this.more.contains(activeIn(this.actions.root))) return; // someone is typing there
    const parts = [];
    if (item.kind === "graded" && !this.actions.helping) parts.push(anchorsOf(item));
    if (this.actions.helping) parts.push(helpOf(item, this.texts));
    const answer = work.answers[item.key];
    if (answer?.na && (item.naReason || answer.reason)) parts.push(this.reasonField(answer));
    if (this.noteOpen || work.notes[item.key]) parts.push(this.noteField());
    parts.push(...work.pinsOf(item.key).map((pin) => this.pinLine(pin)));
    this.more.replaceChildren(...parts.filter(Boolean));
  }

  reasonField(answer) {
    const take = (event) => this.work.notApplicable(this.item, storable(event.target.value));
    const input = h("input", { type: "text", class: "field reason", maxlength: 1000, oninput: take,
      placeholder: this.texts.na_reason, "aria-label": this.texts.na_reason, onkeydown: (event) => this.leave(event) });
    input.value = answer.reason ?? "";
    return input;
  }

  noteField() {
    const area = h("textarea", { class: "field note", rows: 2, maxlength: 4000, placeholder: this.texts.note_here,
      "aria-label": this.texts.note, oninput: () => this.work.setNote(this.item.key, storable(area.value)),
      onkeydown: (event) => this.leaveNote(event) });
    area.value = this.work.notes[this.item.key] ?? "";
    return area;
  }

  openReason() {
    this.showMore();
    this.more.querySelector(".reason")?.focus({ preventScroll: true });
  }

  leaveNote(event) {
    const done = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
    if (!done || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    this.noteOpen = false;
    this.node.focus({ preventScroll: true });
    this.showMore();
  }

  openNote() {
    this.noteOpen = true;
    this.showMore();
    this.more.querySelector(".note")?.focus({ preventScroll: true });
  }

  pinLine(pin) {
    const { texts } = this;
    const remove = h("button", { type: "button", class: "plain", "aria-label": texts.remove_pin, title: texts.remove_pin,
      onclick: () => this.work.removePin(pin) }, icon("close"));
    const go = h("button", { type: "button", class: "plain where", onclick: () => this.actions.showPin(pin) },
      icon("pin"), this.actions.describePin(pin));
    return h("div", { class: "pin-line" }, go, remove);
  }
}

function anchorsOf(item) {
  const rows = item.options.filter((option) => option.text).map((option) =>
    h("div", {}, h("dt", {}, option.key), h("dd", {}, option.text)));
  return rows.length ? h("dl", { class: "anchors" }, ...rows) : null;
}

function helpOf(item, texts) {
  const line = (label, text) => text && h("p", {}, h("b", {}, label), " ", text);
  const anchors = item.kind === "graded" ? anchorsOf(item) : null;
  return h("div", { class: "help", role: "note" },
    item.guidance && h("p", {}, item.guidance),
    !item.guidance && !anchors && h("p", { class: "hint" }, texts.no_guidance),
    anchors,
    item.clock && line(texts.limit, item.clock.limitText),
    item.effects.length ? line(texts.consequence, item.effects.join("; ")) : null,
    line(texts.laid_down_in, item.source));
}

function activeIn(root) {
  return root.activeElement ?? null;
}

function localTime(iso, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return parts.format(new Date(iso)).replace(" ", "T");
}
