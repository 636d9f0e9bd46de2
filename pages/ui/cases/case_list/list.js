// The list of cases: a listbox. Arrows select, Enter or a double click opens.

const MASK = "█"; // what stands for personal data
const WAIT = 180; // ms until a selection by key is sent, so that holding a key sends the last one

// Offsets count characters, as the server does; strings of the browser count UTF-16 units.
function marked(text, hits) {
  const parts = [];
  Array.from(text).forEach((character, at) => {
    const hit = hits.some(([from, to]) => from <= at && at < to);
    const style = hit ? "hit" : character === MASK ? "masked" : "";
    const last = parts.at(-1);
    if (last && last.style === style) last.text += character;
    else parts.push({ style, text: character });
  });
  return parts.map(({ style, text: words }) => (style ? h(style === "hit" ? "mark" : "span", { class: style }, words) : words));
}

class List {
  constructor(root) {
    this.hint = h("p", { class: "hint" });
    this.box = h("div", { class: "cases", role: "listbox", tabindex: "0", onkeydown: (event) => this.key(event) });
    this.node = h("div", { class: "list" }, this.box, this.hint);
    root.append(this.node);
    this.selected = null;
    this.picked = new Set();
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.send = (id) => setStateValue("selected", id);
    this.open = (id) => setTriggerValue("opened", id);
    this.sendPicked = () => setStateValue("picked", [...this.picked]);
    const written = JSON.stringify(data);
    if (written === this.written) return;
    const others = this.written !== undefined && this.ids?.join() !== data.cases.map(({ id }) => id).join();
    this.written = written;
    this.texts = data.texts;
    this.ids = data.cases.map(({ id }) => id);
    this.picks = data.picks;
    if (!this.ids.includes(this.selected)) this.selected = null;
    this.picked = new Set([...this.picked].filter((id) => this.ids.includes(id)));
    this.box.setAttribute("aria-label", this.texts.list);
    this.box.replaceChildren(...data.cases.map((one) => this.card(one)));
    this.hint.textContent = this.texts.keys;
    this.mark();
    if (others) {
      this.box.scrollTop = 0;
      if (this.box.getBoundingClientRect().top < 0) this.box.scrollIntoView({ block: "start" });
    }
  }

  card(one) {
    const chips = one.chips.map(({ name, lost }) => h("span", { class: "chip" }, h("span", { class: "name" }, name), h("span", { class: "lost" }, lost)));
    if (one.more) chips.push(h("span", { class: "chip rest" }, `+${one.more}`));
    if (!one.chips.length) chips.push(h("span", { class: "chip rest" }, this.texts.nothing_lost));
    return h("div", { class: one.low ? "case low" : "case", role: "option", id: `case-${one.id}`, "data-id": one.id, onclick: () => this.select(one.id), ondblclick: () => this.open(one.id) },
      h("div", { class: "head" }, this.picks ? this.tick(one) : null, h("span", { class: "score" }, one.score), h("span", { class: "station" }, one.title)),
      h("div", { class: "facts" }, one.signs ? h("span", { class: "signs" }, one.signs) : null, one.facts),
      h("div", { class: "chips" }, ...chips),
      one.excerpt ? h("div", { class: "excerpt" }, ...marked(one.excerpt, one.hits)) : null);
  }

  tick(one) {
    const props = { type: "checkbox", class: "pick", tabindex: "-1", title: this.texts.pick, "aria-label": `${this.texts.pick} ${one.title}` };
    return h("input", { ...props, checked: this.picked.has(one.id), onclick: (event) => { event.stopPropagation(); this.pick(one.id); }, ondblclick: (event) => event.stopPropagation() });
  }

  pick(id) {
    if (!this.picked.delete(id)) this.picked.add(id);
    this.box.querySelector(`[data-id="${id}"] .pick`).checked = this.picked.has(id);
    this.sendPicked();
  }

  mark() {
    for (const card of this.box.children) card.setAttribute("aria-selected", String(Number(card.dataset.id) === this.selected));
    if (this.selected) this.box.setAttribute("aria-activedescendant", `case-${this.selected}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  select(id, wait = 0) {
    this.selected = id;
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(id), wait);
  }

  key(event) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      const at = this.ids.indexOf(this.selected) + step;
      const id = this.ids[Math.min(Math.max(at, 0), this.ids.length - 1)];
      this.select(id, WAIT);
      this.box.querySelector(`[data-id="${id}"]`).scrollIntoView({ block: "nearest" });
    } else if (event.key === " " && this.picks && this.selected) this.pick(this.selected);
    else if (event.key === "Enter" && this.selected) this.open(this.selected);
    else return;
    event.preventDefault();
  }
}

const lists = new WeakMap();

export default function mount(component) {
  const root = component.parentElement;
  if (!lists.has(root)) lists.set(root, new List(root));
  lists.get(root).update(component);
}
