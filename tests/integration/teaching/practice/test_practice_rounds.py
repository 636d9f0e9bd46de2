"""Practices: on what, on which terms, for whom, and who sees what came of them."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from core.training import Reason
from db.inspection.services.drafts import Work, save_draft
from db.teaching.queries.practice import (
    next_task,
    own_round_view,
    own_rounds,
    possible_takers,
    round_view,
    rounds,
)
from db.teaching.services import case_sets as sets
from db.teaching.services import practice
from db.teaching.tasks import PRACTISED
from db.training.services.attendance import enrol
from tests.support.clock import NOW
from tests.support.inspection.inspecting import answers
from tests.support.teaching.case_sets import trainer
from tests.support.teaching.practising import TERMS, hand_in
from tests.support.training.trainees import kept_course, opened


def test_who_knows_a_case_does_not_get_it(world, people, version):
    """alice judged both cases, charlie is judged in both."""
    for who in (world.alice, world.charlie):
        with pytest.raises(InvalidInput):
            world.do(
                practice.open_round,
                people["tina"],
                version_id=version,
                terms=TERMS,
                user_ids=[who.user_id],
            )


def test_trainers_see_all_results_and_participants_their_own(world, people, held):
    round_id = held("irma", "sam")
    hand_in(world, people["irma"], round_id, answers(), answers())
    view = world.one(lambda session: round_view(session, people["tina"], round_id))
    assert [taker.name for taker in view.takers] == ["Irma", "Sam"]
    assert [taker.attempts[0].outcome is None for taker in view.takers] == [False, True]
    own = world.one(lambda session: own_round_view(session, people["sam"], round_id))
    assert [taker.name for taker in own.takers] == ["Sam"]
    with pytest.raises(NotAllowed):
        world.one(lambda session: round_view(session, people["sam"], round_id))
    with pytest.raises(NotFound):
        world.one(lambda session: own_round_view(session, world.alice, round_id))
    tom = trainer(world, "tom")
    with pytest.raises(NotFound):
        world.one(lambda session: round_view(session, tom, round_id))
    assert world.one(lambda session: rounds(session, tom)) == []
    assert len(world.one(lambda session: rounds(session, world.bob))) == 1


def test_lists_say_how_far_it_is(world, people, held):
    round_id = held("irma", "sam")
    hand_in(world, people["irma"], round_id, answers())
    [all_of_it] = world.one(lambda session: rounds(session, people["tina"]))
    [own] = world.one(lambda session: own_rounds(session, people["irma"]))
    assert [(row.done, row.tasks) for row in (all_of_it, own)] == [(1, 4), (1, 2)]
    assert world.one(lambda session: own_rounds(session, world.alice)) == []


def test_a_closed_practice_takes_nothing_more(world, people, held):
    round_id = held("irma")
    irma = people["irma"]
    task = world.one(lambda session: next_task(session, irma, round_id))
    world.do(practice.close_round, people["tina"], round_id=round_id)
    assert world.one(lambda session: next_task(session, irma, round_id)) is None
    with pytest.raises(InvalidInput):
        world.do(save_draft, irma, task=PRACTISED.task(task), version=0, work=Work(answers()))
    with pytest.raises(InvalidInput):
        world.do(practice.admit, people["tina"], round_id=round_id, user_ids=[1])


def test_a_practice_is_closed_once_however_often_it_is_asked(world, people, held):
    round_id = held("irma")
    for _ in range(2):
        world.do(practice.close_round, people["tina"], round_id=round_id)
    assert world.noted().count(("close", str(round_id))) == 1


def test_people_are_admitted_later(world, people, held):
    round_id = held("irma")
    sam = people["sam"].user_id
    world.do(practice.admit, people["tina"], round_id=round_id, user_ids=[sam, sam])
    view = world.one(lambda session: round_view(session, people["tina"], round_id))
    assert [taker.name for taker in view.takers] == ["Irma", "Sam"]
    offered = world.one(
        lambda session: possible_takers(session, people["tina"], practice.PRACTISING)
    )
    assert sam in offered
    assert world.seeded.administrator.user_id not in offered
    administrator = world.seeded.administrator.user_id
    with pytest.raises(InvalidInput):
        world.do(practice.admit, people["tina"], round_id=round_id, user_ids=[administrator])


def test_of_the_scored_those_in_ones_own_runs_are_offered_by_name(world, people):
    charlie, tina = world.charlie.user_id, people["tina"]
    tom = trainer(world, "tom")

    def offered(who):
        return world.one(lambda session: possible_takers(session, who, practice.PRACTISING))

    assert charlie not in offered(tina)
    assert charlie in offered(world.bob)
    with world.seeded.transaction() as session:
        run_id = opened(session, kept_course(session))
        chosen = {world.charlie.staff_id: Reason.CHOSEN}
        enrol(session, who=tina, run_id=run_id, staff=chosen, now=NOW)
    assert charlie in offered(tina)
    assert charlie not in offered(tom)


def test_a_scored_person_outside_ones_runs_is_not_admitted_by_account_either(world, people, held):
    """The list of participants would name them."""
    round_id, charlie = held("irma"), world.charlie.user_id
    with pytest.raises(InvalidInput, match="your trainees"):
        world.do(practice.admit, people["tina"], round_id=round_id, user_ids=[charlie])
    view = world.one(lambda session: round_view(session, people["tina"], round_id))
    assert [taker.name for taker in view.takers] == ["Irma"]


@pytest.mark.parametrize(
    "changed", [{"title": " "}, {"pass_mark": 0}, {"pass_mark": 101}, {"attempts": 0}]
)
def test_terms_that_make_no_sense_are_refused(held, changed):
    with pytest.raises(InvalidInput):
        held("irma", **changed)


def test_only_an_issued_version_is_practised_on_and_somebody_takes_part(world, people, held):
    with pytest.raises(InvalidInput):
        held()
    set_id = world.do(sets.make_set, people["tina"], title="Draft", purpose="")
    version_id = world.one(lambda session: sets.newest(session, set_id).id)
    with pytest.raises(InvalidInput):
        world.do(
            practice.open_round,
            people["tina"],
            version_id=version_id,
            terms=TERMS,
            user_ids=[people["irma"].user_id],
        )
