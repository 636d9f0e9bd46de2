"""What people do with warnings: take, put off, close; and who is told when nobody does."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.warning.rules import RuleKey
from core.warning.states import WarningState
from core.warning.terms import ClosingCause
from db.people.models import User
from db.warning.models import WarningRule, WarningStep
from db.warning.queries.lists import Which, waiting_warnings, warnings
from db.warning.queries.one import warning
from db.warning.queries.told import unread_warnings
from db.warning.services.answering import (
    Closing,
    close_warning,
    note_warning_read,
    put_off_warning,
    take_warning,
)
from db.warning.services.rules import RuleSetting, set_rule
from db.warning.services.telling import tell_of_warnings
from tests.factories import identity, make_user
from tests.support.improvements.acting import stored_action
from tests.support.warning.watching import DAY, EARLY_DECEMBER, EARLY_JANUARY, WHY, stored_warning

pytestmark = pytest.mark.both
CHANCE = Closing(ClosingCause.CHANCE, WHY)
UNTIL = EARLY_DECEMBER.date() + 30 * DAY


@pytest.fixture
def raised(watching):
    """A warning of T1 about an item, raised and taken by nobody."""

    def raised(**changed):
        values = {"state": WarningState.RAISED, "due_on": date(2026, 12, 7)} | changed
        with watching.seeded.transaction() as session:
            return stored_warning(session, values.pop("station_id", watching.here), **values)

    return raised


def state(watching, warning_id):
    return {row.id: row for row in watching.warnings()}[warning_id]


def test_whoever_takes_it_has_it_and_doing_so_twice_is_once(watching, raised):
    warning_id = raised()
    for _ in range(2):
        watching.do(take_warning, watching.manny, warning_id=warning_id)
    row = state(watching, warning_id)
    assert (row.state, row.owner_id, row.due_on) == (
        WarningState.TAKEN,
        watching.manny.user_id,
        None,
    )
    assert watching.steps(warning_id) == ["take_warning"] * 2  # the first is the maker's
    watching.do(take_warning, watching.bob, warning_id=warning_id)
    assert state(watching, warning_id).owner_id == watching.bob.user_id


def test_of_another_station_nobody_sees_or_takes_it(watching, raised):
    warning_id = raised()
    with pytest.raises(NotFound):
        watching.do(take_warning, watching.norma, warning_id=warning_id)
    with pytest.raises(NotFound):
        watching.read(warning, watching.norma, warning_id, now=EARLY_DECEMBER)
    with pytest.raises(NotAllowed):
        watching.do(take_warning, watching.seeded.charlie, warning_id=warning_id)


def test_trainers_see_those_about_items_and_none_about_files(watching, raised):
    about_item, about_files = raised(), raised(rule=RuleKey.LATE_STEPS)
    rows = watching.read(warnings, watching.tina, which=Which.OPEN, now=EARLY_DECEMBER).rows
    assert [row.warning_id for row in rows] == [about_item]
    with pytest.raises(NotFound):
        watching.do(take_warning, watching.tina, warning_id=about_files)
    watching.do(take_warning, watching.tina, warning_id=about_item)


@pytest.mark.parametrize(
    ("until", "reason", "sentence"),
    [
        (UNTIL + DAY, WHY, "30 days"),
        (EARLY_DECEMBER.date(), WHY, "into the past"),
        (UNTIL, "later", "at least 10"),
    ],
)
def test_putting_off_asks_for_a_day_and_a_reason(watching, raised, until, reason, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        watching.do(
            put_off_warning, watching.manny, warning_id=raised(), until=until, reason=reason
        )


def test_what_is_put_off_is_listed_and_told_of_on_its_day(watching, raised):
    warning_id = raised()
    for _ in range(2):
        values = {"warning_id": warning_id, "until": UNTIL, "reason": WHY}
        watching.do(put_off_warning, watching.manny, **values)
    waiting = watching.read(waiting_warnings, watching.bob, now=EARLY_DECEMBER)
    assert (waiting.raised, waiting.taken, waiting.put_off) == (0, 1, 1)
    view = watching.read(warning, watching.bob, warning_id, now=EARLY_DECEMBER)
    assert (view.row.due_on, view.row.owner) == (UNTIL, "Manny")
    assert [step.words for step in view.story][1:] == [WHY]

    def told(now):
        with watching.seeded.transaction() as session:
            return tell_of_warnings(session, now=now)

    assert [told(EARLY_DECEMBER + days * DAY) for days in (29, 30, 31)] == [0, 1, 0]
    assert ("put_off_over", watching.manny.user_id) in watching.notices()


def test_what_nobody_takes_within_three_working_days_goes_to_the_next_above(watching):
    """Raised on Tuesday 5 January 2027: until Friday the 8th. On Saturday quality is told, once."""
    watching.look(EARLY_JANUARY)
    assert watching.only().due_on == date(2027, 1, 8)

    def told(day):
        with watching.seeded.transaction() as session:
            return tell_of_warnings(session, now=datetime.combine(day, EARLY_JANUARY.timetz()))

    assert [told(date(2027, 1, day)) for day in (8, 9, 10)] == [0, 1, 0]
    assert ("not_taken", watching.bob.user_id) in watching.notices()


def test_closing_asks_for_a_cause_and_twenty_characters(watching, raised):
    warning_id = raised()
    with watching.seeded.transaction() as session:
        here = stored_action(session, station_id=watching.here, owner_id=watching.manny.user_id)
        there = stored_action(session, station_id=watching.there, owner_id=watching.manny.user_id)

    def close(*closing):
        watching.do(close_warning, watching.manny, warning_id=warning_id, closing=Closing(*closing))

    for closing, sentence in (
        ((ClosingCause.CHANCE, "nineteen characters"), "at least 20"),
        ((ClosingCause.ACTED_ON, WHY), "Link the action"),
        ((ClosingCause.CHANCE, WHY, here), "Link the action"),
        ((ClosingCause.ACTED_ON, WHY, there), "none of the station"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            close(*closing)
    assert state(watching, warning_id).state == WarningState.RAISED
    for _ in range(2):
        close(ClosingCause.ACTED_ON, WHY, here)
    row = state(watching, warning_id)
    assert (row.state, row.cause, row.action_id) == (WarningState.CLOSED, "acted_on", here)
    with pytest.raises(OutOfTurn, match="another state"):
        watching.do(take_warning, watching.manny, warning_id=warning_id)


def test_nobody_closes_one_about_what_the_own_station_answers_for(watching, raised):
    """A severe event at T1: its manager takes it and puts it off, and quality closes it."""
    warning_id = raised(rule=RuleKey.SEVERE_EVENTS, subject_key="1")
    watching.do(take_warning, watching.manny, warning_id=warning_id)
    with pytest.raises(NotAllowed, match="own station"):
        watching.do(close_warning, watching.manny, warning_id=warning_id, closing=CHANCE)
    view = watching.read(warning, watching.manny, warning_id, now=EARLY_DECEMBER)
    assert (view.rights.answer, view.rights.close) == (True, False)
    watching.do(close_warning, watching.bob, warning_id=warning_id, closing=CHANCE)
    assert state(watching, warning_id).state == WarningState.CLOSED


def test_others_the_station_manager_closes(watching, raised):
    warning_id = raised()
    watching.do(close_warning, watching.manny, warning_id=warning_id, closing=CHANCE)
    with watching.seeded.reading() as session:
        words = session.scalars(select(WarningStep.words).order_by(WarningStep.id.desc())).first()
    assert words == WHY


def test_the_head_counts_what_waits(watching, raised):
    raised(owner_id=watching.manny.user_id)
    raised(state=WarningState.TAKEN, owner_id=watching.bob.user_id)
    raised()
    raised(state=WarningState.SUSPECTED, raised_at=None)
    raised(state=WarningState.SUSPECTED, raised_at=None, is_subsided=True)
    waiting = watching.read(waiting_warnings, watching.bob, now=EARLY_DECEMBER + 9 * DAY)
    assert waiting._asdict() == {
        "raised": 2,
        "ownerless": 1,
        "untaken": 2,
        "taken": 1,
        "put_off": 0,
        "suspected": 1,
    }


def test_an_owner_who_leaves_has_it_no_more(watching, raised):
    raised(owner_id=watching.manny.user_id)
    watching.add(
        lambda session: session.execute(
            update(User).where(User.username == "manny").values(active=False)
        )
    )
    assert watching.read(waiting_warnings, watching.bob, now=EARLY_DECEMBER).ownerless == 1


def test_lists_go_on_where_they_ended(watching, raised):
    ids = [raised() for _ in range(3)]
    first = watching.read(warnings, watching.bob, which=Which.OPEN, now=EARLY_DECEMBER, limit=2)
    rest = watching.read(
        warnings, watching.bob, which=Which.OPEN, now=EARLY_DECEMBER, after=first.next
    )
    assert [row.warning_id for row in (*first.rows, *rest.rows)] == ids
    for number, warning_id in enumerate(ids):
        values = {"warning_id": warning_id, "closing": CHANCE, "now": EARLY_DECEMBER + number * DAY}
        watching.do(close_warning, watching.bob, **values)
    first = watching.read(warnings, watching.bob, which=Which.ENDED, now=EARLY_DECEMBER, limit=2)
    rest = watching.read(
        warnings, watching.bob, which=Which.ENDED, now=EARLY_DECEMBER, after=first.next
    )
    assert [row.warning_id for row in (*first.rows, *rest.rows)] == ids[::-1]


def test_what_was_told_is_read_once_it_is_opened(watching):
    watching.look(EARLY_JANUARY)
    told = watching.read(unread_warnings, watching.manny)
    assert [(row.warning_id, row.what) for row in told] == [(1, "raise_warning")]
    watching.do(note_warning_read, watching.manny, warning_id=1)
    assert watching.read(unread_warnings, watching.manny) == []


def test_a_rule_is_set_by_quality_with_an_owner_who_reaches_every_station(watching):
    common = {"rule": RuleKey.OVERDUE_FILES}
    with watching.seeded.transaction() as session:
        make_user(session, "quinn", Role.QUALITY_MANAGER)
    with watching.seeded.reading() as session:
        quinn = identity(session, "quinn").user_id
    for setting, sentence in (
        (RuleSetting(True, None, None), "has a limit"),
        (RuleSetting(True, -1, None), "from 0 to 10000"),
        (RuleSetting(True, 5, watching.manny.user_id), "every station"),
        (RuleSetting(True, 5, watching.tina.user_id), "every station"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            watching.do(set_rule, watching.bob, setting=setting, **common)
    with pytest.raises(NotAllowed):
        watching.do(set_rule, watching.manny, setting=RuleSetting(True, 7, None), **common)
    watching.do(set_rule, watching.bob, setting=RuleSetting(True, 7, quinn), **common)
    with watching.seeded.reading() as session:
        row = session.get_one(WarningRule, RuleKey.OVERDUE_FILES.value)
    assert (row.is_on, row.threshold, row.owner_id) == (True, 7, quinn)


def test_the_owner_of_a_rule_gets_its_warnings_at_first(watching):
    setting = RuleSetting(is_on=True, limit=None, owner_id=watching.bob.user_id)
    watching.do(set_rule, watching.bob, rule=RuleKey.COMPLAINTS, setting=setting)
    watching.look(EARLY_JANUARY)
    assert watching.only().owner_id == watching.bob.user_id
