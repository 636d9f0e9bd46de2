// The right pane: sections of items, one of which has the focus, and the note on the whole.

class ChecklistPane {
  constructor({ state, work, texts, actions }) {
    Object.assign(this, { work, texts });
    const shared = { work, texts, actions, encounter: state.encounter };
    this.views = new Map(work.items.map((item) => [item.key, new ItemView(item, shared)]));
    this.progress = h("span", { class: "progress" });
    this.scores = new Map();
    this.note = this.formNote();
    this.node = h(
      "section",
      { class: "sheet pane", "aria-label": texts.checklist },
      h("header", {}, h("h2", {}, state.checklist.title), this.progress),
      ...state.checklist.sections.map((section) => this.section(section)),
      h("div", { class: "form-note" }, h("label", {}, h("span", {}, texts.form_note), this.note)),
    );
    this.refresh();
  }

  section(section) {
    const score = h("span", { class: "section-score" }, "—");
    const rows = section.items.map((item) => this.views.get(item.key).node);
    const node = h(
      "section",
      { class: "section", "aria-label": section.title },
      h("h3", {}, section.title, score),
      ...rows,
    );
    this.scores.set(section.key, { score, node, items: section.items });
    return node;
  }

  formNote() {
    const back = (event) =>
      event.key === "Escape" && !event.isComposing && this.focus(this.focusedKey);
    const area = h("textarea", {
      class: "field",
      rows: 2,
      maxlength: 10000,
      onkeydown: back,
      oninput: () => this.work.setFormNote(storable(area.value)),
    });
    area.value = this.work.note;
    return area;
  }

  // Show again what a change touched: its own item, and all others only where visibility moved.
  changed(key) {
    if (key !== null) this.views.get(key)?.update();
    this.refresh();
  }

  refresh() {
    for (const [key, view] of this.views) view.node.hidden = !this.work.visible.has(key);
    for (const { node, items } of this.scores.values())
      node.hidden = !items.some((item) => this.work.visible.has(item.key));
    const asked = this.work.asked();
    const done = asked.filter((item) => this.work.isAnswered(item)).length;
    this.progress.textContent = fill(this.texts.progress, { done, all: asked.length });
  }

  showSheet(sheet) {
    for (const [key, { score }] of this.scores) score.textContent = sheet.sections[key] ?? "—";
    for (const [key, view] of this.views)
      view.setResult(sheet.items[key] ?? null, {
        unproven: sheet.unproven.includes(key),
        wanted: sheet.wanted.includes(key),
      });
  }

  get focused() {
    return this.focusedKey ? this.work.byKey.get(this.focusedKey) : null;
  }

  get view() {
    return this.views.get(this.focusedKey);
  }

  focus(key, { grab = true } = {}) {
    const view = this.views.get(key);
    if (!view || view.node.hidden) return;
    if (this.focusedKey !== key) {
      this.view?.setFocused(false);
      this.focusedKey = key;
      view.setFocused(true);
    }
    if (!grab) return;
    view.node.focus({ preventScroll: true });
    this.show(view.node);
  }

  // The next visible item in a direction; behind the last one comes the note on the whole.
  move(by) {
    if (!this.step(by, () => true) && by > 0) this.note.focus();
  }

  // After an answer: the next item that wants one.
  advance() {
    if (!this.step(1, (item) => !item.informs)) this.show(this.note);
  }

  step(by, wanted) {
    const offered = (item) => this.work.visible.has(item.key) && wanted(item);
    const keys = this.work.items
      .filter((item) => item.key === this.focusedKey || offered(item))
      .map((item) => item.key);
    const at = keys.indexOf(this.focusedKey);
    this.focus(keys[clamp(at + by, 0, keys.length - 1)]);
    return keys[at + by] !== undefined;
  }

  show(node) {
    keepInView(this.node, node);
  }

  firstUnanswered() {
    const first = this.work.unanswered()[0];
    const asked = this.work.asked();
    this.focus((first ?? asked.find((item) => !this.work.isAnswered(item)) ?? asked.at(-1))?.key);
  }

  sectionOf(item) {
    return this.work.sections.find((section) => section.items.includes(item));
  }
}
