"""Text of others inside Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_BECOMES_LINK = re.compile(r"(?i)(https?:(?=//)|www(?=\.)|(?=@))")
_JOINED = "\u2060"  # a word joiner: it has no width, and no line breaks there


def plain(text: str) -> str:
    """The text as Markdown that shows exactly its characters: no links, images or emphasis.

    Addresses become links after the signs were read, escaped or not, unless they are interrupted.
    """
    interrupted = _BECOMES_LINK.sub(rf"\1{_JOINED}", " ".join(text.split()))
    return _SIGNS.sub(r"\\\1", interrupted)
