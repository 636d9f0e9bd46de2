// What an item shows below its line while it has the focus: levels, help, reason, note, pins.

class Unfolded {
  constructor(item, { work, texts, actions }) {
    Object.assign(this, { item, work, texts, actions });
    this.node = h("div", { class: "more" });
    this.noting = false;
  }

  show() {
    if (this.node.contains(this.actions.root.activeElement)) return; // someone is typing there
    const { item, work } = this;
    const answer = work.answers[item.key];
    const parts = [this.actions.helping ? this.help() : this.levels()];
    if (answer?.na && (item.naReason || answer.reason)) parts.push(this.reason(answer));
    if (this.noting || work.notes[item.key]) parts.push(this.note());
    parts.push(...work.pinsOf(item.key).map((pin) => this.pin(pin)));
    this.node.replaceChildren(...parts.filter(Boolean));
  }

  fold() {
    this.node.replaceChildren();
  }

  levels() {
    if (this.item.kind !== "graded") return null;
    const rows = this.item.options
      .filter((option) => option.text)
      .map((option) => h("div", {}, h("dt", {}, option.key), h("dd", {}, option.text)));
    return rows.length ? h("dl", { class: "anchors" }, ...rows) : null;
  }

  help() {
    const { item, texts } = this;
    const line = (label, text) => text && h("p", {}, h("b", {}, label), " ", text);
    const levels = this.levels();
    return h(
      "div",
      { class: "help", role: "note" },
      item.guidance && h("p", {}, item.guidance),
      !item.guidance && !levels && h("p", { class: "hint" }, texts.no_guidance),
      levels,
      item.clock && line(texts.limit, item.clock.limitText),
      line(texts.consequence, item.effects.join("; ")),
      line(texts.laid_down_in, item.source),
    );
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

  openReason() {
    this.edit(".reason");
  }

  edit(field) {
    this.show();
    this.node.querySelector(field)?.focus({ preventScroll: true });
  }

  pin(pin) {
    const { texts, actions } = this;
    const go = h(
      "button",
      { type: "button", class: "plain where", onclick: () => actions.showPin(pin) },
      icon("pin"),
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
