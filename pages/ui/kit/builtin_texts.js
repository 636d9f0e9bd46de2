((language, dictionary) => {
  const OURS = '[data-testid="stMarkdown"], [data-testid="stText"], [data-testid="stCode"]';
  const LABELS = ["aria-label", "title", "placeholder"];
  const state = (window.qiBuiltinTexts ??= { back: new Map(), forth: new Map() });
  document.documentElement.lang = language;
  const translated = (text) => {
    const trimmed = text.trim();
    const english = state.back.get(trimmed) ?? trimmed;
    const wanted = state.forth.get(english) ?? english;
    return wanted === trimmed ? null : text.replace(trimmed, wanted);
  };
  const attributes = (element) => {
    for (const name of LABELS) {
      const wanted = element.hasAttribute(name) && translated(element.getAttribute(name));
      if (wanted) element.setAttribute(name, wanted);
    }
  };
  const visit = (root) => {
    if (root.nodeType === Node.TEXT_NODE) {
      const wanted = root.parentElement?.closest(OURS) ? null : translated(root.data);
      if (wanted !== null) root.data = wanted;
      return;
    }
    if (root.nodeType !== Node.ELEMENT_NODE || root.matches("script, style")) return;
    attributes(root);
    root.childNodes.forEach(visit);
  };
  const forth = new Map(Object.entries(dictionary));
  const before = state.forth;
  state.forth = forth;
  state.back = new Map([...before].map(([english, text]) => [text, english]));
  visit(document.body);
  state.back = new Map([...forth].map(([english, text]) => [text, english]));
  if (state.observer) return;
  state.observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") attributes(change.target);
      else if (change.type === "characterData") visit(change.target);
      else change.addedNodes.forEach(visit);
    }
  });
  state.observer.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: LABELS,
  });
})
