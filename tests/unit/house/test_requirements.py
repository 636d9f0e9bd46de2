"""What a machine lacks is skipped loudly on a laptop and fails where everything must be there."""

from __future__ import annotations

import pytest

from tests.support import requirements
from tests.support.requirements import ROOT, need

HOW = "Chromium (apt-get install chromium)"


def test_what_is_there_is_used(monkeypatch):
    monkeypatch.setenv("CI", "true")
    need("/usr/bin/chromium", HOW)


def test_what_is_missing_is_skipped_with_the_way_to_get_it(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        need(None, HOW)


def test_what_is_missing_fails_where_everything_must_be_there(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        need(None, HOW)


def test_real_data_that_is_absent_is_skipped_even_there(monkeypatch, tmp_path):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(requirements, "REAL_DATA", tmp_path)
    with pytest.raises(pytest.skip.Exception, match="crsa"):
        requirements.real_data("crsa")


def test_only_one_place_knows_where_the_real_data_lies():
    sources = [
        path for room in ("core", "db", "pages", "tests") for path in (ROOT / room).rglob("*.py")
    ]
    marks = ('/ "sha' + 'red"', "shared" + "/data")
    named = [path.name for path in sources if any(mark in path.read_text() for mark in marks)]
    assert set(named) <= {"requirements.py", "test_requirements.py"}
