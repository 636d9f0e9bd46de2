"""What axe-core finds against WCAG 2.2 AA on the page that a browser shows."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from playwright.sync_api import Page

from tests.support.requirements import ROOT, need

_SCRIPT = ROOT / "node_modules/axe-core/axe.min.js"
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const options = { runOnly: tags, resultTypes: ["violations"], elementRef: true };
  const { violations } = await axe.run(document, options);
  const within = (element) => element.closest("[data-testid]")?.dataset.testid ?? "";
  const isOff = (element) => element.closest(":disabled, [disabled], [aria-disabled=true]");
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ element }) => !(id === "color-contrast" && isOff(element)))
      .map(({ element, html, failureSummary }) => [id, within(element), html, failureSummary]),
  );
}"""


class Violation(NamedTuple):
    """A rule of axe that an element breaks, in which part of Streamlit's page, and why."""

    rule: str
    within: str
    html: str
    why: str


STREAMLITS_OWN = {
    ("target-size", 'role="spinbutton"'): "day and month of a date stand close to each other",
}
"""What Streamlit draws and no setting changes, by its part of the page or an attribute of its own;
docs/accessibility.md names the same.
"""


def violations(page: Page) -> list[Violation]:
    """Those that are ours, of everything that is shown now, components included.

    What is switched off may be faint (1.4.3); axe does not know of its label.
    """
    page.evaluate(_axe())
    found = [Violation(*row) for row in page.evaluate(_RUN)]
    return [one for one in found if not _is_streamlits(one)]


def _is_streamlits(one: Violation) -> bool:
    return any(
        rule == one.rule and (mark == one.within or mark in one.html)
        for rule, mark in STREAMLITS_OWN
    )


@cache
def _axe() -> str:
    need(_SCRIPT.exists(), "axe-core (npm ci --ignore-scripts)")
    return _SCRIPT.read_text()
