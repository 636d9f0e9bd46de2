"""Text of others inside Markdown: what it looks like, and that nothing of it becomes a link."""

from __future__ import annotations

import re

import pytest

from pages.ui.plain import plain

# As remark-gfm finds addresses in what is left of a text when its signs were read.
LINKS = re.compile(
    r"(?i)(https?://|www(?=\.))[-.\w]+[^ \t\r\n]*|[-.\w+]+@[-\w]+(?:\.[-\w]+)+",
)
ADDRESSES = [
    "http://evil.example/qi",
    "see HTTPS://evil.example now",
    "www.evil.example",
    "(Www.evil.example)",
    "somebody@evil.example",
    "http://www.evil.example and a.b+c@evil.example",
]


def seen(text):
    """The characters that are left when Markdown has taken the escapes away."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text))


@pytest.mark.parametrize("text", ADDRESSES)
def test_no_address_becomes_a_link(text):
    assert LINKS.search(text)
    assert not LINKS.search(seen(text))
    assert seen(text).replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["**bold** _it_", "# Title", "<b>x</b>", "[a](b)", "1. One: two"])
def test_signs_are_shown_as_they_are(text):
    assert seen(text) == text


def test_lines_become_one():
    assert plain("one\n\n  two") == "one two"
