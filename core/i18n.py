"""Texts in the reader's language: gettext catalogues read straight from their .po files."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: dict[str, str] = {"zh_TW": "繁體中文", "zh_CN": "简体中文", "en": "English"}
DEFAULT = "en"
CONTENT_LANGUAGES = ("zh_TW", "zh_CN", "en")
"""Those of standards, checklists, stations and the demo, in the order in which they are edited.

Pages can speak a language before these texts are translated into it.
"""
N_ = str  # marks an English text for translation where it is shown
_CATALOGUES = Path(__file__).parent / "locale"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is its own source and needs none."""
    path = _CATALOGUES / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def guess_language(preferences: Iterable[str]) -> str:
    """The first language we have among browser tags such as ``zh-Hant-HK`` or ``en-GB``."""
    for preference in preferences:
        tag = preference.replace("_", "-").lower()
        if tag.startswith("zh"):
            traditional = any(region in tag for region in ("hant", "-tw", "-hk", "-mo"))
            return "zh_TW" if traditional else "zh_CN"
        if (plain := tag.partition("-")[0]) in LANGUAGES:
            return plain
    return DEFAULT


def pick(texts: Mapping[str, str], language: str) -> str:
    """A text in the wanted language, else in the nearest one that exists, else empty."""
    near = {"zh_TW": ("zh_CN",), "zh_CN": ("zh_TW",)}
    for candidate in (language, *near.get(language, ()), "en", "zh_TW", "zh_CN"):
        if texts.get(candidate):
            return texts[candidate]
    return next(iter(texts.values()), "")
