// One item of the checklist: its title and text, how it is answered, what the score makes of it.

class ItemView {
  constructor(item, shared) {
    const { work, texts, actions } = shared;
    Object.assign(this, { item, work, texts });
    this.answering = new Answering(item, shared);
    this.unfolded = new Unfolded(item, shared);
    this.marks = h("span", { class: "marks" });
    const single = item.options.length > 0 && item.kind !== "multi";
    const props = {
      class: "item",
      role: single ? "radiogroup" : "group",
      tabindex: "-1",
      "data-key": item.key,
      "aria-label": `${item.code} ${item.term}. ${item.text}`,
      onpointerup: () => actions.focusItem(item.key, { grab: false }), // down would move what is pressed
    };
    const text = item.term && h("p", { class: "text" }, item.text);
    const what = h("div", { class: "what" }, this.title(), text);
    const head = h("div", { class: "head" }, what, this.answering.node);
    this.node = h("div", props, head, this.unfolded.node);
    this.update();
  }

  title() {
    const { item, texts } = this;
    return h(
      "p",
      { class: "title" },
      item.code && h("span", { class: "code" }, item.code),
      h("span", { class: "term" }, item.term || item.text),
      item.critical && h("span", { class: "badge critical" }, texts.critical),
      item.keyMoment && h("span", { class: "badge" }, texts.key_moment),
      (item.excluded || item.informs) && h("span", { class: "badge" }, texts.not_scored),
      this.marks,
    );
  }

  // Called for every change of this item and of nothing else.
  update() {
    this.node.classList.toggle("answered", this.work.isAnswered(this.item));
    this.answering.update();
    this.showMarks();
    if (this.focused) this.unfolded.show();
  }

  // What the server's score sheet says of this item.
  setResult(result, { unproven, wanted }) {
    Object.assign(this, { result, unproven, wanted });
    this.showMarks();
  }

  showMarks() {
    const { item, work, texts, result } = this;
    const pins = work.pinsOf(item.key).length;
    const note = work.notes[item.key];
    const marks = [];
    const mark = (kind, title, ...content) =>
      marks.push(h("span", { class: `mark ${kind}`, title }, ...content));
    if (pins) mark("", counted(texts.pins, pins), icon("pin", texts.evidence), String(pins));
    if (note) mark("", note, icon("note", texts.note));
    if (result?.effect) mark("effect", null, icon("warn", texts.critical), result.effect);
    else if (result?.lost) mark("lost", texts.points_lost, `−${result.lost}`);
    if (this.unproven) mark("due", null, texts.evidence_needed);
    else if (this.wanted) mark("wish", null, texts.evidence_wanted);
    this.marks.replaceChildren(...marks);
  }

  setFocused(focused) {
    this.focused = focused;
    this.node.classList.toggle("focus", focused);
    for (const part of this.answering.node.querySelectorAll(".option, .field"))
      part.tabIndex = focused ? 0 : -1;
    if (focused) this.unfolded.show();
    else this.unfolded.fold();
  }
}
