"""Drafts of checklists: saved, refused, discarded."""

from __future__ import annotations

from copy import deepcopy

import pytest
from sqlalchemy import select

from core.drafting import examine
from core.errors import InvalidInput, NotFound, StaleEdit
from db.checklists.models import ChecklistRecord
from db.checklists.queries import versions as reads
from db.checklists.services import drafting
from db.checklists.services.activation import NotReady
from tests.support.checklists.versions import READY, TODAY, activated, in_force, row_of, saved


def test_a_draft_may_be_faulty_and_is_stored_as_it_is(world, desk):
    broken = READY | {"sections": []}
    assert saved(world, desk, broken) == 2
    opened = world.one(lambda session: reads.opened(session, world.bob, desk, today=TODAY))
    assert (opened.checklist, opened.content["sections"], opened.row.state) == (None, [], "draft")
    problems = examine(opened.content).problems
    assert [(problem.path, problem.severity) for problem in problems] == [("sections", "error")]


def test_a_repeated_save_changes_nothing_and_the_key_stays(world, desk):
    changed = READY | {"pass_mark": 90, "key": "other"}
    assert [saved(world, desk, changed), saved(world, desk, changed)] == [2, 2]
    opened = world.one(lambda session: reads.opened(session, world.bob, desk, today=TODAY))
    assert (opened.content["key"], opened.content["pass_mark"]) == ("desk", 90)


def test_of_two_editors_the_second_is_told_and_sees_what_is_stored(world, desk):
    saved(world, desk, READY | {"pass_mark": 90})
    with pytest.raises(StaleEdit) as refused:
        world.do(
            drafting.save,
            world.seeded.administrator,
            version_id=desk,
            edit=1,
            content=READY | {"pass_mark": 70},
        )
    stored = refused.value.current
    assert (stored.content["pass_mark"], stored.edit, stored.changed_by) == (90, 2, "Bob")


def test_errors_bar_activation_and_name_their_place(world, desk):
    content = deepcopy(READY)
    del content["sections"][0]["items"][1]["text"]["zh_CN"]
    saved(world, desk, content)
    with pytest.raises(NotReady) as refused:
        activated(world, desk)
    assert [problem.path for problem in refused.value.problems] == ["sections[0].items[1].text"]
    assert in_force(world) == []


def test_only_a_draft_can_be_changed_activated_or_discarded(world, desk):
    activated(world, desk)
    for act in (
        lambda: saved(world, desk, READY, edit=2),
        lambda: activated(world, desk),
        lambda: world.do(drafting.discard, world.bob, version_id=desk),
    ):
        with pytest.raises(InvalidInput, match="Only a draft"):
            act()


def test_discarding_the_only_draft_removes_the_checklist(world, desk):
    second = world.do(drafting.derive, world.bob, version_id=desk)
    world.do(drafting.discard, world.bob, version_id=desk)
    assert row_of(world, second).number == 2
    world.do(drafting.discard, world.bob, version_id=second)
    assert "desk" not in world.one(
        lambda session: session.scalars(select(ChecklistRecord.key)).all()
    )
    with pytest.raises(NotFound):
        row_of(world, second)


def test_a_key_that_exists_gets_a_new_draft_and_a_bad_key_is_refused(world, desk):
    again = world.do(drafting.create, world.bob, content=READY)
    assert (row_of(world, again).number, row_of(world, again).key) == (2, "desk")
    for key in ("", "two words", "x" * 65, None, 7):
        with pytest.raises(InvalidInput):
            world.do(drafting.create, world.bob, content=READY | {"key": key})
