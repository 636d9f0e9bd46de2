"""Asking for the correction of what one has scored, and what becomes of it; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from core.access import PERMISSIONS, Action, Role, Scope
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from db.cases.services import open_case
from db.inspection.models import CorrectionRequest, Inspection
from db.inspection.queries.corrections import (
    RequestPosition,
    asked_corrections,
    open_correction,
    own_corrections,
    unread_corrections,
)
from db.inspection.services.amendments import amend, void
from db.inspection.services.corrections import ask_for_correction, note_correction_read
from db.inspection.services.recall import recall
from db.store.events import Published, publish
from db.store.models import AuditEvent, Event, Notice
from db.store.queries import due, waiting
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.correcting import (
    TEN,
    WRONG,
    asked,
    declined,
    requests,
    withdrawn,
)
from tests.support.inspection.inspecting import NO, answers, at_once


@pytest.fixture
def scored(world):
    return world.scored(HELLO=NO)


def own(world, who=None):
    return world.one(
        lambda session: own_corrections(session, who or world.alice, since=NOW - timedelta(days=90))
    )


def unread(world):
    return world.one(lambda session: unread_corrections(session, world.alice))


def listed(world, who=None):
    return world.one(lambda session: asked_corrections(session, who or world.bob)).rows


def counted(world, who=None):
    return world.one(lambda session: waiting(session, who or world.bob, {"correction"}))


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.both
def test_a_request_waits_for_those_who_may_amend_with_its_day(world, scored):
    """Asked on 10 March at the station; seven days later is the 17th."""
    request_id = asked(world, scored)
    assert counted(world) == {"correction": 1}
    assert counted(world, world.alice) == {}
    [row] = listed(world)
    assert (row.request_id, row.inspection_id, row.score) == (request_id, scored, 80)
    assert (row.asker, row.words, row.barred) == (world.alice.name, WRONG, False)
    assert row.due_on == date(2026, 3, 17)
    rows = world.one(lambda session: due(session, world.bob, until=date(2030, 1, 1)))
    assert [(each.kind, each.record_id) for each in rows] == [("correction", request_id)]
    assert world.noted()[-1] == ("ask_correction", str(request_id))
    assert world.all(Event.kind, Event.deed)[-1] == ("correction", "ask_correction")


def test_asked_twice_it_is_one_request_and_another_one_is_refused(world, scored):
    first = asked(world, scored)
    assert asked(world, scored) == first
    with pytest.raises(InvalidInput, match="already"):
        asked(world, scored, words="And the name, too.")
    assert len(requests(world)) == 1


@pytest.mark.both
def test_of_two_tabs_at_once_one_request_comes(world, scored):
    world.do(open_case, world.bob, inspection_id=scored)
    results = at_once(lambda: asked(world, scored), lambda: asked(world, scored))
    assert len(set(results)) == 1
    assert len(requests(world)) == 1


@pytest.mark.both
def test_the_database_keeps_a_second_open_request_out_and_lets_an_ended_one_stay(world, scored):
    request_id = asked(world, scored)
    again = {"inspection_id": scored, "user_id": world.alice.user_id, "words": WRONG}
    again |= {"asked_at": NOW, "due_on": NOW.date()}
    with pytest.raises(IntegrityError), world.seeded.transaction() as session:
        session.add(CorrectionRequest(**again))
    declined(world, request_id)
    asked(world, scored, words="But listen at 0:03.")
    assert [state for state, *_ in requests(world)] == ["declined", "open"]


def test_what_can_still_be_taken_back_is_not_asked_for(world, scored):
    with pytest.raises(InvalidInput, match="still take this back"):
        asked(world, scored, within=TEN)
    world.do(open_case, world.bob, inspection_id=scored)
    asked(world, scored, within=TEN)
    assert len(requests(world)) == 1


@pytest.mark.parametrize(("words", "said"), [("  ", "what is wrong"), ("x" * 1001, "1000")])
def test_a_request_says_what_is_wrong_and_not_too_much(world, scored, words, said):
    with pytest.raises(InvalidInput, match=said):
        asked(world, scored, words=words)


def test_words_are_masked_as_everywhere(world, scored):
    asked(world, scored, words="Call me at 0912345678.")
    assert "0912345678" not in str(world.all(CorrectionRequest.words))


def test_nobody_asks_about_anothers_scoring_or_about_what_no_longer_counts(world, scored):
    with pytest.raises(NotFound):
        asked(world, scored, who=world.inspector("dan"))
    with pytest.raises(NotAllowed):
        asked(world, scored, who=world.bob)
    world.do(void, world.bob, inspection_id=scored, reason="Not our call.")
    with pytest.raises(OutOfTurn):
        asked(world, scored)
    assert requests(world) == []


# --- what becomes of it -------------------------------------------------------------------------


@pytest.mark.both
def test_an_amendment_answers_it_and_tells_the_inspector_both_scores(world, scored):
    """80 with HELLO lost, 100 without a loss."""
    request_id = asked(world, scored)
    world.do(amend, world.bob, inspection_id=scored, answers=answers(), reason="Heard again.")
    assert requests(world) == [("made", "", NOW)]
    [row] = unread(world)
    assert not row.by_appeal
    assert (row.request_id, row.score, row.new_score, row.voided) == (request_id, 80, 100, False)
    assert row.why == "Heard again."
    assert counted(world) == {"correction": 0}
    world.do(note_correction_read, world.alice, request_id=request_id)
    assert unread(world) == ()
    assert world.noted()[-1] == ("acknowledge", str(request_id))
    newer = world.all(Inspection.id)[-1][0]
    assert asked(world, newer, words="Now the name.") != request_id


def test_voiding_answers_it_too(world, scored):
    asked(world, scored)
    world.do(void, world.bob, inspection_id=scored, reason="Not our call.")
    [row] = own(world)
    assert (row.state, row.voided, row.new_score, row.why) == ("made", True, None, "Not our call.")


def test_so_does_an_import_that_replaces_the_inspection(world, scored):
    """What the import publishes, as `db.importing.inspections` moves what it replaces."""
    asked(world, scored)
    event = Published(kind="inspection", deed="reimport", ids=(scored,), who=None, now=NOW)
    with world.seeded.transaction() as session:
        publish(session, event)
    assert requests(world) == [("made", "", NOW)]
    assert len(unread(world)) == 1


def test_who_takes_the_inspection_back_needs_no_correction(world):
    """The time to take back was made longer after the request."""
    scored = world.scored(HELLO=NO)
    late = timedelta(seconds=-1)
    words = {"inspection_id": scored, "words": WRONG, "within": late}
    world.do(ask_for_correction, world.alice, **words)
    world.do(recall, world.alice, inspection_id=scored, within=TEN)
    assert requests(world) == [("withdrawn", "", NOW)]
    assert unread(world) == ()


def test_declined_it_says_why_and_the_log_does_not_name_who_was_judged(world, scored):
    request_id = asked(world, scored)
    declined(world, request_id, reason="Charlie does not greet.")
    assert requests(world) == [("declined", "Charlie does not greet.", NOW)]
    [row] = unread(world)
    assert (row.state, row.score, row.new_score) == ("declined", 80, None)
    assert row.why.endswith("does not greet.")
    assert "Charlie" not in row.why  # an inspector reads no names of staff
    deed, reason = world.all(AuditEvent.action, AuditEvent.reason)[-1]
    assert deed == "decline_correction"
    assert "Charlie" not in reason
    assert world.inspection(scored).state == "valid"
    declined(world, request_id, reason="Charlie does not greet.")
    assert len(world.all(Notice.id)) == 1
    with pytest.raises(OutOfTurn):
        declined(world, request_id, reason="Still not.")


def test_declining_needs_a_reason_and_the_right(world, scored):
    request_id = asked(world, scored)
    with pytest.raises(InvalidInput, match="reason"):
        declined(world, request_id, reason=" ")
    with pytest.raises(NotAllowed):
        declined(world, request_id, who=world.alice)
    with pytest.raises(NotFound):
        declined(world, request_id + 1)
    assert requests(world) == [("open", "", None)]


def test_withdrawn_by_who_asked_alone_and_once(world, scored):
    request_id = asked(world, scored)
    with pytest.raises(NotFound):
        withdrawn(world, request_id, who=world.inspector("dan"))
    withdrawn(world, request_id)
    withdrawn(world, request_id)
    assert requests(world) == [("withdrawn", "", NOW)]
    assert unread(world) == ()
    with pytest.raises(OutOfTurn):
        declined(world, request_id)
    other = asked(world, scored, words="Again.")
    declined(world, other)
    with pytest.raises(OutOfTurn):
        withdrawn(world, other)


# --- who may not --------------------------------------------------------------------------------


def test_nobody_answers_their_own_request_under_either_account(world):
    staff = world.staff(name="Dora")
    inspects = world.inspector("dora", staff_id=staff.id)
    with world.seeded.transaction() as session:
        make_user(session, "dora2", Role.QUALITY_MANAGER, staff_id=staff.id)
        manages = identity(session, "dora2")
    scored = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        session.get_one(Inspection, scored).inspector_id = inspects.user_id
    request_id = asked(world, scored, who=inspects)
    for who in (manages, replace(inspects, roles=world.bob.roles)):
        with pytest.raises(NotAllowed, match="own scoring"):
            declined(world, request_id, who=who)
        assert [row.barred for row in listed(world, who)] == [True]
    assert [row.barred for row in listed(world)] == [False]


def test_nobody_answers_about_the_scoring_of_their_own_work(world, scored):
    request_id = asked(world, scored)
    served = replace(world.charlie, roles=world.bob.roles)
    with pytest.raises(NotAllowed, match="own work"):
        declined(world, request_id, who=served)
    assert [row.barred for row in listed(world, served)] == [True]


def test_who_may_amend_at_some_stations_neither_sees_nor_answers_others(world, scored, monkeypatch):
    amending = PERMISSIONS[Role.STATION_MANAGER] | {Action.AMEND: Scope.SUBTREE}
    monkeypatch.setitem(PERMISSIONS, Role.STATION_MANAGER, amending)
    request_id = asked(world, scored)
    mona = replace(world.bob, roles=frozenset({Role.STATION_MANAGER}), station_ids=frozenset())
    here = replace(mona, station_ids=frozenset({world.seeded.station_id}))
    assert listed(world, mona) == ()
    assert world.one(lambda session: open_correction(session, mona, scored)) is None
    with pytest.raises(NotFound):
        declined(world, request_id, who=mona)
    assert len(listed(world, here)) == 1
    declined(world, request_id, who=here)


# --- lists --------------------------------------------------------------------------------------


def test_the_list_goes_on_behind_a_page(world):
    first, second = (asked(world, world.scored(HELLO=NO)) for _ in range(2))
    with world.seeded.transaction() as session:
        session.get_one(CorrectionRequest, first).due_on = NOW.date() + timedelta(days=9)
    page = world.one(lambda session: asked_corrections(session, world.bob, limit=1))
    assert [row.request_id for row in page.rows] == [second]
    assert page.next == RequestPosition(NOW.date() + timedelta(days=7), second)
    page = world.one(lambda session: asked_corrections(session, world.bob, after=page.next))
    assert ([row.request_id for row in page.rows], page.next) == ([first], None)


def test_ones_own_are_listed_open_ones_first_and_old_ends_left_out(world):
    old, ended, waits = (asked(world, world.scored(HELLO=NO)) for _ in range(3))
    declined(world, old)
    declined(world, ended)
    with world.seeded.transaction() as session:
        session.get_one(CorrectionRequest, old).ended_at = NOW - timedelta(days=91)
    assert [row.request_id for row in own(world)] == [waits, ended]
    assert own(world, world.inspector("dan")) == ()
