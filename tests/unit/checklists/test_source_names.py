"""Where an item is laid down is told by the document's name, never by a bare code."""

from __future__ import annotations

import re

import pytest

from core.i18n import CONTENT_LANGUAGES
from core.library import load_library
from pages.ui.kit import messages
from pages.ui.kit.terms import source_name


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
def test_no_source_of_the_library_is_a_bare_code(language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(messages, "language", lambda: language)
    for item in load_library():
        told = source_name(item.source)
        assert re.search(r"\bD\d", told) is None, item.id
        assert bool(re.search("[\u4e00-\u9fff]", told.partition("§")[0])) or language == "en"


def test_sections_stay_and_every_code_is_named():
    assert source_name("D0 §2.2(2); §8.1.1") == (
        "Airline customer service process guide §2.2(2); §8.1.1"
    )
    assert source_name("D2 §9.1.4; D3 四.3") == (
        "Travel agency service process plan §9.1.4; Airline customer profile management plan 四.3"
    )
    assert source_name("own") == "The company's own standard"
