"""Text of others inside Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """The text as Markdown that shows exactly its characters: no links, images or emphasis."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
