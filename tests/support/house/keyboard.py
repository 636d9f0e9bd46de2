"""A person at the keyboard, who notes where the focus is not to be seen, or covered.

What the person has opened, such as the notices, may cover it until Escape (note 2 of 2.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from tests.support.house.reruns import settled

_MOST_KEYS = 150
_ACCENTS = ["rgb(11, 110, 110)", "rgb(47, 167, 163)"]
"""The primary colours of .streamlit/config.toml, in which fields that have the focus are framed."""
_FOCUS = """async (accents) => {
  const ending = document.getAnimations().filter((each) =>
    each.playState === "running" && each.effect.getComputedTiming().endTime < Infinity);
  const ended = Promise.allSettled(ending.map((each) => each.finished));
  await Promise.race([ended, new Promise((done) => setTimeout(done, 1000))]);
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent
    || element.textContent;
  const isTiny = (each) => each.getBoundingClientRect().width < 8;
  const place = isTiny(element) ? (element.closest("label") ?? element.parentElement) : element;
  const near = [element, place, ...place.children];
  if (element.nextElementSibling) near.push(element.nextElementSibling);
  for (let each = element.parentElement, steps = 0; each && steps < 4; steps += 1) {
    near.push(each);
    each = each.parentElement;
  }
  const isMarked = (each) => {
    const style = getComputedStyle(each);
    const isFramed = parseFloat(style.borderTopWidth) > 0 && accents.includes(style.borderTopColor);
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return isFramed || isOutlined || style.boxShadow !== "none";
  };
  const box = place.getBoundingClientRect();
  const isAt = ([x, y]) => {
    const point = [box.left + x * box.width, box.top + y * box.height];
    let top = document.elementFromPoint(...point);
    for (let depth = 0; top?.shadowRoot && depth < 9; depth += 1)
      top = top.shadowRoot.elementFromPoint(...point) ?? top;
    const field = place.closest("[data-testid=stElementContainer]");
    if (top?.closest("[data-testid=stPopoverBody]")) return true;
    return top !== null && (place.contains(top) || top.contains(place) || field?.contains(top));
  };
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  return {
    name: `${element.tagName} ${(name ?? "").trim().slice(0, 60)}`,
    isMarked: near.some(isMarked),
    isUncovered: points.some(isAt),
  };
}"""
_HAS_FOCUS = """(elements) => elements.slice(0, 1).some((element) => {
  const active = element.getRootNode().activeElement;
  return active !== null && element.contains(active);
})"""


@dataclass
class Keyboard:
    """Keys pressed on a page; `hidden` and `covered` name where the focus could not be seen."""

    page: Page
    hidden: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys one after another, and wait for what the page does."""
        for key in keys:
            self.page.keyboard.press(key)
        settled(self.page)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Press a key until the target has the focus; every stop on the way is looked at."""
        stops = []
        for _ in range(_MOST_KEYS):
            if target.evaluate_all(_HAS_FOCUS):
                return
            self.page.keyboard.press(key)
            stops.append(self._look())
        raise AssertionError(f"{target} is not reached by {key}: {stops}")

    def _look(self) -> str:
        """Look at where the focus is now; its name."""
        focus = self.page.evaluate(_FOCUS, _ACCENTS)
        if focus and not (focus["isMarked"] and focus["isUncovered"]):
            settled(self.page)  # it may just be drawn anew
            focus = self.page.evaluate(_FOCUS, _ACCENTS)
        if focus is None:
            return ""
        if not focus["isMarked"]:
            self.hidden.append(focus["name"])
        if not focus["isUncovered"]:
            self.covered.append(focus["name"])
        return str(focus["name"])
