// What surrounds the panes: the bar that never moves, ledger, banners, lists and the key overlay.

const DOUBLE_CLICK = 400;

class Bar {
  constructor(texts, actions) {
    Object.assign(this, { texts, actions, openedAt: Date.now() });
    this.score = h("strong", { class: "score" }, "—");
    this.before = h("span", { class: "before" });
    this.pins = h("span", { class: "count" });
    this.status = h("span", { class: "status", role: "status" });
    const button = (label, act, props = {}) =>
      h("button", { type: "button", onclick: act, ...props }, label);
    this.ledger = button(texts.ledger, () => actions.toggleLedger(), {
      "aria-expanded": "false",
      "aria-keyshortcuts": "l",
    });
    this.submit = button(texts.submit, (event) => this.isSecondClick(event) || actions.submit(), {
      class: "primary",
      "aria-keyshortcuts": "Control+Enter",
    });
    const keys = button("?", () => actions.showKeys(), {
      class: "keys",
      title: texts.keys,
      "aria-label": texts.keys,
    });
    const skip = button(texts.skip, () => actions.skip(), {
      class: "skip",
      "aria-keyshortcuts": "s",
    });
    this.node = h(
      "footer",
      { class: "bar" },
      h("div", { class: "figures" }, this.score, this.before, this.pins, this.status),
      h("div", { class: "actions" }, keys, texts.skip && skip, this.ledger, this.submit),
    );
    this.timer = setInterval(() => this.showStatus(), 1000);
  }

  // The second click of a double click must not meet the next encounter.
  isSecondClick(event) {
    return event.detail > 1 || Date.now() - this.openedAt < DOUBLE_CLICK;
  }

  showSheet(sheet) {
    this.score.textContent = sheet.score ?? "—";
    this.score.title = sheet.reason ?? "";
    this.score.classList.toggle("provisional", sheet.missing.length > 0);
    this.before.textContent =
      sheet.before === null ? "" : fill(this.texts.before_critical, { score: sheet.before });
    this.before.classList.toggle("differs", sheet.before !== sheet.score);
  }

  showPins(count) {
    this.pins.textContent = counted(this.texts.pins, count);
  }

  setStatus(kind, text) {
    if (kind === "saved") this.savedAt = Date.now();
    Object.assign(this, { kind, text });
    this.showStatus();
  }

  showStatus() {
    const { texts } = this;
    const known = {
      changed: texts.changed,
      saving: texts.saving,
      retrying: texts.retrying,
      submitting: texts.submitting,
    };
    let text = this.text ?? known[this.kind] ?? "";
    if (this.kind === "saved") text = fill(texts.saved, { ago: this.ago() });
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.kind = this.kind ?? "";
  }

  ago() {
    const seconds = Math.round((Date.now() - this.savedAt) / 1000);
    if (seconds < 60) return fill(this.texts.seconds, { count: seconds });
    return fill(this.texts.minutes, { count: Math.floor(seconds / 60) });
  }

  busy(busy) {
    this.submit.disabled = busy;
  }

  close() {
    clearInterval(this.timer);
  }
}

// A message across the top of the panes, with what can be done about it.
class Banner {
  constructor() {
    this.node = h("div", { class: "banner", role: "alert", hidden: true });
  }

  show(text, { buttons = [], lines = [] } = {}) {
    const list = lines.length ? h("ul", {}, ...lines.map((line) => h("li", {}, line))) : null;
    const row = buttons.map(({ label, act, href }) =>
      href
        ? h("a", { class: "button", href, target: "_blank", rel: "noopener" }, label)
        : h("button", { type: "button", onclick: act }, label),
    );
    this.node.replaceChildren(
      h("p", {}, text),
      ...(list ? [list] : []),
      h("div", { class: "row" }, ...row),
    );
    this.node.hidden = false;
  }

  hide() {
    this.node.hidden = true;
  }
}

function keyDialog(texts) {
  const rows = texts.key_list.map(([keys, text]) =>
    h(
      "div",
      {},
      h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key))),
      h("dd", {}, text),
    ),
  );
  const close = h("button", { type: "button", onclick: () => dialog.close() }, texts.close);
  const dialog = h(
    "dialog",
    { class: "keys", "aria-label": texts.keys },
    h("h2", {}, texts.keys),
    h("dl", {}, ...rows),
    close,
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

function skipDialog(texts, done) {
  const reason = h("textarea", {
    class: "field",
    rows: 3,
    required: true,
    maxlength: 1000,
    "aria-label": texts.skip_reason,
  });
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, texts.cancel);
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", {}, texts.skip_title),
    h("label", {}, h("span", {}, texts.skip_reason), reason),
    h(
      "div",
      { class: "row" },
      cancel,
      h("button", { type: "submit", class: "primary" }, texts.skip_now),
    ),
  );
  const dialog = h("dialog", { class: "skip", "aria-label": texts.skip_title }, form);
  form.addEventListener("submit", () => done(storable(reason.value.trim())));
  return dialog;
}

function ledgerPanel(texts) {
  const body = h("div", { class: "lines" });
  const node = h("aside", { class: "ledger", "aria-label": texts.ledger, hidden: true }, body);
  const show = (lines) => {
    const rows = lines.map(({ level, subject, step, calculation, result }) =>
      h(
        "tr",
        { class: level },
        h("th", { scope: "row" }, subject),
        h("td", {}, step),
        h("td", {}, calculation),
        h("td", { class: "number" }, result),
      ),
    );
    body.replaceChildren(h("table", {}, h("tbody", {}, ...rows)));
  };
  return { node, show };
}
