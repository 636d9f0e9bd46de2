"""The information sheet: issued in versions, read by scored people, asked about again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput, NotAllowed, StaleEdit
from core.safekeeping.information import LONGEST_PART, InformationPart
from db.safekeeping.models import SheetReading
from db.safekeeping.queries.information import is_unread, sheet, sheet_readers, sheet_to_change
from db.safekeeping.services.information import issue_sheet, note_read
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both
WORDS = {
    InformationPart.CONTACT: {"en": " Ask Ms Fang, room 12. ", "zh_TW": "請洽方小姐。", "zh_CN": ""}
}
STORED = {InformationPart.CONTACT: {"en": "Ask Ms Fang, room 12.", "zh_TW": "請洽方小姐。"}}


@pytest.fixture
def ada(world):
    with world.seeded.transaction() as session:
        make_user(session, "ada", Role.ADMINISTRATOR)
        return identity(session, "ada")


def issue(world, who, texts=WORDS, *, seen=0, asks_again=True):
    return world.do(issue_sheet, who, seen=seen, texts=texts, asks_again=asks_again)


def asked(world):
    return world.one(lambda session: is_unread(session, world.charlie))


def test_parts_that_nobody_worded_are_left_to_the_portal(world, ada):
    assert world.one(lambda session: sheet(session, world.charlie)).number == 0
    assert issue(world, ada) == 1
    newest = world.one(lambda session: sheet(session, world.charlie))
    assert (newest.number, newest.texts, newest.issued_at) == (1, STORED, NOW)
    assert world.one(lambda session: sheet_to_change(session, ada)).issued_by == "Ada"
    assert ("issue", "1") in world.noted()


def test_who_has_read_it_is_asked_again_only_where_the_new_one_says_so(world, ada):
    assert asked(world)
    for _ in range(2):
        world.do(note_read, world.charlie, number=0)
    assert not asked(world)
    issue(world, ada, asks_again=False)
    assert not asked(world)
    issue(world, ada, {}, seen=1)
    assert asked(world)
    assert world.one(lambda session: sheet_readers(session, ada)) == (0, 1)
    world.do(note_read, world.charlie, number=2)
    assert not asked(world)
    assert world.one(lambda session: sheet_readers(session, ada)) == (1, 1)
    assert world.all(SheetReading.number) == [(0,), (2,)]


def test_of_two_issued_at_once_one_is_in_force_and_the_other_is_told(world, ada):
    def take(text):
        try:
            return issue(world, ada, {InformationPart.CONTACT: {"en": text}})
        except StaleEdit:
            return "stale"

    assert sorted(map(str, at_once(lambda: take("one"), lambda: take("two")))) == ["1", "stale"]
    with pytest.raises(StaleEdit):
        issue(world, ada, seen=0)


def test_what_changes_nothing_or_is_too_long_is_refused(world, ada):
    with pytest.raises(InvalidInput, match="Nothing was changed"):
        issue(world, ada, {})
    long = {InformationPart.SCORE: {"en": "x" * (LONGEST_PART + 1)}}
    with pytest.raises(InvalidInput, match="At most 4000"):
        issue(world, ada, long)
    with pytest.raises(InvalidInput, match="language"):
        issue(world, ada, {InformationPart.SCORE: {"xx": "x"}})
    with pytest.raises(InvalidInput, match="no such sheet"):
        world.do(note_read, world.charlie, number=1)


def test_it_is_issued_by_who_keeps_the_data_and_read_by_who_is_scored(world, ada):
    for who in (world.alice, world.bob, world.charlie):
        with pytest.raises(NotAllowed):
            issue(world, who)
    for who in (world.alice, world.bob):
        with pytest.raises(NotAllowed):
            world.one(lambda session, who=who: sheet(session, who))
    for who in (world.alice, ada):
        with pytest.raises(NotAllowed):
            world.do(note_read, who, number=0)
    with pytest.raises(NotAllowed):
        world.one(lambda session: sheet_readers(session, world.charlie))
    assert world.one(lambda session: session.scalars(select(SheetReading.number)).all()) == []
