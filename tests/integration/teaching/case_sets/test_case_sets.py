"""Case sets: collecting, ordering, teaching, versions, sharing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from db.teaching.models import CaseSetMember
from db.teaching.queries.case_sets import case_set, case_sets, mark_of
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, withdrawal
from db.teaching.services.lessons import Lesson
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, at_once
from tests.support.teaching.case_sets import cases_of, shown, trainer


def test_a_set_holds_cases_in_order_each_once(world, tina, made):
    set_id, ids = made
    again = world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[1], ids[1]])
    view = shown(world, tina, set_id)
    assert (again, cases_of(view), view.title) == (0, ids, "Greeting")
    assert [member.marked for member in view.members] == [({"turn": 2, "start": 0, "end": 3},), ()]
    [row] = world.one(lambda session: case_sets(session, tina))
    assert (row.title, row.cases, row.number, row.issued, row.own) == ("Greeting", 2, 1, None, True)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("訂位代號", ({"turn": 2, "start": 15, "end": 19},)),
        ("後天", ({"turn": 1, "start": 13, "end": 15}, {"turn": 4, "start": 5, "end": 7})),
        ("為您 高興", ({"turn": 2, "start": 4, "end": 6}, {"turn": 4, "start": 1, "end": 3})),
        ("未曾說過", ({"turn": 2, "start": 0, "end": 3},)),
    ],
)
def test_the_turns_searched_for_are_marked_else_those_of_the_evidence(world, tina, words, marked):
    """Where each turn's first hit stands was counted in `tests.factories.DIALOGUE`."""
    case = world.scored(evidence=[PIN], HELLO=NO)
    set_id = world.do(sets.make_set, tina, title="Words", purpose="")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[case], words=words)
    [member] = shown(world, tina, set_id).members
    assert member.marked == marked


def test_cases_change_places_and_leave(world, tina, made):
    set_id, ids = made
    first, second = shown(world, tina, set_id).members
    world.do(lessons.move, tina, member_id=first.member_id, by=1)
    assert cases_of(shown(world, tina, set_id)) == [ids[1], ids[0]]
    world.do(lessons.move, tina, member_id=second.member_id, by=-1)  # it is first already
    assert cases_of(shown(world, tina, set_id)) == [ids[1], ids[0]]
    world.do(lessons.remove, tina, member_id=second.member_id)
    view = shown(world, tina, set_id)
    assert [(each.position, each.inspection_id) for each in view.members] == [(1, ids[0])]


def test_a_lesson_is_kept(world, tina, made):
    set_id, _ = made
    lesson = Lesson("Watch the tone.", "What is missing?", "The greeting.", (2, 1))
    kept = save(world, tina, set_id, Lesson(), lesson)
    assert kept == (replace(lesson, marked=(1, 2)), False)
    stored = shown(world, tina, set_id).members[0]
    assert (stored.note, stored.question, stored.answer) == (
        "Watch the tone.",
        "What is missing?",
        "The greeting.",
    )
    assert stored.marked == ({"turn": 1}, {"turn": 2, "start": 0, "end": 3})


def save(world, tina, set_id, opened, lesson):
    """The lesson of the first case, as a tab that opened it before stores it."""
    member = shown(world, tina, set_id).members[0].member_id
    values = {"member_id": member, "opened": opened, "lesson": lesson}
    return world.do(lessons.save_lesson, tina, **values)


MINE, OTHER = "Ask for the name.", "Smile."


BOTH = f"{OTHER}\n\n{MINE}"


@pytest.mark.parametrize(
    "texts",
    [
        ("", MINE, "", (MINE, False)),
        ("", MINE, OTHER, (BOTH, True)),  # the other tab was first: both stay
        (OTHER, MINE, OTHER, (MINE, False)),  # rewritten
        (OTHER, OTHER, MINE, (MINE, False)),  # not touched here
        (OTHER, "", OTHER, ("", False)),  # emptied
        (MINE, "", OTHER, (OTHER, False)),  # emptied what is no longer there
        ("", MINE, BOTH, (BOTH, False)),  # sent once more
        ("", f"{OTHER} {MINE}", OTHER, (f"{OTHER} {MINE}", False)),  # it is in there
        ("", f"  {MINE} ", "", (MINE, False)),
    ],
)
def test_words_written_in_another_tab_are_never_replaced(world, tina, made, texts):
    (set_id, _), (opened, mine, stored, result) = made, texts
    save(world, tina, set_id, Lesson(), Lesson(note=stored))
    changed = Lesson(note=mine, question="And then?")
    kept = save(world, tina, set_id, Lesson(note=opened), changed)
    assert (kept.lesson.note, kept.is_joined) == result
    assert shown(world, tina, set_id).members[0].note == kept.lesson.note


def test_turns_marked_in_two_tabs_are_all_marked(world, tina, made):
    """Opened with turn 2; one tab adds 1, the other adds 3 and takes 2 away: 1 and 3 are left."""
    set_id, _ = made
    opened = Lesson(marked=(2,))
    save(world, tina, set_id, opened, Lesson(marked=(1, 2)))
    assert save(world, tina, set_id, opened, Lesson(marked=(3,))).lesson.marked == (1, 3)


def test_what_was_not_changed_begins_no_draft(world, tina, made):
    set_id, _ = made
    world.do(sets.issue, tina, set_id=set_id)
    save(world, tina, set_id, Lesson(marked=(2,)), Lesson(marked=(2,)))
    assert shown(world, tina, set_id).number == 1
    save(world, tina, set_id, Lesson(marked=(2,)), Lesson(note="New.", marked=(2,)))
    assert shown(world, tina, set_id).number == 2


def test_two_tabs_that_save_at_the_same_moment_lose_nothing(world, tina, made):
    set_id, _ = made
    member = shown(world, tina, set_id).members[0].member_id

    def writing(text):
        def wrote():
            with world.seeded.transaction() as session:
                lessons.save_lesson(
                    session,
                    who=tina,
                    member_id=member,
                    opened=Lesson(),
                    lesson=Lesson(note=text),
                    now=NOW,
                )

        return wrote

    at_once(*[writing(f"words {number}") for number in range(4)])
    note = shown(world, tina, set_id).members[0].note
    assert sorted(note.split("\n\n")) == [f"words {number}" for number in range(4)]


def test_what_a_lesson_says_is_masked(world, tina, made):
    set_id, _ = made
    view = shown(world, tina, set_id)
    texts = Lesson(*(f"{word} 13812345678" for word in ("Call", "Who is", "It is")))
    member = view.members[0].member_id
    world.do(lessons.save_lesson, tina, member_id=member, opened=Lesson(), lesson=texts)
    kept = shown(world, tina, set_id).members[0]
    hidden = "█" * 11
    assert (kept.note, kept.question) == (f"Call {hidden}", f"Who is {hidden}")
    assert kept.answer == f"It is {hidden}"


def test_a_hidden_name_is_no_newer_word_and_does_not_come_back(world, tina, made):
    """Charlie is on the staff list: the trainer reads seven bars, and writes on."""
    set_id, _ = made
    save(world, tina, set_id, Lesson(), Lesson(note="Watch Charlie."))
    opened = lessons.lesson_of(shown(world, tina, set_id).members[0])
    assert opened.note == "Watch ███████."
    same = save(world, tina, set_id, opened, replace(opened, question="How?"))
    assert (same.lesson.note, same.is_joined) == (opened.note, False)
    assert ("Watch Charlie.",) in world.all(CaseSetMember.note)
    longer = save(
        world, tina, set_id, same.lesson, replace(same.lesson, note="Watch ███████ smile.")
    )
    assert (longer.lesson.note, longer.is_joined) == ("Watch ███████ smile.", False)


def test_an_issued_version_stays_while_its_draft_moves_on(world, tina, made):
    set_id, ids = made
    assert world.do(sets.issue, tina, set_id=set_id) == 1
    with pytest.raises(InvalidInput):
        world.do(sets.issue, tina, set_id=set_id)
    issued = shown(world, tina, set_id)
    lesson = Lesson(note="New.")
    member = issued.members[1].member_id
    world.do(lessons.save_lesson, tina, member_id=member, opened=Lesson(), lesson=lesson)
    world.do(lessons.remove, tina, member_id=issued.members[0].member_id)
    world.do(sets.describe, tina, set_id=set_id, title="Hello", purpose="")
    assert cases_of(shown(world, tina, set_id, 1)) == ids
    assert [member.note for member in shown(world, tina, set_id, 1).members] == ["", ""]
    draft = shown(world, tina, set_id)
    assert (draft.number, draft.issued_at, draft.title) == (2, None, "Hello")
    assert [(each.inspection_id, each.note) for each in draft.members] == [(ids[1], "New.")]
    [row] = world.one(lambda session: case_sets(session, tina))
    assert (row.number, row.issued) == (2, 1)


def test_an_empty_set_is_not_issued_and_none_is_without_title(world, tina):
    set_id = world.do(sets.make_set, tina, title="Empty", purpose="")
    with pytest.raises(InvalidInput):
        world.do(sets.issue, tina, set_id=set_id)
    with pytest.raises(InvalidInput):
        world.do(sets.make_set, tina, title="  ", purpose="")


def test_others_see_a_set_once_it_is_shared_and_never_change_it(world, tina, made):
    set_id, ids = made
    tom = trainer(world, "tom")
    with pytest.raises(NotFound):
        shown(world, tom, set_id)
    assert world.one(lambda session: case_sets(session, tom)) == []
    world.do(sets.share, tina, set_id=set_id, shared=True)
    assert cases_of(shown(world, tom, set_id)) == ids
    assert [row.own for row in world.one(lambda session: case_sets(session, tom))] == [False]
    member = shown(world, tom, set_id).members[0].member_id
    for service, values in (
        (sets.issue, {"set_id": set_id}),
        (sets.archive, {"set_id": set_id, "archived": True}),
        (lessons.remove, {"member_id": member}),
        (lessons.add_cases, {"set_id": set_id, "inspection_ids": ids}),
    ):
        with pytest.raises(NotFound):
            world.do(service, tom, **values)


def test_an_archived_set_is_out_of_sight(world, tina, made):
    set_id, _ = made
    world.do(sets.archive, tina, set_id=set_id, archived=True)
    assert world.one(lambda session: case_sets(session, tina)) == []
    assert len(world.one(lambda session: case_sets(session, tina, archived=True))) == 1


@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_who_does_not_teach_has_no_sets(world, made, name):
    who = getattr(world, name)
    for question in (
        lambda session: case_sets(session, who),
        lambda session: case_set(session, who, made[0]),
        lambda session: mark_of(session, who, made[1][0]),
    ):
        with pytest.raises(NotAllowed):
            world.one(question)
    with pytest.raises(NotAllowed):
        world.do(sets.make_set, who, title="Mine", purpose="")
    with pytest.raises(NotAllowed):
        world.do(withdrawal.mark, who, inspection_id=made[1][0], kind="use")


def test_a_set_has_a_limit(world, tina, made, monkeypatch):
    monkeypatch.setattr(lessons, "MOST_CASES", 2)
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=made[0], inspection_ids=[world.scored()])
