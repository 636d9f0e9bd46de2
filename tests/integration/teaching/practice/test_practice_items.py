"""A practice on chosen items: these alone are asked, scored and compared."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from db.inspection.queries.desk import desk
from db.inspection.services.drafts import Work, save_draft
from db.teaching.queries.practice import next_task, own_rounds, round_view, rounds
from db.teaching.queries.practice_attempts import answer_pairs
from db.teaching.queries.practice_items import askable_sections
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons
from db.teaching.tasks import PRACTISED
from tests.factories import make_version
from tests.support.inspection.inspecting import NO, YES
from tests.support.teaching.case_sets import trainer
from tests.support.teaching.practising import attempts, hand_in

GREETING = ("HELLO", "NAME")


def first_desk(world, who, round_id):
    def read(session):
        return desk(session, who, PRACTISED.task(next_task(session, who, round_id)))

    return world.one(read)


@pytest.mark.both
def test_the_pad_asks_the_chosen_items_alone_and_takes_no_other_answer(world, people, held):
    irma = people["irma"]
    round_id = held("irma", items=GREETING)
    opened = first_desk(world, irma, round_id)
    assert [item.key for item in opened.checklist.items()] == list(GREETING)
    task = PRACTISED.task(opened.task_id)
    with pytest.raises(InvalidInput):
        world.do(save_draft, irma, task=task, version=0, work=Work({"RIGHT": YES}))
    saved = world.do(save_draft, irma, task=task, version=0, work=Work({"HELLO": NO}))
    assert saved.sheet.missing == ("NAME",)


@pytest.mark.both
def test_score_and_agreement_are_of_the_chosen_items(world, people, held):
    """The reference lost HELLO in the first case, one half of the greeting: 50 of 100 and 100.

    Irma loses it in neither: 3 of 4 answers alike, scores 50 and 0 apart.
    """
    irma = people["irma"]
    round_id = held("irma", items=GREETING)
    full = dict.fromkeys(GREETING, YES)
    hand_in(world, irma, round_id, full, full)
    [attempt] = attempts(world, people, "irma", round_id)
    outcome = attempt.outcome
    assert (outcome.agreeing, outcome.compared, outcome.score_gap) == (3, 4, 25)
    first = attempt.cases[0].comparison
    assert (first.score, first.reference_score) == (100, 50)
    tasks = [case.task_id for case in attempt.cases]
    pairs = world.one(lambda session: answer_pairs(session, irma, round_id, tasks))
    assert [(pair.position, pair.item.key, pair.agrees) for pair in pairs] == [
        (1, "HELLO", False),
        (1, "NAME", True),
        (2, "HELLO", True),
        (2, "NAME", True),
    ]


def test_a_person_gives_the_reference_on_the_same_items(world, people, held):
    tina, irma = people["tina"], people["irma"]
    round_id = held("irma", items=GREETING, reference_user_id=tina.user_id)
    for who in (tina, irma):
        hand_in(world, who, round_id, *[dict.fromkeys(GREETING, YES)] * 2)
    [attempt] = attempts(world, people, "irma", round_id)
    assert (attempt.outcome.agreeing, attempt.outcome.compared) == (4, 4)


def test_lists_and_views_say_what_is_asked(world, people, held):
    whole, chosen = held("irma"), held("irma", items=("NAME", "HELLO", "NAME"))
    rows = world.one(lambda session: rounds(session, people["tina"]))
    assert {row.round_id: row.items for row in rows} == {whole: 0, chosen: 2}
    assert world.one(lambda session: own_rounds(session, people["irma"]))[0].items == 2
    view = world.one(lambda session: round_view(session, people["tina"], chosen))
    assert [item.key for item in view.items] == list(GREETING)
    assert world.one(lambda session: round_view(session, people["tina"], whole)).items == ()


@pytest.mark.parametrize("items", [("HELLO", "GONE"), ("GONE",)])
def test_an_item_of_no_case_is_refused(held, items):
    with pytest.raises(InvalidInput, match="GONE"):
        held("irma", items=items)


@pytest.fixture
def two_kinds(world, people):
    """A set with a case of the small checklist and one of another: WAVE, and a text besides."""
    wave = {
        "key": "wave",
        "channels": ["phone"],
        "sections": [
            {
                "key": "hand",
                "items": [{"key": "WAVE"}, {"key": "WORDS", "kind": "text", "required": False}],
            }
        ],
    }
    first = world.scored()
    with world.seeded.transaction() as session:
        world.version_id = make_version(session, wave).id
    task = world.assigned()
    world.draft(Work({"WAVE": YES}), task=task)
    second = world.submit(task=task).inspection_id
    tina = people["tina"]
    set_id = world.do(sets.make_set, tina, title="Two kinds", purpose="")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[first, second])
    world.do(sets.issue, tina, set_id=set_id)
    return world.one(lambda session: sets.newest(session, set_id).id)


def test_the_sections_of_every_checklist_of_the_set_can_be_chosen(world, people, two_kinds):
    def sections(who):
        return world.one(lambda session: askable_sections(session, who, two_kinds))

    assert [(each.key, [item.key for item in each.items]) for each in sections(people["tina"])] == [
        ("small/greeting", ["HELLO", "NAME"]),
        ("small/solution", ["RIGHT", "FAST", "HONEST"]),
        ("wave/hand", ["WAVE", "WORDS"]),
    ]
    with pytest.raises(NotAllowed):
        sections(people["irma"])
    with pytest.raises(NotFound):
        sections(trainer(world, "tom"))


@pytest.mark.parametrize(
    ("items", "cases"),
    [((), 2), (("WAVE",), 1), (("HELLO",), 1), (("WAVE", "FAST", "WORDS"), 2)],
)
def test_cases_whose_checklist_has_none_of_the_items_are_left_out(
    world, people, held, two_kinds, items, cases
):
    round_id = held("irma", version_id=two_kinds, items=items)
    [row] = world.one(lambda session: own_rounds(session, people["irma"]))
    assert (row.round_id, row.tasks) == (round_id, cases)


def test_items_that_score_nothing_are_no_practice(held, two_kinds):
    with pytest.raises(InvalidInput, match="scores"):
        held("irma", version_id=two_kinds, items=("WORDS",))
