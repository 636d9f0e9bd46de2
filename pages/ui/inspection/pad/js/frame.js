// The frame around everything: as high as the window leaves room for, with tabs where it is narrow.

class Frame {
  constructor(root) {
    this.root = root;
    this.node = null;
  }

  lay(assignment, ...parts) {
    const lang = this.language.replace("_", "-");
    const node = h("div", { class: "pad", "data-assignment": assignment, lang }, ...parts);
    if (this.node) this.node.replaceWith(node);
    else this.root.append(node);
    this.node = node;
    this.fit();
  }

  // So high that the page itself never scrolls.
  fit() {
    if (!this.node) return;
    const outer = scrollerOf(this.root.host ?? this.root);
    this.node.style.height = `${outer.clientHeight}px`;
    this.node.style.height = `${2 * outer.clientHeight - outer.scrollHeight}px`;
  }

  // Whether keys are for the pad: it is shown, and no dialog is open.
  isFree() {
    return this.node.isConnected && !this.root.querySelector("dialog[open]");
  }

  header(state, texts) {
    this.tabs = ["record", "checklist"].map((name) =>
      h("button", { type: "button", role: "tab", onclick: () => this.showTab(name) }, texts[name]),
    );
    return h(
      "header",
      { class: "top" },
      h("h1", {}, state.title),
      h("span", {}, state.subtitle),
      h("div", { class: "tabs", role: "tablist" }, ...this.tabs),
    );
  }

  showTab(name) {
    this.node.dataset.tab = name;
    const [record, checklist] = this.tabs;
    record.setAttribute("aria-selected", String(name === "record"));
    checklist.setAttribute("aria-selected", String(name === "checklist"));
  }
}

function scrollerOf(node) {
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY);
  let outer = node;
  while (outer.parentElement && !scrolls(outer)) outer = outer.parentElement;
  return outer;
}

function addressed() {
  const given = new URL(location.href).searchParams.get("assignment");
  return /^\d+$/.test(given) ? Number(given) : null;
}

// The address names the encounter, so that a reload comes back to it.
function showAddress(assignment) {
  const address = new URL(location.href);
  address.searchParams.set("assignment", assignment);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
