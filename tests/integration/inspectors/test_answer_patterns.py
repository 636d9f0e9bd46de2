"""What stands out of an inspector's answers: kept, shown to the inspector first, then to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.errors import NotAllowed
from core.inspectors.straight_lining import Basis
from core.periods import Period
from db.encounters.models import Turn
from db.inspection.models import Inspection
from db.inspection.services.amendments import amend
from db.inspectors.models import AnswerPattern
from db.inspectors.queries.answer_patterns import own_pattern, shown_patterns
from db.inspectors.services.answer_patterns import look_for_patterns
from db.inspectors.services.told_first import note_pattern_shown
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers

MONTHS = Period(202601, 202612)
NEXT_MONTH = NOW + timedelta(days=31)
WORDS = [("agent", "好" * 85)]  # 10 seconds at the least


@pytest.fixture
def dan(world):
    return world.inspector("dan")


def scored(world, who, count, *, seconds=5.0, **changed):
    """So many of this month, each answered alike unless something is changed."""
    call = {"turns": WORDS, "language": "zh-TW"}
    ids = [world.scored(call=call, **changed) for _ in range(count)]
    with world.seeded.transaction() as session:
        mine = update(Inspection).where(Inspection.id.in_(ids))
        session.execute(mine.values(active_seconds=seconds, inspector_id=who.user_id))
    return ids


def looked(world, now=NEXT_MONTH):
    with world.seeded.transaction() as session:
        return look_for_patterns(session, now=now)


def own(world, who):
    return world.one(lambda session: own_pattern(session, who, MONTHS))


def others_see(world, who=None):
    return world.one(lambda session: shown_patterns(session, who or world.bob, MONTHS))


@pytest.mark.both
def test_the_inspector_reads_it_first_and_others_from_then_on(world, dan):
    """alice 7 of 20 beside dan's 0 of 20: C(20,7) / C(40,7) is .4 %, 35 points beyond."""
    scored(world, world.alice, 7)
    scored(world, world.alice, 13, seconds=60.0)
    scored(world, dan, 20, seconds=60.0)
    assert looked(world) == 1
    assert others_see(world) == ()
    pattern = own(world, world.alice)
    assert (pattern.basis, pattern.straight, pattern.evaluations) == (Basis.CHECKLIST, 7, 20)
    assert (pattern.others_straight, pattern.others) == (0, 20)
    assert own(world, dan) is None
    world.do(note_pattern_shown, world.alice, period=pattern.period)
    world.do(note_pattern_shown, world.alice, period=pattern.period)
    [row] = others_see(world)
    assert (row.inspector, row.shown_at) == (world.alice.name, NOW)
    assert [deed for deed, _id in world.noted()].count("acknowledge") == 1


def test_what_was_told_of_some_months_is_told_once(world, dan):
    scored(world, world.alice, 20)
    scored(world, dan, 20, seconds=60.0)
    assert looked(world) == 1
    assert looked(world, NEXT_MONTH + timedelta(days=1)) == 0
    assert len(world.all(AnswerPattern.id)) == 1


def test_what_the_inspector_was_not_shown_others_do_not_read(world, dan):
    """Away for a month, the inspector comes back to the newer of two."""
    scored(world, world.alice, 20)
    scored(world, dan, 20, seconds=60.0)
    assert looked(world) + looked(world, NEXT_MONTH + timedelta(days=31)) == 2
    pattern = own(world, world.alice)
    world.do(note_pattern_shown, world.alice, period=pattern.period)
    assert [row.period for row in others_see(world)] == [pattern.period]


def test_neither_slow_nor_different_answers_are_such_and_the_running_month_waits(world, dan):
    scored(world, world.alice, 20, seconds=10.0)  # as long as reading takes
    scored(world, world.alice, 20, HELLO=NO)
    scored(world, dan, 20, seconds=60.0)
    assert looked(world) == 0
    scored(world, world.alice, 40)
    assert looked(world, NOW) == 0
    assert looked(world) == 1


def test_amended_answers_and_encounters_without_words_are_left_out(world, dan):
    ids = scored(world, world.alice, 20)
    scored(world, dan, 20, seconds=60.0)
    with world.seeded.transaction() as session:
        rows = [session.get_one(Inspection, each).interaction_id for each in ids[:1]]
        session.query(Turn).filter(Turn.interaction_id.in_(rows)).delete()
    assert looked(world) == 0  # nineteen are left
    world.do(amend, world.bob, inspection_id=ids[1], answers=answers(HELLO=NO), reason="Heard.")
    assert looked(world) == 0


def test_only_inspectors_read_their_own_and_those_who_plan_the_others(world, dan):
    with pytest.raises(NotAllowed):
        others_see(world, dan)
    with pytest.raises(NotAllowed):
        own(world, world.bob)
    with pytest.raises(NotAllowed):
        world.do(note_pattern_shown, world.bob, period=MONTHS)
