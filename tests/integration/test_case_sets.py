"""Case sets: collecting, teaching, versions, marks, and cases that leave, on both databases."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from core.settings import Settings
from db.keys import load_keys
from db.models import AuditEvent, CaseSetMember, Interaction
from db.queries.case_sets import case_set, case_sets, mark_of
from db.safekeeping.retention import Keeper
from db.services import amendments, leaving, lessons, scrubbing
from db.services import case_sets as sets
from db.services.lessons import Lesson
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspecting import NO, PIN
from tests.support.pads import Browser, wired_to


@pytest.fixture
def tina(world):
    return _trainer(world, "tina")


def _trainer(world, name):
    with world.seeded.transaction() as session:
        make_user(session, name, Role.TRAINER)
        return identity(session, name)


@pytest.fixture
def made(world, tina):
    """A set of two cases: the first lost the greeting at a pinned turn, the second all of it."""
    ids = [world.scored(evidence=[PIN], HELLO=NO), world.scored(HELLO=NO, NAME=NO)]
    set_id = world.do(sets.make_set, tina, title=" Greeting ", purpose="Say hello.")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=ids)
    return set_id, ids


def shown(world, who, set_id, number=None):
    return world.one(lambda session: case_set(session, who, set_id, number))


def cases_of(view):
    return [member.inspection_id for member in view.members]


def test_a_set_holds_cases_in_order_each_once(world, tina, made):
    set_id, ids = made
    again = world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[1], ids[1]])
    view = shown(world, tina, set_id)
    assert (again, cases_of(view), view.title) == (0, ids, "Greeting")
    assert [member.marked for member in view.members] == [({"turn": 2, "start": 0, "end": 3},), ()]
    [row] = world.one(lambda session: case_sets(session, tina))
    assert (row.title, row.cases, row.number, row.issued, row.own) == ("Greeting", 2, 1, None, True)


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


def test_a_lesson_is_kept_and_a_stale_one_refused(world, tina, made):
    set_id, _ = made
    view = shown(world, tina, set_id)
    member = view.members[0].member_id
    lesson = Lesson("Watch the tone.", "What is missing?", "The greeting.", (2, 1))
    world.do(lessons.save_lesson, tina, member_id=member, edit=view.edit, lesson=lesson)
    kept = shown(world, tina, set_id).members[0]
    assert (kept.note, kept.question, kept.answer) == (
        "Watch the tone.",
        "What is missing?",
        "The greeting.",
    )
    assert kept.marked == ({"turn": 1}, {"turn": 2, "start": 0, "end": 3})
    with pytest.raises(StaleEdit):
        world.do(lessons.save_lesson, tina, member_id=member, edit=view.edit, lesson=Lesson())


def test_an_issued_version_stays_while_its_draft_moves_on(world, tina, made):
    set_id, ids = made
    assert world.do(sets.issue, tina, set_id=set_id) == 1
    with pytest.raises(InvalidInput):
        world.do(sets.issue, tina, set_id=set_id)
    issued = shown(world, tina, set_id)
    lesson = Lesson(note="New.")
    member = issued.members[1].member_id
    world.do(lessons.save_lesson, tina, member_id=member, edit=issued.edit, lesson=lesson)
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
    tom = _trainer(world, "tom")
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
        world.do(leaving.mark, who, inspection_id=made[1][0], kind="use")


def test_a_case_marked_never_leaves_every_set_and_cannot_come_back(world, tina, made):
    set_id, ids = made
    world.do(sets.issue, tina, set_id=set_id)
    with pytest.raises(InvalidInput):
        world.do(leaving.mark, tina, inspection_id=ids[0], kind="never")
    world.do(leaving.mark, tina, inspection_id=ids[0], kind="never", reason="Too personal.")
    view = shown(world, tina, set_id)
    assert [(each.inspection_id, each.left_reason) for each in view.members] == [
        (None, "never"),
        (ids[1], ""),
    ]
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[0]])
    assert world.one(lambda session: mark_of(session, tina, ids[0])) == ("never", "Too personal.")
    world.do(leaving.mark, tina, inspection_id=ids[0], kind=None)
    assert world.one(lambda session: mark_of(session, tina, ids[0])) is None
    assert world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[ids[0]]) == 1


def test_a_case_past_retention_leaves_with_all_that_was_written_about_it(world, tina, made):
    set_id, ids = made
    view = shown(world, tina, set_id)
    lesson = Lesson("Mr. Li said …", "Why?", "Because.", (1,))
    member = view.members[0].member_id
    world.do(lessons.save_lesson, tina, member_id=member, edit=view.edit, lesson=lesson)
    call = world.inspection(ids[0]).interaction_id
    with world.seeded.transaction() as session:
        assert leaving.leave_sets(session, [call], reason=leaving.RETENTION, now=NOW) == 1
        assert leaving.leave_sets(session, [call], reason=leaving.RETENTION, now=NOW) == 0
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
    set_id, ids = made
    view = shown(world, tina, set_id)
    member = view.members[0].member_id
    lesson = Lesson("Charlie rushed.", "Why did Charlie rush?", "Charlie was late.")
    world.do(lessons.save_lesson, tina, member_id=member, edit=view.edit, lesson=lesson)
    with world.seeded.transaction() as session:
        call = session.get_one(Interaction, world.inspection(ids[0]).interaction_id)
        scrubbing.scrub_encounter(session, call, {"Charlie"}, whole=False)
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


def test_a_set_has_a_limit(world, tina, made, monkeypatch):
    monkeypatch.setattr(lessons, "MOST_CASES", 2)
    with pytest.raises(InvalidInput):
        world.do(lessons.add_cases, tina, set_id=made[0], inspection_ids=[world.scored()])


# --- on paper and on the wall -------------------------------------------------------------------


@pytest.fixture
def version(world, tina, made, tmp_path, monkeypatch):
    view = shown(world, tina, made[0])
    lesson = Lesson("Watch <b>the</b> tone.", "What is missing?", "The greeting.", (2,))
    member = view.members[0].member_id
    world.do(lessons.save_lesson, tina, member_id=member, edit=view.edit, lesson=lesson)
    with wired_to(world.seeded.engine, tmp_path, monkeypatch):
        yield view.version_id


def text_of(page):
    clean = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", clean)


def test_the_handout_for_the_class_gives_nothing_away(world, version):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/handout")
    text = text_of(page)
    assert page.status_code == 200
    assert "What is missing?" in text
    assert "<mark>您好，</mark>" in page.text
    for hidden in ("The greeting.", "Watch", "80.0", "HELLO", "staff A", "Alice", "Charlie"):
        assert hidden not in text, hidden


def test_the_handout_with_answers_quotes_the_evidence(world, version):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/handout?answers=1&download=1")
    text = text_of(page)
    assert "The greeting." in text
    assert "Case 1 · Score 80.0" in text
    assert "turn 2 您好，" in text
    assert "Watch &lt;b&gt;the&lt;/b&gt; tone." in page.text
    assert page.headers["content-disposition"].startswith('attachment; filename="case-set-')


def test_a_presentation_has_a_slide_for_each_case_and_is_logged(world, version, made):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/present")
    assert page.text.count('class="slide') == 3
    assert "built-in method" not in page.text
    assert "Space shows the answer" in page.text
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style-src")[0]
    seen = world.all(AuditEvent.action, AuditEvent.object_type, AuditEvent.object_id)
    assert ("present", "case_set", str(made[0])) in seen
    assert {("print", "inspection", str(each)) for each in made[1]} <= set(seen)


def test_a_set_of_others_is_not_handed_out(world, version):
    _trainer(world, "tom")
    assert Browser(world, "tom").http.get(f"/case-set/{version}/handout").status_code == 404
    assert Browser(world, "alice").http.get(f"/case-set/{version}/handout").status_code == 403
    assert Browser(world, "tina").http.get("/case-set/999/present").status_code == 404
