"""The words of docs/glossary.md are those of the pages and of the code."""

from __future__ import annotations

import re

import pytest

from tests.support.requirements import ROOT

ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.count("|") == 6 and not line.startswith(("| word ", "|---"))
]
CODE = "\n".join(
    path.read_text("utf-8")
    for room in ("core", "db", "pages")
    for path in (ROOT / room).rglob("*.py")
)


def catalogue(language: str) -> str:
    return (ROOT / f"core/locale/{language}.po").read_text("utf-8")


@pytest.mark.parametrize(("language", "column"), [("zh_TW", 1), ("zh_CN", 2)])
def test_the_chinese_words_are_those_of_the_pages(language, column):
    assert len(ROWS) > 40
    texts = catalogue(language)
    assert [word for row in ROWS for word in row[column].split("、") if word not in texts] == []


def test_the_classes_that_are_named_exist():
    named = {name for row in ROWS for name in re.findall(r"`([A-Z]\w+)", row[3])}
    lacking = [
        name for name in named if not re.search(rf"^(?:class )?{name}\b", CODE, re.MULTILINE)
    ]
    assert lacking == []
