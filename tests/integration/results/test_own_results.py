"""What the scored person reads of the own work, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import NotAllowed, NotFound
from db.inspection.models import Acknowledgement
from db.inspection.services import amendments
from db.inspection.services.drafts import Work
from db.results.queries.own_results import own_results, own_scores
from db.results.services.acknowledgements import acknowledge
from db.store.audit import refusals_noted
from db.store.models import AuditEvent
from tests.factories import identity, make_assignment, make_interaction, make_staff, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers


@pytest.fixture
def scored_on(world):
    """`scored_on(days_ago, ITEM=NO)`: an inspection of a call that charlie took that day."""

    def scored(days_ago, **changed):
        task = world.assigned(occurred_at=NOW - timedelta(days=days_ago))
        world.draft(Work(answers(**changed)), task=task)
        return world.submit(task=task).inspection_id

    return scored


def results(world, who, **paging):
    return world.one(lambda session: own_results(session, who, **paging))


def test_results_come_newest_encounter_first_with_what_they_lost(world, scored_on):
    old, new = scored_on(9, HELLO=NO), scored_on(2)
    page = results(world, world.charlie)
    assert [row.inspection_id for row in page.rows] == [new, old]
    assert [loss.item_key for loss in page.rows[1].losses] == ["HELLO"]
    assert [(row.score, row.passed) for row in page.rows] == [
        (pytest.approx(100), True),
        (pytest.approx(80), False),
    ]


def test_pages_follow_each_other_without_gap_or_repeat(world, scored_on):
    """Two encounters of the same moment stand on both sides of a page's end."""
    made = [scored_on(days) for days in (1, 2, 2, 3)]
    first = results(world, world.charlie, limit=2)
    second = results(world, world.charlie, limit=2, after=first.next)
    seen = [row.inspection_id for row in (*first.rows, *second.rows)]
    assert sorted(seen) == sorted(made)
    assert (seen[0], seen[-1]) == (made[0], made[3])
    assert second.next is None


def test_nothing_of_a_colleague_is_among_them(world, scored_on):
    own = scored_on(1)
    with world.seeded.transaction() as session:
        call = make_interaction(session, staff=make_staff(session))
        task = make_assignment(session, interaction=call, checklist_version_id=world.version_id).id
    world.draft(Work(answers(RIGHT=NO)), task=task)
    world.submit(task=task)
    assert [row.inspection_id for row in results(world, world.charlie).rows] == [own]
    assert len(world.one(lambda session: own_scores(session, world.charlie))) == 1


@pytest.mark.parametrize("name", ["alice", "bob", "administrator"])
def test_who_is_not_scored_has_no_results(world, name):
    with pytest.raises(NotAllowed):
        results(world, getattr(world.seeded, name))


def test_scores_over_time_run_forward_with_their_pass_mark(world, scored_on):
    scored_on(9, HELLO=NO)
    scored_on(2)
    scores = world.one(lambda session: own_scores(session, world.charlie))
    assert [(score.score, score.passed, score.pass_mark) for score in scores] == [
        (pytest.approx(80), False, 85),
        (pytest.approx(100), True, 85),
    ]


def test_only_the_newest_scores_are_taken(world, scored_on):
    for days in range(4):
        scored_on(days, **({"HELLO": NO} if days == 0 else {}))
    scores = world.one(lambda session: own_scores(session, world.charlie, limit=2))
    assert [score.score for score in scores] == [pytest.approx(100), pytest.approx(80)]


def test_an_amended_result_is_to_be_acknowledged_anew(world, scored_on):
    old = scored_on(1, HELLO=NO)
    world.do(acknowledge, world.charlie, inspection_id=old, comment="")
    assert results(world, world.charlie).rows[0].acknowledged
    world.do(amendments.amend, world.bob, inspection_id=old, answers=answers(), reason="It was.")
    [row] = results(world, world.charlie).rows
    assert (row.inspection_id != old, row.acknowledged) == (True, False)


def test_acknowledging_anothers_result_is_refused_and_noted(world, scored_on):
    theirs = scored_on(1)
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.STAFF, staff_id=make_staff(session).id)
        dora = identity(session, "dora")
    with (
        pytest.raises(NotFound, match="not yours"),
        refusals_noted(world.seeded.engine, lambda: NOW),
    ):
        world.do(acknowledge, dora, inspection_id=theirs, comment="")
    assert world.count(Acknowledgement) == 0
    noted = world.all(AuditEvent.user_id, AuditEvent.action, AuditEvent.object_id)
    assert noted[-1] == (dora.user_id, "refuse", str(theirs))
    with pytest.raises(NotFound):
        world.do(acknowledge, dora, inspection_id=theirs + 99, comment="")
