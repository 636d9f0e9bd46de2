"""The guide (docs/guide) by section, and the button beside a verdict that says how it came about.

A file is Markdown that reads well by itself: a title, an opening, and sections, each with an anchor
of its own above its heading. Roles have a file each, in every language; verdicts have one together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from pages.ui.kit.messages import _, language

_DOCS = Path(__file__).parents[3] / "docs"
FOLDER = _DOCS / "guide"
PICTURES = _DOCS / "screenshots/guide"
VERDICTS = "verdicts"
_ANCHOR = re.compile(r'^<a id="([a-z_]+)"></a>\n\n## (.+)\n', re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=。)|(?<=[.])\s")
_PICTURE = re.compile(r"^!\[.+\]\(\.\./screenshots/guide/.+\)$", re.MULTILINE)
_LINK = re.compile(r"\]\((?:[a-z_]+\.[A-Za-z_]+\.md)?#([a-z_]+)\)")


class GuideSection(NamedTuple):
    """A heading with what stands below it but pictures; `key` is its anchor in every language."""

    key: str
    title: str
    text: str


class GuideFile(NamedTuple):
    title: str
    opening: str
    sections: tuple[GuideSection, ...]

    def section(self, key: str) -> GuideSection | None:
        return next((one for one in self.sections if one.key == key), None)

    @property
    def linked(self) -> tuple[str, ...]:
        """The anchors that the sections link to, each once, in their order."""
        text = "\n".join(section.text for section in self.sections)
        return tuple(dict.fromkeys(_LINK.findall(text)))


@cache
def guide_file(name: str, spoken: str) -> GuideFile:
    """A file by the role's name, or of `VERDICTS`; in English where a language has none."""
    path = FOLDER / f"{name}.{spoken}.md"
    path = path if path.exists() else FOLDER / f"{name}.en.md"
    head, *parts = _ANCHOR.split(path.read_text(encoding="utf-8"))
    title, _end, opening = head.strip().removeprefix("# ").partition("\n")
    return GuideFile(title=title, opening=opening.strip(), sections=tuple(_sections(parts)))


def in_page(text: str) -> str:
    """Markdown whose links between files lead to the same anchors of one page."""
    return _LINK.sub(r"](#\1)", text)


def first_sentence(section: GuideSection) -> str:
    """What a section begins with, as Markdown whose links have become their words."""
    paragraph = " ".join(section.text.partition("\n\n")[0].split())
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", _SENTENCE_END.split(paragraph)[0])


def address(anchor: str) -> str:
    """Where the guide says something about a page, by its address, or about a verdict."""
    return f"/guide?{urlencode({'about': anchor})}#{anchor}"


def link(page: str) -> None:
    """The small question mark in the head of a page."""
    st.link_button("?", address(page), type="tertiary", help=_("What to do on this page"))


def how_computed(place: str, *topics: str) -> None:
    """A button beside a verdict, with the rules it was reached by.

    Args:
        place: the key of the chart or table beside it, one of its own on each page.
        topics: sections of the verdicts' file, in the order in which they are told.
    """
    rules = guide_file(VERDICTS, language())
    with st.popover(
        _("How is this computed?"), icon=":material/help:", type="tertiary", key=f"{place}_how"
    ):
        for topic in topics:
            section = rules.section(topic)
            assert section is not None, topic
            st.markdown(f"**{section.title}**\n\n{section.text}")
        st.markdown(f"[{_('More in the guide')}]({address(topics[0])})")


def _sections(parts: Sequence[str]) -> Iterator[GuideSection]:
    for key, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield GuideSection(key=key, title=title, text=_PICTURE.sub("", text).strip())
