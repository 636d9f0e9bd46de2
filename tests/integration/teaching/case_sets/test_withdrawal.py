"""Cases leave their sets: marked, past retention, erased; and some never get in."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.errors import InvalidInput, NotFound
from core.settings import Settings
from db.encounters.models import Interaction
from db.inspection.services import amendments
from db.safekeeping.retention import Keeper
from db.safekeeping.services import scrubbing
from db.store.keys import load_keys
from db.teaching.models import CaseSetMember
from db.teaching.queries.case_sets import mark_of
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, withdrawal
from db.teaching.services.lessons import Lesson
from tests.support.clock import NOW
from tests.support.inspection.inspecting import answers
from tests.support.teaching.case_sets import shown


def test_a_case_marked_never_leaves_every_set_and_cannot_come_back(world, tina, made):
    set_id, ids = made
    world.do(sets.issue, tina, set_id=set_id)
    with pytest.raises(InvalidInput):
        world.do(withdrawal.mark, tina, inspection_id=ids[0], kind="never")
    world.do(withdrawal.mark, tina, inspection_id=ids[0], kind="never", reason="Too personal.")
    view = shown(world, tina, set_id)
    assert [(each.inspection_id, each.left_reason) for each in view.members] == [
        (None, "never"),
        (ids[1], ""),
    ]
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[0]])
    assert world.one(lambda session: mark_of(session, tina, ids[0])) == ("never", "Too personal.")
    world.do(withdrawal.mark, tina, inspection_id=ids[0], kind=None)
    assert world.one(lambda session: mark_of(session, tina, ids[0])) is None
    assert world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[0]]) == 1


def test_a_case_past_retention_leaves_with_all_that_was_written_about_it(world, tina, made):
    set_id, ids = made
    view = shown(world, tina, set_id)
    lesson = Lesson("Mr. Li said …", "Why?", "Because.", (1,))
    member = view.members[0].member_id
    world.do(lessons.save_lesson, tina, member_id=member, opened=Lesson(), lesson=lesson)
    call = world.inspection(ids[0]).interaction_id
    with world.seeded.transaction() as session:
        assert withdrawal.leave_sets(session, [call], reason=withdrawal.RETENTION, now=NOW) == 1
        assert withdrawal.leave_sets(session, [call], reason=withdrawal.RETENTION, now=NOW) == 0
    row = world.one(lambda session: session.get_one(CaseSetMember, member))
    assert (row.note, row.question, row.answer, row.marked) == ("", "", "", [])
    assert (row.inspection_id, row.interaction_id, row.left_at) == (None, None, NOW)
    assert shown(world, tina, set_id).members[0].left_reason == "retention"


def test_the_nightly_removal_of_transcripts_empties_the_places_too(world, tina, made, tmp_path):
    set_id, ids = made
    settings = Settings(var_dir=tmp_path)
    keeper = Keeper(world.seeded.engine, settings, load_keys(tmp_path), NOW)
    assert keeper.transcripts(NOW) > 0
    members = shown(world, tina, set_id).members
    assert [(each.inspection_id, each.left_reason) for each in members] == [(None, "retention")] * 2
    with pytest.raises(InvalidInput, match="past its retention"):
        world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[0]])


def test_who_is_erased_is_gone_from_lessons_as_well(world, tina, made):
    set_id, _ids = made
    view = shown(world, tina, set_id)
    member = view.members[0].member_id
    lesson = Lesson("Charlie rushed.", "Why did Charlie rush?", "Charlie was late.")
    world.do(lessons.save_lesson, tina, member_id=member, opened=Lesson(), lesson=lesson)
    with world.seeded.transaction() as session:
        scrubbing.scrub_at_large(session, {"Charlie"})
    kept = shown(world, tina, set_id).members[0]
    assert "Charlie" not in kept.note + kept.question + kept.answer
    assert kept.note.endswith(" rushed.")


def test_a_customer_without_consent_is_not_shown_to_a_class(world, tina, made):
    other = world.scored()
    with world.seeded.transaction() as session:
        call = world.inspection(other).interaction_id
        session.execute(update(Interaction).where(Interaction.id == call).values(consent=False))
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=made[0], inspection_ids=[other])


def test_only_valid_inspections_are_collected(world, tina, made):
    other = world.scored()
    world.do(amendments.void, world.bob, inspection_id=other, reason="Wrong call.")
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=made[0], inspection_ids=[other])
    with pytest.raises(NotFound):
        world.do(lessons.add_cases, tina, set_id=made[0], inspection_ids=[999])


def test_a_voided_case_leaves_its_sets_and_an_amended_one_goes_on_as_it_is_now(world, tina, made):
    set_id, ids = made
    world.do(sets.issue, tina, set_id=set_id)
    world.do(amendments.void, world.bob, inspection_id=ids[0], reason="Not our call.")
    new = world.do(
        amendments.amend, world.bob, inspection_id=ids[1], answers=answers(), reason="It was there."
    )
    members = shown(world, tina, set_id).members
    assert [(each.inspection_id, each.score, each.left_reason) for each in members] == [
        (None, None, "voided"),
        (new, pytest.approx(100), ""),
    ]
    assert [loss for each in members for loss in each.losses] == []
