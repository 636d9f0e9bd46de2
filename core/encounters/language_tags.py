"""One spelling for each language, however the system writes it that an encounter comes from."""

from __future__ import annotations

from babel.core import get_global

_SCRIPT, _TERRITORY = 4, 2
_EXTENSION = 3


def language_tag(code: str) -> str:
    """The BCP 47 tag of a language code: zh-CN for zh_CN, ZH-cn and cmn-Hans-CN.

    Upper and lower case follow RFC 5646, section 2.1.1. What replaces an outdated or a longer code
    of a language, and which script a country implies and need not be named, is from Unicode's CLDR.

    Args:
        code: letters and digits in parts of 2 to 8, joined by hyphens or underscores; empty for
            none, which stays so.
    """
    language, *subtags = code.replace("_", "-").lower().split("-")
    if subtags and len(subtags[0]) == _EXTENSION and subtags[0].isalpha():
        language = subtags.pop(0)  # zh-yue is yue
    newer: str = get_global("language_aliases").get(language, language)
    language = language if "_" in newer else newer
    parts = [_cased(subtag) for subtag in subtags]
    if len(parts) > 1 and parts[0] == _implied_script(language, parts[1]):
        del parts[0]
    return "-".join([language, *parts])


def _cased(subtag: str) -> str:
    if len(subtag) == _TERRITORY:
        return subtag.upper()
    return subtag.title() if len(subtag) == _SCRIPT and subtag.isalpha() else subtag


def _implied_script(language: str, territory: str) -> str:
    """The script in which the language is written in a country; empty where nobody knows."""
    likely = get_global("likely_subtags")
    likeliest: str = likely.get(f"{language}_{territory}") or likely.get(language, "")
    return next((subtag for subtag in likeliest.split("_")[1:] if len(subtag) == _SCRIPT), "")
