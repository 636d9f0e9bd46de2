"""The line of a first visit: one on each page of a menu, once, and never again once dismissed."""

from __future__ import annotations

import pytest

from core.access import PEOPLE, Identity, Role
from core.i18n import LANGUAGES
from db.people.models import User
from db.people.services.introductions import dismissed_introductions
from pages.ui.introduction import line
from pages.ui.kit.messages import use_language
from pages.ui.menus import LONGEST_MENU, menu_of
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.house.app_pages import opened, said

LONGEST = {"en": 240, "zh_TW": 90, "zh_CN": 90}
"""Characters of a line: what stands in two rows of a page at most."""
PRACTICE = (
    "Hold a practice on an issued set: people score its cases blind and are compared item by "
)


def person(role: Role) -> Identity:
    return Identity(user_id=0, username=role, name=role, roles=frozenset({role}))


@pytest.fixture
def newcomer(world):
    with world.seeded.transaction() as session:
        make_user(session, "nina", Role.TRAINER, introduced=[])
        return identity(session, "nina")


def button(app, key):
    return next((one for one in app.button if one.key == key), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_every_menu_has_a_line_that_is_read_at_a_glance(role, language):
    use_language(language)
    menu = menu_of(person(role))
    lines = {entry.path: line(person(role), entry.path) for entry in menu}
    use_language("en")
    assert 0 < len(menu) <= LONGEST_MENU
    assert not [path for path, text in lines.items() if not text]
    assert not [text for text in lines.values() if not 5 < len(text) <= LONGEST[language]]
    assert len(set(lines.values())) == len(lines)
    if language != "en":
        english = {line(person(role), entry.path) for entry in menu}
        assert not english & set(lines.values())


def test_a_line_is_plain_words_without_its_links():
    use_language("en")
    for role in PEOPLE:
        for entry in menu_of(person(role)):
            assert "](" not in line(person(role), entry.path)


def test_who_has_several_roles_is_told_by_the_first_that_knows_the_page():
    both = Identity(
        user_id=0, username="b", name="b", roles=frozenset({Role.TRAINER, Role.INSPECTOR})
    )
    assert line(both, "observe") == line(person(Role.INSPECTOR), "observe")
    assert line(both, "effects") == line(person(Role.TRAINER), "effects")


def test_a_dismissed_line_stays_away_on_this_page_alone(world, newcomer, open_app):
    app = opened(open_app("nina"), "practice.py")
    assert any(PRACTICE in text for text in said(app))
    button(app, "introduction_read").click().run()
    assert not any(PRACTICE in text for text in said(app))
    assert world.one(lambda session: dismissed_introductions(session, newcomer)) == {"practice"}
    again = opened(open_app("nina"), "practice.py")
    assert button(again, "introduction_read") is None
    elsewhere = opened(again, "case_sets.py")
    assert button(elsewhere, "introduction_read") is not None


def test_a_line_that_is_not_dismissed_comes_again(world, newcomer, open_app):
    for _ in range(2):
        assert button(opened(open_app("nina"), "practice.py"), "introduction_read") is not None


def test_all_lines_are_dismissed_at_once(world, newcomer, open_app):
    app = opened(open_app("nina"), "practice.py")
    button(app, "introductions_read").click().run()
    assert world.one(lambda session: dismissed_introductions(session, newcomer)) is None
    for page in ("practice.py", "case_sets.py"):
        assert button(opened(open_app("nina"), page), "introduction_read") is None


def test_another_account_is_not_concerned(world, newcomer, open_app):
    with world.seeded.transaction() as session:
        make_user(session, "nora", Role.TRAINER, introduced=[])
    app = opened(open_app("nina"), "practice.py")
    button(app, "introduction_read").click().run()
    assert button(opened(open_app("nora"), "practice.py"), "introduction_read") is not None


def test_pages_of_one_record_have_none(world, newcomer, open_app):
    made = world.scored()
    assert button(opened(open_app("nina"), "case.py", id=made), "introduction_read") is None


def test_accounts_from_before_are_shown_none(world, open_app):
    """The column is empty for them; a new account begins with an empty list."""
    assert button(opened(open_app("tina"), "practice.py"), "introduction_read") is None
    with world.seeded.transaction() as session:
        made = User(username="new", name="New", password_hash="", created_at=NOW)
        session.add(made)
        session.flush()
        assert made.introduced == []
