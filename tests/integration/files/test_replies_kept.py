"""Replies that were sent: kept with their step, masked, shown by sight, erased with the file."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import InvalidInput
from core.files.kinds import Kind
from core.files.replies import LONGEST_REPLY
from core.files.steps import FileEvent, Step
from db.encounters.models import Turn
from db.files.models import FileStep
from db.files.queries.one_file import file_view
from db.files.services.steps import take_step
from db.files.writing import Taken
from db.safekeeping.services.disclosure import disclose_customer
from db.safekeeping.services.erasure import erase_customer
from db.store.keys import keys_of
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.files.desk import HOUR

PHONE = "13812345678"
pytestmark = pytest.mark.both


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


@pytest.fixture
def reply(desk):
    def reply(file_id, text, step=Step.FIRST_RESPONSE):
        with desk.seeded.transaction() as session:
            taken = Taken(FileEvent(step, NOW), "told by mail", text)
            return take_step(session, who=desk.hanna, file_id=file_id, taken=taken, now=NOW)

    return reply


def replies(desk):
    with desk.seeded.reading() as session:
        return [text for text in session.scalars(select(FileStep.reply)) if text is not None]


def test_a_reply_is_kept_masked_and_told_in_the_story(desk, reply):
    file_id = desk.entered(at=NOW - HOUR)
    reply(file_id, f"Please call {PHONE}.")
    [kept] = replies(desk)
    assert kept.startswith("Please call")
    assert PHONE not in kept
    story = desk.read(file_view, desk.hanna, file_id, now=NOW).story
    assert [line.reply for line in story if line.reply] == [kept]
    outline = desk.read(file_view, desk.axel, file_id, now=NOW).story
    assert not any(line.reply for line in outline)


def test_only_a_step_that_answers_has_one_and_it_is_not_endless(desk, reply):
    file_id = desk.entered(at=NOW - HOUR)
    with pytest.raises(InvalidInput, match="answers the customer"):
        reply(file_id, "Dear customer", Step.FACTS_CONFIRMED)
    with pytest.raises(InvalidInput, match="longer"):
        reply(file_id, "x" * (LONGEST_REPLY + 1))
    assert replies(desk) == []


def test_an_empty_one_is_none(desk, reply):
    reply(desk.entered(at=NOW - HOUR), "  ")
    assert replies(desk) == []


def test_the_encounter_of_the_closed_file_tells_it(desk, reply):
    file_id = desk.entered(at=NOW - HOUR, kind=Kind.WORK_ORDER)
    reply(file_id, "We are on it.")
    for number, step in enumerate((Step.EXECUTED, Step.ACCEPTED, Step.TOLD), 1):
        desk.take(file_id, step, NOW + number * HOUR)
    desk.take(file_id, Step.SATISFACTION_ASKED, NOW + 5 * HOUR)
    with desk.seeded.reading() as session:
        turns = session.execute(select(Turn.speaker, Turn.text).order_by(Turn.position)).all()
    assert ("agent", "We are on it.") in [tuple(turn) for turn in turns]


def test_it_is_given_out_and_erased_with_the_customer(desk, reply):
    file_id = desk.entered(at=NOW - HOUR, customer="K-1")
    reply(file_id, "We are on it.")
    with desk.seeded.transaction() as session:
        who, keys = identity(session, "administrator"), keys_of(session)
        asked = {"who": who, "reference": "K-1", "reason": "letter", "now": NOW}
        assert "We are on it." in str(disclose_customer(session, keys, **asked))
        erase_customer(session, keys, **asked)
    assert replies(desk) == []
