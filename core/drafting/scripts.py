"""Writing the missing Chinese texts of a part from the other script, for a person to check."""

from __future__ import annotations

from functools import cache
from typing import Any

from opencc import OpenCC

from core.i18n import CONTENT_LANGUAGES

_FROM = {"zh_CN": ("zh_TW", "tw2sp"), "zh_TW": ("zh_CN", "s2twp")}


def fill_chinese(content: Any) -> Any:  # noqa: ANN401  any content of a draft
    """The content, with each text that has one Chinese script in both; regional words included."""
    if isinstance(content, list):
        return [fill_chinese(inner) for inner in content]
    if not isinstance(content, dict):
        return content
    if content and set(content) <= set(CONTENT_LANGUAGES):
        return _both_scripts(content)
    return {name: fill_chinese(inner) for name, inner in content.items()}


def _both_scripts(texts: dict[str, str]) -> dict[str, str]:
    both = dict(texts)
    for language, (source, way) in _FROM.items():
        if texts.get(source) and not texts.get(language):
            both[language] = _converter(way).convert(texts[source])
    return both


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)
