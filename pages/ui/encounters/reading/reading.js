// An encounter beside its lost points.

const NARROW = 760;
const MASK = "█"; // what stands for personal data

function warning() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 2L1 21h22zM11 9h2v6h-2zM11 17h2v2h-2z");
  svg.append(path);
  return svg;
}

class Reading {
  constructor(data) {
    this.data = data;
    this.texts = data.texts;
    this.turns = new Map();
    this.items = new Map();
    const panes = [this.encounter()];
    if (data.losses) panes.push(this.losses());
    this.tabs = data.losses ? this.tabBar() : null;
    this.node = h("div", { class: data.losses ? "reading" : "reading single" }, this.tabs, h("div", { class: "panes" }, ...panes));
    this.show("losses");
    new ResizeObserver(([entry]) => this.node.classList.toggle("narrow", entry.contentRect.width < NARROW)).observe(this.node);
  }

  tabBar() {
    const count = this.data.sections.reduce((sum, section) => sum + section.items.length, 0);
    const tab = (name, label) =>
      h("button", { type: "button", role: "tab", "data-tab": name, onclick: () => this.show(name) }, label);
    return h("div", { class: "tabs", role: "tablist" },
      tab("losses", `${this.texts.lost} ${count}`),
      tab("encounter", this.data.turns.length ? this.texts.transcript : this.texts.record));
  }

  show(name) {
    this.node.dataset.tab = name;
    for (const button of this.tabs?.children ?? []) button.setAttribute("aria-selected", String(button.dataset.tab === name));
  }

  encounter() {
    const { turns, facts } = this.data;
    const rows = facts.map(({ name, value }) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
    return h("section", { class: "pane encounter", tabindex: "0", "aria-label": this.texts.transcript },
      rows.length ? h("dl", { class: "facts" }, ...rows) : null,
      turns.length
        ? h("ol", { class: "turns" }, ...turns.map((turn) => this.turn(turn)))
        : h("p", { class: "hint" }, this.texts.no_transcript));
  }

  turn(turn) {
    const chips = turn.pins.map((pin) => this.chip(pin));
    const node = h("li", { class: `turn ${turn.speaker}`, tabindex: "-1" },
      h("div", { class: "who" },
        h("span", { class: "number" }, String(turn.position)),
        turn.name,
        turn.time ? h("span", { class: "time" }, turn.time) : null),
      h("div", { class: "words" }, ...this.marked(turn)),
      chips.length ? h("div", { class: "chips" }, ...chips) : null);
    if (turn.pins.some((pin) => pin.lost)) node.classList.add("lost");
    this.turns.set(turn.position, node);
    return node;
  }

  chip(pin) {
    const label = h("span", {}, pin.name);
    if (!pin.lost || !this.data.losses) return h("span", { class: pin.lost ? "chip lost" : "chip" }, label);
    const title = fill(this.texts.show_item, { item: pin.name });
    return h("button", { type: "button", class: "chip lost", title, onclick: () => this.showItem(pin.key) }, label);
  }

  // Offsets count characters, as the server does; strings of the browser count UTF-16 units.
  marked(turn) {
    const characters = Array.from(turn.text);
    const style = (at) => {
      const masked = characters[at] === MASK && "masked";
      const hit = turn.hits.some(([from, to]) => from <= at && at < to);
      const mark = turn.marks.find(({ from, to }) => from <= at && at < to);
      return [mark && (mark.lost ? "lost" : "mark"), hit && "hit", masked].filter(Boolean).join(" ");
    };
    const parts = [];
    characters.forEach((character, at) => {
      const last = parts.at(-1);
      if (last && last.style === style(at)) last.text += character;
      else parts.push({ style: style(at), text: character });
    });
    return parts.map((part) => (part.style ? h("mark", { class: part.style }, part.text) : part.text));
  }

  losses() {
    const { sections, note } = this.data;
    return h("section", { class: "pane losses", tabindex: "0", "aria-label": this.texts.lost },
      ...sections.map((section) => this.section(section)),
      sections.length ? null : h("p", { class: "hint" }, this.texts.nothing_lost),
      note ? h("div", { class: "note whole" }, h("h3", {}, this.texts.form_note), h("p", {}, note)) : null);
  }

  section(section) {
    return h("div", { class: "section" },
      h("h3", {}, section.title, h("span", { class: "score" }, section.score)),
      ...section.items.map((item) => this.item(item)));
  }

  item(item) {
    const labelled = (label, text, css = "") => h("p", { class: css }, h("span", { class: "label" }, `${label} `), text);
    const node = h("article", { class: "item", tabindex: "-1" },
      h("div", { class: "head" },
        h("span", { class: "name" }, item.name, " ", h("span", { class: "code" }, item.key)),
        h("span", { class: "loss" }, item.effect ? h("span", { class: "effect" }, warning(), item.effect) : null, item.lost ? `−${item.lost}` : null)),
      item.text ? h("p", { class: "text" }, item.text) : null,
      labelled(this.texts.answer, item.answer),
      item.note ? labelled(this.texts.note, item.note, "note") : null,
      ...item.pins.map((pin) => this.place(pin, item.name)),
      item.pins.length ? null : h("p", { class: "hint" }, this.texts.no_evidence),
      item.guidance ? h("details", {}, h("summary", {}, this.texts.guidance), h("p", {}, item.guidance)) : null);
    this.items.set(item.key, node);
    return node;
  }

  place(pin, name) {
    const words = [pin.photo ? this.photo(pin.photo, name) : null, pin.quote ? h("q", {}, pin.quote) : null, pin.note ? h("span", {}, pin.note) : null];
    if (pin.turn === null) return h("div", { class: pin.photo ? "place pictured" : "place" }, pin.time ? h("span", { class: "time" }, pin.time) : null, ...words);
    const number = String(pin.turn);
    const title = fill(this.texts.show_turn, { number });
    return h("button", { type: "button", class: "place", title, onclick: () => this.showTurn(pin.turn) },
      h("span", { class: "where" }, fill(this.texts.turn, { number })), ...words);
  }

  // Opened in a tab of its own it can be looked at closely.
  photo({ src, region }, name) {
    const alt = fill(this.texts.photo_of, { item: name });
    const node = h("a", { class: "shot", href: src, target: "_blank", rel: "noopener", title: alt }, h("img", { src, alt, loading: "lazy" }));
    if (region) {
      const box = h("span", { class: "region", "aria-hidden": "true" });
      for (const [side, share] of Object.entries(region)) box.style[side] = `${share}%`;
      node.append(box);
    }
    return node;
  }

  showTurn(position) {
    this.show("encounter");
    bring(this.turns.get(position));
  }

  showItem(key) {
    this.show("losses");
    bring(this.items.get(key));
  }

  // The first lost point comes into view by itself, without moving the page.
  settle() {
    const first = this.node.querySelector(".turn.lost");
    const pane = first?.closest(".pane");
    if (pane && pane.scrollHeight > pane.clientHeight) pane.scrollTop = first.offsetTop - pane.clientHeight / 4;
  }
}

function bring(node) {
  if (!node) return;
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.focus({ preventScroll: true });
  node.classList.add("shown");
  setTimeout(() => node.classList.remove("shown"), 1600);
}

export default function ({ data, parentElement }) {
  const written = JSON.stringify(data);
  if (parentElement.written === written) return;
  parentElement.written = written;
  parentElement.querySelector(".reading")?.remove();
  const reading = new Reading(data);
  parentElement.append(reading.node);
  requestAnimationFrame(() => reading.settle());
}
