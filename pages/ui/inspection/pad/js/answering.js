// How one item is answered: buttons for its options, a field, or the two times of a clock.

class Answering {
  constructor(item, { work, texts, actions, encounter }) {
    Object.assign(this, { item, work, texts, actions, encounter });
    this.keys = optionKeys(item);
    this.buttons = new Map();
    this.node = h("div", { class: this.style() }, ...this.parts());
  }

  style() {
    const { item } = this;
    const listed = item.kind === "single" || item.kind === "multi";
    const long = item.kind !== "graded" && item.options.some((option) => breadth(option.text) > 18);
    const wide = long || item.kind === "clock";
    return ["options", listed && "listed", wide && "wide"].filter(Boolean).join(" ");
  }

  parts() {
    const { item } = this;
    const parts = item.clock ? this.clock() : item.options.length ? this.options() : [this.field()];
    if (item.na && !item.informs) parts.push(this.notApplicable());
    return parts;
  }

  button(props, key, ...content) {
    const fixed = {
      type: "button",
      tabindex: "-1",
      "aria-checked": "false",
      "aria-keyshortcuts": key,
    };
    return h("button", { class: "option", role: "checkbox", ...fixed, ...props }, ...content);
  }

  options() {
    const named = new Map([...this.keys].map(([key, option]) => [option, key]));
    return this.item.options.map((option) => this.option(option, named.get(option.key)));
  }

  option(option, key) {
    const { item } = this;
    const level = item.kind === "graded" && option.key === key;
    const props = {
      class: level ? "option level" : "option",
      role: item.kind === "multi" ? "checkbox" : "radio",
      "aria-label": [key, option.text || (!level && option.key)].filter(Boolean).join(" "),
      title: option.text,
      onclick: () => this.actions.choose(item, option.key),
    };
    const also = option.key === item.yes ? "y" : option.key === item.no && "n";
    const button = this.button(
      props,
      [key, also].filter(Boolean).join(" "),
      h("kbd", {}, key),
      also && h("span", { class: "also" }, also),
      !level && (option.text || option.key),
      option.effect && h("span", { class: "effect" }, option.effect),
    );
    this.buttons.set(option.key, button);
    return button;
  }

  notApplicable() {
    const props = { class: "option na", onclick: () => this.actions.notApplicable(this.item) };
    this.na = this.button(props, "/", h("kbd", {}, "/"), this.texts.na);
    return this.na;
  }

  field() {
    const { item, texts } = this;
    const type = { number: "number", date: "date" }[item.kind] ?? "text";
    this.input = h("input", {
      type,
      class: "field",
      tabindex: "-1",
      "aria-label": item.text,
      step: item.decimals ? "any" : 1,
      min: item.low,
      max: item.high,
      maxlength: 2000,
      placeholder: type === "text" ? texts.type_here : null,
      oninput: () => this.take(),
      onkeydown: (event) => this.actions.leaveField(event, item),
    });
    return this.input;
  }

  take() {
    const number = this.item.kind === "number";
    const value = number ? this.input.valueAsNumber : storable(this.input.value.trim());
    const empty = value === "" || Number.isNaN(value);
    this.work.answer(this.item.key, empty ? null : { value });
  }

  // The first digit of a number goes straight into its field.
  type(key) {
    this.input.focus();
    this.input.value = key;
    this.take();
  }

  // Two times at the wall clock of the station, from the system's events or typed.
  clock() {
    const { clock, prefilled } = this.item;
    this.origin = h("span", { class: "hint origin" });
    this.start = this.time("start");
    this.stop = this.time("stop");
    const parts = [labelled(clock.start, this.start), labelled(clock.stop, this.stop), this.origin];
    if (!prefilled) return parts;
    const props = { onclick: () => this.accept() };
    this.given = this.button(props, "1", h("kbd", {}, "1"), this.texts.use_system_times);
    return [...parts, this.given];
  }

  time(name) {
    const input = h("input", {
      type: "datetime-local",
      step: 1,
      class: "field",
      tabindex: "-1",
      oninput: () => this.takeTimes(),
      onkeydown: (event) => this.actions.leaveField(event, this.item),
    });
    if (this.item.prefilled) input.value = this.item.prefilled[name].slice(0, 19);
    return input;
  }

  accept() {
    const { key, prefilled } = this.item;
    if (!prefilled) return false;
    const { start, stop, kind } = prefilled;
    this.work.answer(key, { start, stop, evidence_kind: kind });
    this.actions.advance(this.item);
    return true;
  }

  takeTimes() {
    const [start, stop] = [this.start, this.stop].map((input) => this.moment(input.value));
    const backwards = start && stop && Date.parse(start) > Date.parse(stop);
    const whole = start && stop && !backwards;
    this.work.answer(this.item.key, whole ? { start, stop, evidence_kind: "manual" } : null);
    if (backwards) this.origin.textContent = this.texts.stops_before_start;
  }

  moment(value) {
    if (!value) return null;
    const local = value.length === 16 ? `${value}:00` : value;
    return local + zoneOffset(local, this.encounter.zone);
  }

  // Show what is entered, but not in a field that somebody is typing in.
  update() {
    const { item, work } = this;
    const answer = work.answers[item.key];
    for (const [key, button] of this.buttons)
      button.setAttribute("aria-checked", String(work.isChosen(item, key)));
    this.na?.setAttribute("aria-checked", String(Boolean(answer?.na)));
    const active = this.actions.root.activeElement;
    if (this.input && this.input !== active)
      this.input.value = answer?.na ? "" : (answer?.value ?? "");
    if (this.start) this.showTimes(answer, [this.start, this.stop].includes(active));
  }

  showTimes(answer, typing) {
    const { prefilled } = this.item;
    if (answer?.start && !typing) {
      this.start.value = localTime(answer.start, this.encounter.zone);
      this.stop.value = localTime(answer.stop, this.encounter.zone);
    }
    const taken = answer?.start === prefilled?.start && answer?.stop === prefilled?.stop;
    this.given?.setAttribute("aria-checked", String(Boolean(answer) && taken));
    this.origin.textContent = this.verdict(answer);
  }

  verdict(answer) {
    if (!answer || answer.na) return "";
    const { texts } = this;
    const [verdict] = clockKeys(this.item, answer);
    const origin = answer.evidence_kind === "system" ? texts.times_system : texts.times_manual;
    return [verdict && texts[verdict], origin].filter(Boolean).join(" · ");
  }
}

// Which key chooses which option: a level by its own digit, others by their place, then letters.
function optionKeys(item) {
  const keys = new Map();
  const isDigit = ({ key }) => /^\d$/.test(key);
  const spare = [...(item.options.some(isDigit) ? "acdefgioqvz" : "123456789acdefgioqvz")];
  for (const option of item.options) {
    const key = isDigit(option) ? option.key : spare.shift();
    if (key) keys.set(key, option.key);
  }
  return keys;
}

// How much room a text takes, in letters; a Chinese character takes two.
function breadth(text) {
  return Array.from(text).reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);
}

function labelled(text, field) {
  return h("label", {}, h("span", {}, text), field);
}

function localTime(iso, zone) {
  const options = { timeZone: zone, dateStyle: "short", timeStyle: "medium" };
  return new Intl.DateTimeFormat("sv-SE", options).format(new Date(iso)).replace(" ", "T");
}
