// The scoring pad's own checklist pane, filled in for trial: answers go to the page, which scores them.

/** @import { Component } from "../kit/types.js" */
/** @import { Answers, Checklist, Item, ItemActions, Sheet, Texts } from "../inspection/pad/js/types.js" */
/**
 * @typedef {object} PreviewData
 * @property {string} version of the draft as it is shown; with another one all is built anew
 * @property {{ checklist: Checklist, encounter: { zone: string } }} state
 * @property {Texts} texts
 * @property {Answers} answers
 * @property {Sheet} sheet
 */

import { ChecklistPane } from "../inspection/pad/js/checklist.js";
import { Work } from "../inspection/pad/js/work.js";
import { h } from "../kit/elements.js";
import { mounting } from "../kit/mounting.js";

/** @implements {ItemActions} */
class Preview {
  /**
   * @param {ShadowRoot} root
   * @param {Component<PreviewData>} component
   */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.helping = false;
    /** @type {ItemActions["tools"]} */
    this.tools = null;
    this.version = component.data.version;
    this.node = h("div", { class: "pad preview" });
    this.work = this.workOf(component.data);
    this.pane = this.paneOf(component.data);
    this.node.append(this.pane.node);
    root.append(this.node);
  }

  /** @param {Component<PreviewData>} component */
  update(component) {
    const { data } = component;
    this.component = component;
    if (data.version !== this.version) this.build(data);
    this.version = data.version;
    this.pane.showSheet(data.sheet);
  }

  destroy() {
    this.node.remove();
  }

  /** @param {PreviewData} data */
  build(data) {
    this.work = this.workOf(data);
    this.pane = this.paneOf(data);
    this.node.replaceChildren(this.pane.node);
  }

  /** @param {PreviewData} data */
  workOf({ state, answers }) {
    const work = new Work(state.checklist, (key) => this.changed(key));
    work.load({ answers, evidence: [], note: "", active_seconds: 0 });
    return work;
  }

  /** @param {PreviewData} data */
  paneOf({ state: { checklist, encounter }, texts }) {
    const state = { checklist, encounter: { ...encounter, events: [], began: "" } };
    return new ChecklistPane({ state, work: this.work, texts, actions: this });
  }

  /** @param {string | null} key */
  changed(key) {
    this.pane.changed(key);
    this.component.setStateValue("answers", this.work.content().answers);
  }

  /** @param {string} key */
  focusItem(key) {
    this.pane.focus(key, { grab: false });
  }

  /**
   * @param {Item} item
   * @param {string} option
   */
  choose(item, option) {
    if (this.work.isChosen(item, option) && item.kind !== "multi") this.work.answer(item.key, null);
    else this.work.choose(item, option);
  }

  /** @param {Item} item */
  notApplicable(item) {
    if (this.work.answers[item.key]?.na) this.work.answer(item.key, null);
    else this.work.notApplicable(item);
  }

  /** @param {string} command */
  keyOf(command) {
    return command;
  }

  advance() {}

  leaveField() {}

  showPin() {}

  describePin() {
    return "";
  }
}

export default mounting(Preview);
