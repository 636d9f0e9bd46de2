// Keeps what is typed into marked fields until the page says that it is stored; see typed.py.
(() => {
  if (window.qiTyped) return window.qiTyped();
  const PREFIX = "qi-typed:";
  const FIELDS = '[class*="st-key-typed_"] textarea, [class*="st-key-typed_"] input';
  const before = new WeakMap(); // a field's text as it was entered
  const known = new WeakMap(); // the name under which a field was put back
  let newest = 0;

  const marker = () => document.querySelector(".qi-typed");
  const owner = () => marker()?.dataset.owner;
  const nameOf = (field) => {
    const classes = field.closest('[class*="st-key-typed_"]')?.className ?? "";
    return /st-key-typed_(.+?)(?:__[0-9a-f]*)?(?:\s|$)/.exec(classes)?.[1];
  };
  const slot = (name) => `${PREFIX}${owner()}:${name}`;
  const kept = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(slot(name)));
    } catch {
      return null;
    }
  };
  const keep = (name, entry) => {
    try {
      sessionStorage.setItem(slot(name), JSON.stringify(entry));
    } catch {
      // The browser keeps nothing for us: then it is as without this script.
    }
  };
  const slots = () => Object.keys(sessionStorage).filter((each) => each.startsWith(PREFIX));
  const forget = (is) => slots().filter(is).forEach((each) => sessionStorage.removeItem(each));

  const noteField = ({ target }) => {
    if (target.matches?.(FIELDS)) before.set(target, target.value);
  };
  const noteText = ({ target }) => {
    if (!owner() || !target.matches?.(FIELDS)) return;
    const name = nameOf(target);
    const base = kept(name)?.base ?? before.get(target) ?? target.defaultValue;
    if (target.value === base) sessionStorage.removeItem(slot(name));
    else keep(name, { base, text: target.value });
  };

  // What is put back: never in place of something newer, which then stands above it.
  const together = (field, entry) => {
    if (field.value === entry.base || entry.text.includes(field.value)) return entry.text;
    return field.tagName === "TEXTAREA" ? `${field.value}\n\n${entry.text}` : field.value;
  };
  const put = (field, text) => {
    const prototype = Object.getPrototypeOf(field);
    Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // sends it
  };
  const restore = (field) => {
    const name = nameOf(field);
    if (field.disabled || known.get(field) === name) return;
    known.set(field, name);
    const entry = kept(name);
    if (!entry) return;
    const text = together(field, entry);
    if (text === field.value) return;
    before.set(field, field.value);
    put(field, text);
  };

  const look = () => {
    if (!owner()) return; // signed out: the same person may come back
    forget((each) => !each.startsWith(slot("")));
    for (const [count, name] of JSON.parse(marker().dataset.saved || "[]")) {
      if (count <= newest) continue;
      newest = count;
      forget((each) => each === slot(name) || each.startsWith(`${slot(name)}-`));
    }
    document.querySelectorAll(FIELDS).forEach(restore);
  };
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      look();
    });
  };
  document.addEventListener("focusin", noteField, true);
  document.addEventListener("input", noteText, true);
  new MutationObserver(soon).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "data-saved"],
  });
  window.qiTyped = soon;
  soon();
})();
