"""Writing the missing Chinese texts of a part from the other script, for a person to check."""

from __future__ import annotations

from functools import cache
from typing import Any

from opencc import OpenCC

_FROM = {"zh_CN": ("zh_TW", "tw2sp"), "zh_TW": ("zh_CN", "s2twp")}
_LANGUAGES = frozenset({"zh_TW", "zh_CN", "en"})


def fill_chinese(part: Any) -> Any:  # noqa: ANN401  any part of a draft
    """The part, with each text that has one Chinese script in both; regional words included."""
    if isinstance(part, list):
        return [fill_chinese(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    if part and set(part) <= _LANGUAGES:
        return _both_scripts(part)
    return {name: fill_chinese(inner) for name, inner in part.items()}


def _both_scripts(texts: dict[str, str]) -> dict[str, str]:
    found = dict(texts)
    for language, (source, way) in _FROM.items():
        if texts.get(source) and not texts.get(language):
            found[language] = _converter(way).convert(texts[source])
    return found


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)
