// What an item shows below its line while it has the focus: levels, help, reason, note, evidence,
// and buttons for what the keys do.

const TYPED_IN = "input, textarea, select";

class Unfolded {
  constructor(item, { work, texts, actions, encounter }) {
    Object.assign(this, { item, work, texts, actions, encounter });
    this.node = h("div", { class: "more" });
    this.noting = false;
    this.timing = false;
  }

  show() {
    const { item, work, node } = this;
    const active = this.actions.root.activeElement;
    const inside = node.contains(active);
    if (inside && active.matches(TYPED_IN)) return; // someone is typing there
    const answer = work.answers[item.key];
    const parts = [this.actions.helping ? itemHelp(item, this.texts) : levelsOf(item)];
    if (answer?.na && (item.naReason || answer.reason)) parts.push(this.reason(answer));
    if (this.noting || work.notes[item.key]) parts.push(this.note());
    parts.push(...work.pinsOf(item.key).map((pin) => this.pin(pin)));
    if (this.timing) parts.push(this.moments());
    if (this.actions.photo) parts.push(this.tools());
    node.replaceChildren(...parts.filter(Boolean));
    if (inside) node.closest(".item").focus({ preventScroll: true }); // its button is gone
  }

  fold() {
    this.timing = false;
    this.node.replaceChildren();
  }

  // What mouse and finger find; each says its key.
  tools() {
    const { item, texts, actions } = this;
    const tool = (name, key, label, act) =>
      h(
        "button",
        { type: "button", class: "tool", "aria-keyshortcuts": key, onclick: act },
        icon(name),
        label,
        h("kbd", {}, key),
      );
    const tools = [
      tool("note", "m", texts.note, () => actions.note(item)),
      texts.photo && tool("camera", "t", texts.photo, () => actions.photo(item)),
      tool("time", "T", texts.moment, () => actions.moment(item)),
      tool("ask", "h", texts.help, () => actions.toggleHelp(item)),
    ];
    if (texts.photo && Photos.hasCamera) {
      const choose = () => actions.photo(item, { camera: false });
      tools.splice(2, 0, tool("camera", "", texts.choose_photo, choose));
    }
    return h("div", { class: "tools", role: "toolbar", "aria-label": texts.tools }, ...tools);
  }

  reason(answer) {
    const field = h("input", {
      type: "text",
      class: "field reason",
      maxlength: 1000,
      placeholder: this.texts.na_reason,
      "aria-label": this.texts.na_reason,
      oninput: () => this.work.notApplicable(this.item, storable(field.value)),
      onkeydown: (event) => this.actions.leaveField(event, this.item),
    });
    field.value = answer.reason ?? "";
    return field;
  }

  note() {
    const field = h("textarea", {
      class: "field note",
      rows: 2,
      maxlength: 4000,
      placeholder: this.texts.note_here,
      "aria-label": this.texts.note,
      oninput: () => this.work.setNote(this.item.key, storable(field.value)),
      onkeydown: (event) => this.leaveNote(event),
    });
    field.value = this.work.notes[this.item.key] ?? "";
    return field;
  }

  leaveNote(event) {
    const done = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
    if (!done || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    this.noting = false;
    this.actions.focusItem(this.item.key);
    this.show();
  }

  openNote() {
    this.noting = true;
    this.edit(".note");
  }

  openMoment() {
    this.timing = true;
    this.edit(".moment");
  }

  edit(field) {
    this.show();
    this.node.querySelector(field)?.focus({ preventScroll: true });
  }

  // Times that a system recorded, to be pinned as such, and a field for one that is typed.
  moments() {
    const { item, texts, actions, encounter } = this;
    const recorded = encounter.events
      .filter((event) => event.kind === "system")
      .map((event) => {
        const pin = () => this.pinned(event.at, "system", event.key);
        return h("button", { type: "button", class: "chip", onclick: pin }, event.name, " ", event.shown);
      });
    const field = h("input", {
      type: "datetime-local",
      step: 1,
      class: "field moment",
      "aria-label": texts.moment_typed_here,
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) this.typed(field.value);
        else if (event.key !== "Escape") return;
        event.preventDefault();
        this.timing = false;
        actions.focusItem(item.key);
        this.show();
      },
    });
    field.value = encounter.began;
    const pin = h("button", { type: "button", onclick: () => this.typed(field.value) }, texts.pin_moment);
    return h("div", { class: "moments" }, ...recorded, h("div", { class: "row" }, field, pin));
  }

  typed(local) {
    if (!local) return;
    const whole = local.length === 16 ? `${local}:00` : local;
    this.pinned(whole + zoneOffset(whole, this.encounter.zone), "manual");
  }

  pinned(moment, kind, note) {
    this.timing = false;
    this.actions.pinMoment(this.item, moment, kind, note);
  }

  pin(pin) {
    const { texts, actions } = this;
    const shown = pin.photo ? photoView(pin, actions.describePin(pin)) : icon(pin.moment ? "time" : "pin");
    const go = h(
      "button",
      { type: "button", class: "plain where", onclick: () => actions.showPin(pin) },
      shown,
      actions.describePin(pin),
    );
    const props = { "aria-label": texts.remove_pin, title: texts.remove_pin };
    const remove = h(
      "button",
      { type: "button", class: "plain", onclick: () => this.work.removePin(pin), ...props },
      icon("close"),
    );
    return h("div", { class: "pin-line" }, go, remove);
  }
}

function levelsOf(item) {
  if (item.kind !== "graded") return null;
  const rows = item.options
    .filter((option) => option.text)
    .map((option) => h("div", {}, h("dt", {}, option.key), h("dd", {}, option.text)));
  return rows.length ? h("dl", { class: "anchors" }, ...rows) : null;
}

// What the item means, how it is met and how it is not, what it does, where it is laid down.
function itemHelp(item, texts) {
  const line = (label, text) => text && h("p", {}, h("b", {}, label), " ", text);
  const levels = levelsOf(item);
  const silent = !item.guidance && !levels && !item.good && !item.bad;
  return h(
    "div",
    { class: "help", role: "note" },
    item.guidance && h("p", {}, item.guidance),
    silent && h("p", { class: "hint" }, texts.no_guidance),
    levels,
    line(texts.good_example, item.good),
    line(texts.bad_example, item.bad),
    item.clock && line(texts.limit, item.clock.limitText),
    line(texts.keys_here, keysOf(item, texts)),
    line(texts.consequence, item.effects.join("; ")),
    line(texts.laid_down_in, item.source),
  );
}

// The keys that are letters or signs: y, n and the one for N/A.
function keysOf(item, texts) {
  const named = (key) => item.options.find((option) => option.key === key)?.text || key;
  const keys = [item.yes && ["y", named(item.yes)], item.no && ["n", named(item.no)]];
  if (item.na && !item.informs) keys.push(["/", texts.na]);
  return keys
    .filter(Boolean)
    .map(([key, text]) => `${key} ${text}`)
    .join(" · ");
}
