"""Which language a person gets, and which text of several."""

from __future__ import annotations

import pytest

from core.i18n import LANGUAGES, guess_language, pick, translations


@pytest.mark.parametrize(
    ("preferences", "language"),
    [
        (["zh-TW"], "zh_TW"),
        (["zh-Hant"], "zh_TW"),
        (["zh-HK"], "zh_TW"),
        (["zh-MO"], "zh_TW"),
        (["zh-Hant-CN"], "zh_TW"),
        (["zh_TW"], "zh_TW"),
        (["ZH-tw"], "zh_TW"),
        (["zh-CN"], "zh_CN"),
        (["zh-Hans-SG"], "zh_CN"),
        (["zh-SG"], "zh_CN"),
        (["zh"], "zh_CN"),
        (["en-GB"], "en"),
        (["fr-FR", "zh-TW", "en"], "zh_TW"),
        (["en-US", "zh-CN"], "en"),
        (["ja", "ko"], "en"),
        ([""], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_the_browser_names_and_we_have(preferences, language):
    assert guess_language(preferences) == language


def test_a_language_that_is_added_is_guessed_by_its_code(monkeypatch):
    monkeypatch.setitem(LANGUAGES, "ja", "日本語")
    assert guess_language(["fr", "ja-JP", "en"]) == "ja"


def test_a_text_in_the_readers_language_comes_first():
    assert pick({"en": "Attire", "ja": "服装"}, "ja") == "服装"
    assert pick({"en": "Attire", "zh_TW": "著裝"}, "ja") == "Attire"


def test_a_missing_text_falls_back_to_the_nearest_language():
    assert pick({"zh_TW": "著裝", "zh_CN": "着装", "en": "Attire"}, "zh_TW") == "著裝"
    assert pick({"zh_CN": "着装", "en": "Attire"}, "zh_TW") == "着装"
    assert pick({"zh_TW": "著裝", "en": "Attire"}, "zh_CN") == "著裝"
    assert pick({"en": "Attire"}, "zh_CN") == "Attire"
    assert pick({"zh_TW": "著裝", "zh_CN": "着装"}, "en") == "著裝"


def test_a_text_in_no_language_of_ours_is_still_shown():
    assert pick({"ja": "服装"}, "en") == "服装"
    assert pick({}, "en") == ""


def test_an_empty_text_counts_as_missing():
    assert pick({"zh_TW": "", "en": "Attire"}, "zh_TW") == "Attire"


def test_english_is_its_own_source():
    assert translations("en").gettext("Sign in") == "Sign in"


def test_an_unknown_language_shows_the_source_and_reads_no_file():
    assert translations("../secrets").gettext("Sign in") == "Sign in"


def test_three_languages_name_themselves():
    assert LANGUAGES == {"zh_TW": "繁體中文", "zh_CN": "简体中文", "en": "English"}
