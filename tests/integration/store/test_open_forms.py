"""What is chosen in a form is kept for its person until the form is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from db.store import session as sessions
from db.store.claims import KEPT
from db.store.open_forms import KeptForm, forget, keep, kept_form
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both

FORM = "course_new"


@pytest.fixture
def engine(seeded):
    with seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "tom", Role.TRAINER)
    return seeded.engine


def chosen(engine, name="tina", *, number=0, now=NOW, **values):
    with sessions.transaction(engine) as session:
        who = identity(session, name)
        keep(session, who=who, form=FORM, number=number, values=values, now=now)


def ended(engine, number=0):
    with sessions.transaction(engine) as session:
        forget(session, who=identity(session, "tina"), form=FORM, number=number, now=NOW)


def kept(engine, name="tina", now=NOW):
    with sessions.reading(engine) as session:
        return kept_form(session, identity(session, name), FORM, now=now)


def test_each_choice_stands_beside_the_earlier_ones(engine):
    assert kept(engine) == KeptForm()
    chosen(engine, questions=5, items=["RIGHT"])
    chosen(engine, questions=7)
    assert kept(engine) == KeptForm(0, {"questions": 7, "items": ["RIGHT"]}, NOW)
    assert kept(engine, "tom") == KeptForm()


def test_a_stored_form_begins_empty_and_a_tab_that_shows_it_still_changes_nothing(engine):
    chosen(engine, questions=5)
    ended(engine)
    ended(engine)  # a second press
    assert kept(engine) == KeptForm(1, {}, NOW)
    chosen(engine, number=0, questions=9)
    assert kept(engine).values == {}
    chosen(engine, number=1, questions=8)
    assert kept(engine).values == {"questions": 8}


def test_choices_at_the_same_moment_are_all_kept(engine):
    at_once(*[lambda name=name: chosen(engine, **{name: 1}) for name in "abcd"])
    assert kept(engine).values == dict.fromkeys("abcd", 1)


def test_what_nobody_touched_for_a_month_is_gone(engine):
    chosen(engine, questions=5)
    assert kept(engine, now=NOW + KEPT).values == {"questions": 5}
    assert kept(engine, now=NOW + KEPT + timedelta(seconds=1)) == KeptForm()


def test_words_are_masked_and_codes_are_not(engine):
    chosen(engine, cells=[{"value": "13812345678", "note": "Call 13812345678"}])
    assert kept(engine).values["cells"] == [{"value": "13812345678", "note": "Call " + "█" * 11}]
