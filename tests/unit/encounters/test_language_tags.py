"""One spelling for each language."""

from __future__ import annotations

import pytest

from core.encounters.language_tags import language_tag


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("", ""),
        ("en", "en"),
        ("EN", "en"),
        ("eng", "en"),
        ("iw", "he"),
        ("zh-CN", "zh-CN"),
        ("zh_CN", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("cmn-Hans-CN", "zh-CN"),
        ("zh_hant_tw", "zh-TW"),
        ("zh-Hant-CN", "zh-Hant-CN"),
        ("zh-hans", "zh-Hans"),
        ("zh-yue-HK", "yue-HK"),
        ("ES_419", "es-419"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("de-1996", "de-1996"),
        ("sh", "sh"),
        ("qq-Latn-XX", "qq-Latn-XX"),
    ],
)
def test_a_language_has_one_tag(code, tag):
    """RFC 5646, 2.1.1: parts of two letters upper, of four title case; implied scripts go.

    Traditional characters are not what China implies, so they stay named. Unknown ones stay, too.
    """
    assert language_tag(code) == tag
    assert language_tag(tag) == tag
