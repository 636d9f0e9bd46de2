// What an item shows below its line while it has the focus: levels, help, reason, note, evidence,
// and buttons for what the keys do.

/** @import { IconName } from "../../../kit/elements.js" */
/** @import { Shared } from "./item_view.js" */
/** @import { Answer, Item, ItemActions, ItemTools, Pin, RecordedEvent, Texts } from "./types.js" */

import { h, icon } from "../../../kit/elements.js";
import { fill, storable } from "../../../kit/texts.js";
import { momentOf } from "../../../kit/times.js";
import { optionKeys } from "./answer_fields.js";
import { hasCamera } from "./photos.js";
import { photoView } from "./regions.js";

const MOST_NOTED = 4000; // characters the server takes
const COUNTED_FROM = 0.9;
const TYPED_IN = "input, textarea, select";

export class ItemDetails {
  /**
   * @param {Item} item
   * @param {Shared} shared
   */
  constructor(item, { work, texts, actions, encounter }) {
    this.item = item;
    this.work = work;
    this.texts = texts;
    this.actions = actions;
    this.encounter = encounter;
    this.node = h("div", { class: "more" });
    this.noting = false;
    this.timing = false;
  }

  show() {
    const { node } = this;
    const active = this.actions.root.activeElement;
    const inside = node.contains(active);
    if (inside && active?.matches(TYPED_IN)) return; // someone is typing there
    node.replaceChildren(...this.parts());
    if (inside) focusOn(node.closest(".item")); // its button is gone
  }

  parts() {
    const { item, work, texts, actions } = this;
    const answer = work.answers[item.key];
    const showsReason = answer?.na && (item.naReason || answer.reason);
    const parts = [
      actions.helping ? itemHelp(item, texts, actions) : levelsOf(item),
      showsReason ? this.reason(answer) : null,
      this.noting || work.notes[item.key] ? this.note() : null,
      ...work.pinsOf(item.key).map((pin) => this.pin(pin)),
      this.timing && actions.tools ? this.moments(actions.tools) : null,
      actions.tools ? this.tools(actions.tools) : null,
    ];
    return parts.filter((part) => part !== null);
  }

  fold() {
    this.timing = false;
    this.node.replaceChildren();
  }

  /**
   * What mouse and finger find; each says its key.
   *
   * @param {ItemTools} tools
   */
  tools(tools) {
    const { item, texts, actions } = this;
    const key = (/** @type {string} */ command) => actions.keyOf(command);
    return h(
      "div",
      { class: "tools", role: "toolbar", "aria-label": texts.tools },
      tool("note", key("m"), texts.note, () => tools.note(item)),
      texts.photo && tool("camera", key("t"), texts.photo, () => tools.photo(item)),
      texts.photo && hasCamera() && this.photoChoice(tools),
      tool("time", key("T"), texts.moment, () => tools.moment(item)),
      tool("ask", key("h"), texts.help, () => tools.toggleHelp(item)),
      this.work.answers[item.key] && this.clearing(tools),
    );
  }

  /** @param {ItemTools} tools */
  photoChoice(tools) {
    const choose = () => tools.photo(this.item, { camera: false });
    return tool("camera", "", this.texts.choose_photo, choose);
  }

  /** @param {ItemTools} tools */
  clearing(tools) {
    return tool("close", "Backspace", this.texts.clear, () => tools.clear(this.item));
  }

  /** @param {Answer} answer */
  reason(answer) {
    /** @type {HTMLInputElement} */
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
    /** @type {HTMLTextAreaElement} */
    const field = h("textarea", {
      class: "field note",
      rows: 2,
      dir: "auto",
      placeholder: this.texts.note_here,
      "aria-label": this.texts.note,
      oninput: () => this.work.setNote(this.item.key, storable(field.value)),
      onkeydown: (event) => this.leaveNote(event),
    });
    field.value = this.work.notes[this.item.key] ?? "";
    return h("div", {}, field, countOf(field, MOST_NOTED, this.texts));
  }

  /** @param {KeyboardEvent} event */
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

  /** @param {string} field */
  edit(field) {
    this.show();
    focusOn(this.node.querySelector(field));
  }

  /**
   * Times that a system recorded, to be pinned as such, and a field for one that is typed.
   *
   * @param {ItemTools} tools
   */
  moments(tools) {
    const { texts, encounter } = this;
    const recorded = encounter.events
      .filter((event) => event.kind === "system")
      .map((event) => this.recorded(event, tools));
    const field = h("input", {
      type: "datetime-local",
      step: 1,
      class: "field moment",
      "aria-label": texts.moment_typed_here,
      onkeydown: (event) => this.leaveMoment(event, () => this.typed(field.value, tools)),
    });
    field.value = encounter.began;
    const typed = () => this.typed(field.value, tools);
    const pin = h("button", { type: "button", onclick: typed }, texts.pin_moment);
    return h("div", { class: "moments" }, ...recorded, h("div", { class: "row" }, field, pin));
  }

  /**
   * @param {RecordedEvent} event
   * @param {ItemTools} tools
   */
  recorded(event, tools) {
    const pin = () => {
      this.timing = false;
      tools.pinMoment(this.item, event.at, "system", event.key);
    };
    const props = { type: "button", class: "chip", onclick: pin };
    return h("button", props, event.name, " ", event.shown);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => void} take
   */
  leaveMoment(event, take) {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) take();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    this.timing = false;
    this.actions.focusItem(this.item.key);
    this.show();
  }

  /**
   * @param {string} local
   * @param {ItemTools} tools
   */
  typed(local, tools) {
    if (!local) return;
    this.timing = false;
    tools.pinMoment(this.item, momentOf(local, this.encounter.zone), "manual");
  }

  /** @param {Pin} pin */
  pin(pin) {
    const { texts, actions } = this;
    const described = actions.describePin(pin);
    const shown = pin.photo ? photoView(pin, described) : icon(pin.moment ? "time" : "pin");
    const show = () => actions.showPin(pin);
    const go = h(
      "button",
      { type: "button", class: "plain where", onclick: show },
      shown,
      described,
    );
    const props = { "aria-label": texts.remove_pin, title: texts.remove_pin };
    const take = () => this.work.removePin(pin);
    const remove = h(
      "button",
      { type: "button", class: "plain", onclick: take, ...props },
      icon("close"),
    );
    return h("div", { class: "pin-line" }, go, remove);
  }
}

/**
 * @param {IconName} name
 * @param {string} key
 * @param {string} label
 * @param {() => void} onclick
 */
function tool(name, key, label, onclick) {
  const props = { type: "button", class: "tool", "aria-keyshortcuts": key, onclick };
  return h("button", props, icon(name), label, h("kbd", {}, key));
}

/**
 * How long a text has become, once it comes near to what can be stored. Nothing of it is cut.
 *
 * @param {HTMLTextAreaElement} field
 * @param {number} most
 * @param {Pick<Texts, "characters" | "too_long">} texts
 */
export function countOf(field, most, texts) {
  const node = h("p", { class: "hint counted", role: "status" });
  const show = () => {
    const count = Array.from(field.value).length;
    const text = count > most ? texts.too_long : texts.characters;
    node.hidden = count < COUNTED_FROM * most;
    node.classList.toggle("over", count > most);
    node.textContent = node.hidden ? "" : fill(text, { count, most, over: count - most });
  };
  field.addEventListener("input", show);
  show();
  return node;
}

/** @param {Element | null} node */
function focusOn(node) {
  if (node instanceof HTMLElement) node.focus({ preventScroll: true });
}

/** @param {Item} item */
function levelsOf(item) {
  if (item.kind !== "graded") return null;
  const keys = new Map([...optionKeys(item)].map(([key, option]) => [option, key]));
  const rows = item.options
    .filter((option) => option.text)
    .map((option) => h("div", {}, h("dt", {}, keys.get(option.key)), h("dd", {}, option.text)));
  return rows.length ? h("dl", { class: "anchors" }, ...rows) : null;
}

/**
 * What the item means, how it is met and how it is not, what it does, where it is laid down.
 *
 * @param {Item} item
 * @param {Texts} texts
 * @param {Pick<ItemActions, "keyOf">} actions
 */
function itemHelp(item, texts, actions) {
  const line = (/** @type {string} */ label, /** @type {string | undefined} */ text) =>
    text && h("p", {}, h("b", {}, label), " ", text);
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
    line(texts.limit, item.clock?.limitText),
    line(texts.keys_here, keysOf(item, texts, (command) => actions.keyOf(command))),
    line(texts.consequence, item.effects.join("; ")),
    line(texts.laid_down_in, item.source),
  );
}

/**
 * The keys that are letters or signs: y, n and the one for N/A.
 *
 * @param {Pick<Item, "options" | "yes" | "no" | "na" | "informs">} item
 * @param {Pick<Texts, "na">} texts
 * @param {(command: string) => string} keyOf
 */
export function keysOf(item, texts, keyOf = (command) => command) {
  const named = (/** @type {string} */ key) =>
    item.options.find((option) => option.key === key)?.text || key;
  const keys = [];
  if (item.yes) keys.push(`${keyOf("y")} ${named(item.yes)}`);
  if (item.no) keys.push(`${keyOf("n")} ${named(item.no)}`);
  if (item.na && !item.informs) keys.push(`${keyOf("/")} ${texts.na}`);
  return keys.join(" · ");
}
