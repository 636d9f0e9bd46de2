"""What of a page is lost or lies beside it at 400 % zoom and with text of 200 %, as WCAG 2.2 asks.

1.4.10: at 320 CSS pixels, which is 1280 at 400 %, nothing is to be scrolled both ways; tables and
charts may, within themselves. 1.4.4: text of twice the size loses nothing. Left out are tabs and
date fields, which Streamlit scrolls within themselves, and the first words of an encounter or a
file in a list, which are an excerpt at any size.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Page

NARROW = 320
_AT_REST = 5  # seconds
_LOST = """() => {
  const told = [];
  const besides = [
    "[data-testid=stDataFrame]", "[data-testid=stVegaLiteChart]", "canvas", "svg", "table",
    "[data-testid=stSidebar]", "[role=tablist]", "[data-testid=stDateInputFieldsScroller]",
    ".excerpt", ".words",
  ].join();
  const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const speaks = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const hides = (overflow) => ["hidden", "clip"].includes(overflow);
  const above = (element) => element.parentElement ?? element.getRootNode().host;
  function* parents(element) {
    for (let each = above(element); each && each !== document.documentElement; each = above(each))
      yield each;
  }
  const named = (element) => {
    const near = element.closest("[data-testid]")?.dataset.testid ?? "";
    return `${element.tagName} in ${near}: ${element.textContent.trim().slice(0, 60)}`;
  };
  const lost = (element) => {
    const box = element.getBoundingClientRect();
    const { overflowX, overflowY } = getComputedStyle(element);
    for (const parent of parents(element)) {
      const style = getComputedStyle(parent);
      const isWider = parent.scrollWidth > parent.clientWidth + 1;
      if (["auto", "scroll"].includes(style.overflowX) && isWider) return "sideways";
      if (hides(style.overflowX) && box.right > parent.getBoundingClientRect().right + 2)
        return "cut";
      if (style.position === "fixed") break;
    }
    if (box.right > innerWidth + 2 || box.left < -2) return "outside";
    if (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) return "cut";
    if (hides(overflowY) && element.scrollHeight > element.clientHeight + 3) return "cut below";
    return "";
  };
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || element.closest(besides)) continue;
      const how = speaks(element) && isSeen(element) ? lost(element) : "";
      if (how) told.push([how, named(element)]);
    }
  };
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) told.push(["wide", `the page is ${wide} wide`]);
  look(document);
  return told;
}"""


class Loss(NamedTuple):
    """How something is lost (wide, sideways, outside, cut), and what it is."""

    how: str
    what: str


def losses(page: Page) -> list[Loss]:
    """What of the page cannot be read without scrolling sideways, once it is at rest.

    Tables and charts follow the width of the page a moment later.
    """
    deadline = time.monotonic() + _AT_REST
    while (told := page.evaluate(_LOST)) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    return [Loss(*row) for row in told]


@contextmanager
def large_text(page: Page) -> Iterator[None]:
    """Text of twice its size, as browsers set it, while the block lasts."""
    usual = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    page.evaluate(f"document.documentElement.style.fontSize = 'calc(2 * {usual})'")
    try:
        yield
    finally:
        page.evaluate("document.documentElement.style.fontSize = ''")
