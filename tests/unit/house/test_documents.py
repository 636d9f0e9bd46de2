"""What the documents say is so."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.settings import Settings
from tests.support.requirements import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text()


def test_the_readme_begins_with_the_two_commands():
    commands = re.findall(r"^    (make \S+)", README, re.MULTILINE)
    assert commands[:2] == ["make run", "make test"]


def test_the_settings_table_names_every_setting_with_its_default():
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|([^|]*)\|", README, re.MULTILINE)
    told = {
        name: default.strip(" `")
        for names, default in rows
        for name in re.findall("[A-Z_]+", names)
    }
    assert told == {name.upper(): _shown(value) for name, value in Settings().model_dump().items()}


def _shown(default):
    return str(default).lower() if isinstance(default, bool) else str(default or "")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!http)([^)#]+)", path.read_text())
    missing = [link for link in links if not (path.parent / link).exists()]
    assert [link for link in missing if not link.startswith("docs/screenshots/")] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:^    |`)make ([a-z-]+)", path.read_text(), re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_in_documents_exist(path):
    named = re.findall(r"`((?:core|db|pages|tests|docs)/[\w/.]+)`", path.read_text())
    real = [name for name in named if not re.search("NAME|GROUP|CODE", name)]
    assert [name for name in real if not (ROOT / name).exists()] == []


def test_every_make_target_for_people_has_a_help_line():
    makefile = (ROOT / "Makefile").read_text()
    for target in [
        "help",
        "run",
        "demo",
        "test",
        "test-browser",
        "lint",
        "fix",
        "check",
        "bench",
        "soak",
        "fuzz",
        "screenshots",
        "translations",
        "migrate",
    ]:
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target


def test_decisions_have_a_number_of_their_own_a_day_and_whether_they_hold():
    text = (ROOT / "docs/decisions.md").read_text()
    bullets = re.findall(r"^- .*", text, re.MULTILINE)
    numbered = re.findall(r"^- D(\d+) · (\d{4}-\d\d-\d\d) · ", text, re.MULTILINE)
    assert len(bullets) == len(numbered) > 100
    assert sorted(int(number) for number, _day in numbered) == list(range(1, len(numbered) + 1))
    assert all(date.fromisoformat(day) for _number, day in numbered)
    replacing = re.findall(r"Replaced by D?(\d+)", text)
    assert set(replacing) <= {number for number, _day in numbered}
