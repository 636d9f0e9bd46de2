// What the pad asks before it takes an answer or a form: why an item does not apply, whether n was
// meant as the No it is now, whether so little is to be submitted. Escape takes nothing.

class Asking {
  constructor(pad) {
    this.pad = pad;
    this.texts = pad.texts;
    this.node = h("dialog", { class: "ask" });
    this.node.addEventListener("keydown", (event) => this.pressed?.(event));
  }

  // Why items do not apply: one reason for all of them, and none is not taken.
  reason(items, before, take) {
    const { texts } = this;
    const names = items.map((item) => item.name);
    const label = items.length > 1 ? texts.na_reason_all : texts.na_reason;
    const field = h("input", {
      type: "text",
      class: "field why",
      maxlength: 1000,
      autocomplete: "off",
      "aria-label": label,
    });
    field.value = before ?? "";
    const lacking = h("p", { class: "lacking", role: "alert" });
    const taken = () => {
      const reason = storable(field.value.trim());
      lacking.textContent = tellsWhy(reason) ? "" : texts.na_reason_needed;
      if (lacking.textContent) field.focus();
      else this.close(() => take(reason));
    };
    const text = items.length > 1 && items.some((item) => item.critical) && texts.na_critical_all;
    this.show(fill(texts.na_title, { items: names.join(", ") }), [
      text && h("p", {}, text),
      h("label", {}, h("span", {}, label), field),
      lacking,
      this.row(this.cancel(), this.button(texts.na, taken, { class: "primary", type: "submit" })),
    ]);
    this.submitted = taken;
    field.focus();
  }

  // n on a critical item, once in each of an inspector's first forms since n means No.
  no(item, { yes, na }) {
    const { texts } = this;
    const option = item.options.find(({ key }) => key === item.no);
    const label = option.text || option.key;
    const means = option.effect ? `${label} (${option.effect})` : label;
    const other = item.na && (() => this.close(na));
    const no = this.button(label, () => this.close(yes), { class: "primary" });
    this.show(fill(texts.n_is_no, { item: item.name }), [
      h("p", {}, fill(texts.n_is_no_here, { answer: means })),
      this.row(
        this.cancel(),
        other && this.button(texts.na, other, { "aria-keyshortcuts": "/" }, h("kbd", {}, "/")),
        no,
      ),
    ]);
    this.pressed = (event) => {
      if (latin(event) !== "/" || !other) return;
      stop(event);
      other();
    };
    no.focus();
  }

  // So little applies that it may be a slip.
  few({ applying, all }, submit) {
    const { texts } = this;
    const back = this.cancel(texts.go_back);
    this.show(texts.few_title, [
      h("p", {}, fill(texts.few_apply, { count: applying, all })),
      this.row(
        back,
        this.button(texts.submit_anyway, () => this.close(submit)),
      ),
    ]);
    back.focus();
  }

  button(label, act, props = {}, ...more) {
    const click = props.type === "submit" ? {} : { type: "button", onclick: act };
    return h("button", { ...click, ...props }, ...more, label);
  }

  cancel(label = this.texts.cancel) {
    return this.button(label, () => this.close());
  }

  row(...buttons) {
    return h("div", { class: "row" }, ...buttons);
  }

  show(title, parts) {
    this.pressed = this.submitted = null;
    const form = h("form", { novalidate: true }, h("h2", {}, title), ...parts);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submitted?.();
    });
    this.node.replaceChildren(form);
    this.node.setAttribute("aria-label", title);
    this.node.showModal();
  }

  close(act) {
    this.node.close();
    act?.();
  }

  // --- once a form -----------------------------------------------------------------------------

  get mark() {
    return `pad:n:${this.pad.server.address}:${this.pad.state.user}`;
  }

  wants(item) {
    return this.pad.state.asks_about_n && item.critical && !this.asked && !isKept(this.mark);
  }

  once() {
    this.asked = true;
    keepMark(this.mark);
  }
}

// A browser without storage asks again after a reload.
function isKept(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function keepMark(name) {
  try {
    localStorage.setItem(name, "1");
  } catch {
    // see above
  }
}
