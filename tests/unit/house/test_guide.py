"""The guide is whole, alike in every language, in the words of the pages, and told of verdicts."""

from __future__ import annotations

import ast
import json
import re
from functools import cache

import pytest
from babel.messages.pofile import read_po

from core.access import PEOPLE, PERMISSIONS
from core.i18n import CONTENT_LANGUAGES
from pages.ui import menus
from pages.ui.kit.guide import FOLDER, PICTURES, VERDICTS, guide_file
from pages.ui.kit.messages import use_language
from tests.browser.screenshots import FOLDER as SCREENSHOTS
from tests.browser.screenshots import SHOTS, TEXTS, said
from tests.support.requirements import ROOT

NAMES = (*PEOPLE, VERDICTS)
OTHERS = [language for language in CONTENT_LANGUAGES if language != "en"]
COMMON = ("verdicts", "limits", "further")
each_file = pytest.mark.parametrize("name", NAMES)
each_role = pytest.mark.parametrize("role", PEOPLE)
each_language = pytest.mark.parametrize("language", CONTENT_LANGUAGES)

JUDGING = {
    *("AgainstNetwork", "AgreementVerdict", "BelowTarget", "Estimate", "Rise", "Side", "SIDES"),
    *("TargetVerdict", "TrendJudgement", "change_words", "is_told", "side_word", "kaplan_meier"),
}
"""What a module names that tells a verdict."""
EXPLAINED_BY = {
    "results/measured_stations.py": "results/measure_ranking.py",
    "results/station_charts.py": "results/station_figures.py",
    "results/station_lines.py": "results/ranking_view.py",
    "inspectors/charts.py": "inspectors/inspector_figures.py",
    "inspectors/inspector_rows.py": "inspectors/inspector_figures.py",
}
"""Modules whose verdicts another one shows."""

PICTURE_FILES = sorted(SCREENSHOTS.rglob("*.png"))


def shown_texts():
    return json.loads(TEXTS.read_text("utf-8"))


def text_of(name, language):
    return (FOLDER / f"{name}.{language}.md").read_text("utf-8")


@cache
def words_of_pages(language):
    """All texts of the pages in a language."""
    other = OTHERS[0] if language == "en" else language
    with (ROOT / f"core/locale/{other}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    texts = [message.id if language == "en" else message.string for message in messages]
    return {one for text in texts for one in ([text] if isinstance(text, str) else text)}


@pytest.fixture
def titles(language):
    use_language(language)
    yield {entry.path: entry.title for entry in menus.entries()}
    use_language("en")


def test_every_role_and_nobody_else_has_a_guide_in_every_language():
    files = {f"{name}.{language}.md" for name in NAMES for language in CONTENT_LANGUAGES}
    assert {path.name for path in FOLDER.iterdir()} == files


@each_file
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_sections_and_links_in_the_same_order(name, language):
    original, translated = guide_file(name, "en"), guide_file(name, language)
    assert [one.key for one in translated.sections] == [one.key for one in original.sections]
    assert translated.linked == original.linked
    assert translated.title != original.title


@each_file
@each_language
def test_every_heading_stands_in_a_section_with_words(name, language):
    sections = guide_file(name, language).sections
    assert len(sections) == text_of(name, language).count("\n## ") > 0
    assert [one.key for one in sections if not one.text] == []


@each_role
@each_language
def test_a_section_about_a_page_has_its_title(role, language, titles):
    told = {one.key: one.title for one in guide_file(role, language).sections}
    assert {key: title for key, title in told.items() if key not in COMMON} == {
        key: titles[key] for key in told if key not in COMMON
    }


@each_role
def test_a_guide_tells_of_every_page_of_the_menu_and_of_none_that_is_closed(role):
    told = {one.key for one in guide_file(role, "en").sections}
    open_pages = {one.path for one in menus.entries() if one.action in PERMISSIONS[role]}
    assert set(menus.MENUS[role]) - told == set()
    assert told - open_pages == set(COMMON)


@each_file
@each_language
def test_words_in_bold_are_words_of_the_pages(name, language):
    bold = re.findall(r"\*\*(.+?)\*\*", text_of(name, language))
    assert bold
    assert [words for words in bold if words not in words_of_pages(language)] == []


@each_file
@each_language
def test_what_is_meant_to_be_bold_is(name, language):
    """Markdown reads no end of bold between a mark of punctuation and a letter, nor a beginning."""
    parts = text_of(name, language).split("**")
    wrong = [
        words
        for before, words, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False)
        if (is_sign(words[0]) and is_letter(before[-1:]))
        or (is_sign(words[-1]) and is_letter(after[:1]))
    ]
    assert wrong == []


@each_role
@each_language
def test_links_lead_to_verdicts_by_their_titles(role, language):
    text = text_of(role, language)
    links = re.findall(r"(?<!!)\[.+?\]\((.+?)\)", text)
    rules = {one.key: one.title for one in guide_file(VERDICTS, language).sections}
    assert set(links) <= {f"verdicts.{language}.md#{key}" for key in rules}
    names = re.findall(r"^- \[(.+)\]\(.+#(\w+)\)$", text, re.MULTILINE)
    assert [title for title, key in names if rules[key] != title] == []


def test_pictures_are_of_pages_in_the_languages_of_the_guide():
    """Each is shown in the section of its page; without any the guide is as complete."""
    shots = [shot.name.removeprefix("guide/") for shot in SHOTS if shot.name.startswith("guide/")]
    told = {one.key for role in PEOPLE for one in guide_file(role, "en").sections} - set(COMMON)
    names = {f"{key}.{language}" for key in told for language in CONTENT_LANGUAGES}
    assert shots
    assert {*shots, *(path.stem for path in PICTURES.glob("*.png"))} <= names


def test_every_rule_stands_beside_a_verdict_and_in_the_guide_of_a_role():
    rules = {one.key for one in guide_file(VERDICTS, "en").sections}
    assert {topic for topics in explained().values() for topic in topics} == rules
    assert {key for role in PEOPLE for key in guide_file(role, "en").linked} == rules


def test_every_module_that_tells_a_verdict_says_how_it_is_computed():
    """A new one asks for `how_computed`, or for its line above where another shows it."""
    told = explained()
    lacking = [
        name
        for name, tree in modules()
        if JUDGING & names_in(tree) and not told[EXPLAINED_BY.get(name, name)]
    ]
    assert lacking == []
    assert set(EXPLAINED_BY) <= {name for name, tree in modules() if JUDGING & names_in(tree)}


def is_letter(character):
    return re.fullmatch(r"\w", character) is not None


def is_sign(character):
    return re.fullmatch(r"[^\w\s]", character) is not None


def modules():
    """The view modules of all subjects but the kit, by their path, parsed."""
    folder = ROOT / "pages/ui"
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith("kit/"):
            yield name, ast.parse(path.read_text("utf-8"))


def names_in(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def explained():
    """By module, the sections of the verdicts that its charts and buttons lead to."""
    return {
        name: [topic for node in ast.walk(tree) for topic in topics_of(node)]
        for name, tree in modules()
    }


def topics_of(node):
    if not isinstance(node, ast.Call):
        return []
    called = ast.unparse(node.func)
    given = [word.value for word in node.keywords if called == "show_chart" and word.arg == "how"]
    given += node.args[1:] if called == "how_computed" else []
    return [argument.value for argument in given if isinstance(argument, ast.Constant)]


def test_every_picture_is_there_and_all_of_them_are_small():
    pictures = {str(path.relative_to(SCREENSHOTS).with_suffix("")): path for path in PICTURE_FILES}
    assert pictures.keys() == {shot.name for shot in SHOTS} == shown_texts().keys()
    assert sum(path.stat().st_size for path in pictures.values()) < 3_000_000


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_shows_what_the_pages_still_say(shot):
    """Fails where more than one in ten of its texts is worded anew: make screenshots, and look."""
    texts = shown_texts()[shot.name]
    assert len(texts) >= 5, "the picture shows no page"
    worded_anew = set(texts) - said(shot.language)
    assert len(worded_anew) <= len(texts) // 10, worded_anew


@each_role
@each_language
def test_a_file_shows_the_picture_of_each_page_that_has_one(role, language):
    """As the portal does; the file alone is read where the code is read."""
    guide = guide_file(role, language)
    pictured = [
        f"![{one.title}](../screenshots/guide/{one.key}.{language}.png)"
        for one in guide.sections
        if (PICTURES / f"{one.key}.{language}.png").exists()
    ]
    assert re.findall(r"^!.+$", text_of(role, language), re.MULTILINE) == pictured != []
    assert not [one.key for one in guide.sections if "![" in one.text]
