// The scoring pad's own checklist pane, filled in for trial: answers go to the page, which scores them.

class Preview {
  constructor(root) {
    this.root = root;
    this.actions = {
      root: root.getRootNode(),
      helping: false,
      focusItem: (key) => this.pane.focus(key, { grab: false }),
      choose: (item, option) => this.choose(item, option),
      notApplicable: (item) => this.notApplicable(item),
      advance: () => {},
      showPin: () => {},
      describePin: () => "",
    };
  }

  update(component) {
    const { version, sheet, answers } = component.data;
    this.component = component;
    if (version !== this.version) this.build(component.data, answers);
    this.version = version;
    if (sheet) this.pane.showSheet(sheet);
  }

  build({ state, texts }, answers) {
    this.work = new Work(state.checklist, (key) => this.changed(key));
    this.work.load({ answers, evidence: [], note: "", active_seconds: 0 });
    this.pane = new ChecklistPane({ state, work: this.work, texts, actions: this.actions });
    this.node?.remove();
    this.node = h("div", { class: "pad preview" }, this.pane.node);
    this.root.append(this.node);
  }

  choose(item, option) {
    if (this.work.isChosen(item, option) && item.kind !== "multi") this.work.answer(item.key, null);
    else this.work.choose(item, option);
  }

  notApplicable(item) {
    if (this.work.answers[item.key]?.na) this.work.answer(item.key, null);
    else this.work.notApplicable(item);
  }

  changed(key) {
    this.pane.changed(key);
    this.component.setStateValue("answers", this.work.content().answers);
  }
}

const previews = new WeakMap();

export default function mount(component) {
  const root = component.parentElement;
  if (!previews.has(root)) previews.set(root, new Preview(root));
  previews.get(root).update(component);
}
