"""Menus are short, and whatever is in none of them is two clicks from a home."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from core.access import PEOPLE, Identity, Role
from pages.ui import menus
from tests.support.requirements import ROOT

HOMES = {
    Role.ADMINISTRATOR: "this_week",
    Role.QUALITY_MANAGER: "this_week",
    Role.STATION_MANAGER: "this_week",
    Role.INSPECTOR: "my_work",
    Role.CASE_HANDLER: "files",
    Role.TRAINER: "this_week",
    Role.STAFF: "my_results",
    Role.AUDITOR: "audit",
}
each_role = pytest.mark.parametrize("role", PEOPLE)


def person(*roles, **values):
    return Identity(1, "her", "Her", frozenset(roles), **values)


def one_click_away(who):
    """The pages of the menu, those of the head, and on a home that lists them all others."""
    menu = menus.menu_of(who)
    here = {entry.path for entry in menu} | {"account", "find", "guide"}
    if menu[0].path == menus.HOME_OF_WEEK:
        here |= {entry.path for entry in menus.beside_menu(who)}
    return here


@each_role
def test_everybody_comes_to_the_home_of_their_role(role):
    assert menus.menu_of(person(role))[0].path == HOMES[role]


@each_role
def test_no_menu_is_longer_than_nine(role):
    assert 1 < len(menus.MENUS[role]) <= 9
    assert len(set(menus.MENUS[role])) == len(menus.MENUS[role])


@each_role
def test_every_page_of_a_menu_opens_for_its_role(role):
    who = person(role)
    assert [entry.path for entry in menus.menu_of(who)] == list(menus.MENUS[role])


@each_role
def test_every_page_is_at_most_two_clicks_from_the_home(role):
    """One for what stands in the menu or on the home, a second for one thing out of a list."""
    who = person(role)
    near = one_click_away(who)
    far = [entry for entry in menus.open_pages(who) if entry.path not in near]
    assert [entry.path for entry in far if entry.of not in near] == []


def test_two_roles_have_both_menus_and_the_home_of_the_first():
    who = person(Role.INSPECTOR, Role.TRAINER)
    paths = [entry.path for entry in menus.menu_of(who)]
    assert set(paths) == {*menus.MENUS[Role.INSPECTOR], *menus.MENUS[Role.TRAINER]}
    assert paths[0] == "this_week"


@pytest.mark.parametrize(
    "entry", [one for one in menus.entries() if one.of], ids=lambda one: one.path
)
def test_a_list_opens_what_it_lists(entry):
    """Some module that the list's page draws by names the page of one of its things."""
    assert f"{entry.path}.py" in addresses(f"pages.{entry.of}")


@cache
def addresses(module):
    """The texts ending in .py of a module of the pages, and of those it imports."""
    path = ROOT / f"{module.replace('.', '/')}.py"
    if not path.exists():
        path = ROOT / module.replace(".", "/") / "__init__.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {text for text in texts if isinstance(text, str) and text.endswith(".py")}
    return named.union(*map(addresses, sorted(imported(tree))))


def imported(tree):
    """The modules of the pages that one imports, itself apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pages.ui"):
            for name in [node.module, *(f"{node.module}.{one.name}" for one in node.names)]:
                folder = ROOT / name.replace(".", "/")
                if folder.with_suffix(".py").exists():
                    yield name
