"""Text of others inside Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = r"https?:(?=//)|www(?=\.)|(?=@)"
_PICTURE = r":(?=[\w+-]+(?:/\w+)?:)"
_ARROW = r"(?<!\S)(?:<(?=->)|[-<>~](?=[->=-])(?=\S(?!\S)))"
_READ_LATER = re.compile(f"(?i){_ADDRESS}|{_PICTURE}|{_ARROW}")
_JOINED = "\u2060"  # a word joiner: it has no width, and no line breaks there


def escape_markdown(text: str) -> str:
    """The text as Markdown that shows exactly its characters, on one line.

    No links, images, emphasis, headings, lists, tables, formulas, colours, HTML. Addresses, emoji
    and icons between colons, and arrows are read after the signs were, escaped or not, unless they
    are interrupted.
    """
    interrupted = _READ_LATER.sub(rf"\g<0>{_JOINED}", " ".join(text.split()))
    return _SIGNS.sub(r"\\\1", interrupted)
