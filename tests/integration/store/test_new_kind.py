"""A kind of record is one table of states and one model: nothing else has to hear of it.

The kind is a flag (tests/support/store/flags.py): raised, taken, lowered, with words that people
write on it, an account whose flag it is, and a day by which it is to be lowered.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from core.safekeeping.retention import MONTHS, RetainedKind
from db.encounters.models import Interaction
from db.people.models import Staff
from db.safekeeping.models import RetentionRule
from db.safekeeping.remasking import remask
from db.safekeeping.retention import retain
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import erase_customer, erase_staff
from db.store import queries
from db.store.base import models
from db.store.models import AuditEvent, Event
from db.store.moving import move
from db.store.notices import mark_read
from db.store.queries import DueRecord, kinds_of_records
from tests.support.clock import NOW
from tests.support.safekeeping.nora import NAME, PHONE, REFERENCE, STAFF_NAME, STAFF_NO
from tests.support.store.flags import FLAG, Flag, flag_table

TODAY = NOW.date()


@pytest.fixture
def flag_model(nora):
    with flag_table(nora.engine) as model:
        yield model


@pytest.fixture
def flagged(nora, flag_model):
    """Nora's portal with charlie's flag, on which her name and phone number were written."""
    said = f"{STAFF_NAME} and {NAME} at {PHONE}"
    values = {"user_id": nora.world.charlie.user_id, "due_on": TODAY, "words": said}
    with nora.world.seeded.transaction() as session:
        session.add(flag_model(id=1, marks=[{"note": said, "at": PHONE}], **values))
    return nora


def written(nora, model):
    with nora.world.seeded.reading() as session:
        return session.execute(select(model.words, model.marks)).one()


def by(nora, model, name, **more):
    with nora.world.seeded.transaction() as session:
        flag = session.get_one(model, 1)
        move(session, flag, FLAG.by(name), who=nora.bob, now=NOW, **more)


def ask(nora, query, who, **asked):
    with nora.world.seeded.reading() as session:
        return query(session, who, **asked)


def inactive(nora):
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).active = False


def test_it_is_moved_and_logged_and_published(flagged, flag_model):
    by(flagged, flag_model, "take_flag")
    by(flagged, flag_model, "lower_flag", reason="The queue is gone.")
    with flagged.world.seeded.reading() as session:
        assert session.get_one(flag_model, 1).state is Flag.LOWERED
        log = select(AuditEvent.action, AuditEvent.reason).filter_by(object_type="flag")
        entries = session.execute(log.order_by(AuditEvent.id)).all()
        events = session.execute(select(Event.deed, Event.ids).filter_by(kind="flag")).all()
    assert entries == [("take_flag", ""), ("lower_flag", "The queue is gone.")]
    assert events == [("take_flag", [1]), ("lower_flag", [1])]


def test_its_words_are_masked_when_stored(flagged, flag_model):
    masked = f"{STAFF_NAME} and {NAME} at {'█' * len(PHONE)}"
    assert written(flagged, flag_model) == (masked, [{"note": masked, "at": PHONE}])


def test_new_rules_mask_it_again(flagged, flag_model):
    with flagged.engine.begin() as connection:  # below the types, as an older version stored it
        connection.execute(text("UPDATE flag SET words = :words"), {"words": f"call {PHONE}"})
    remask(flagged.engine, flagged.keys, lambda _read, _total: None)
    assert written(flagged, flag_model).words == f"call {'█' * len(PHONE)}"


@pytest.mark.parametrize("kind", ["customer", "staff"])
def test_it_is_erased(flagged, flag_model, kind):
    inactive(flagged)
    if kind == "customer":
        flagged.erase(erase_customer, reference=REFERENCE)
    else:
        flagged.erase(erase_staff, staff_no=STAFF_NO)
    gone = NAME if kind == "customer" else STAFF_NAME
    assert gone not in str(written(flagged, flag_model))
    assert gone not in flagged.everything()


def test_it_is_erased_when_the_time_of_a_person_who_left_is_over(flagged, flag_model):
    inactive(flagged)
    long_ago = NOW - timedelta(days=31 * (MONTHS[RetainedKind.FORMER_STAFF] + 1))
    with flagged.world.seeded.transaction() as session:
        session.execute(update(Interaction).values(occurred_at=long_ago))
        session.add(RetentionRule(kind=RetainedKind.LOG, months=None))
    removed = retain(flagged.engine, flagged.settings, now=NOW)
    assert removed[RetainedKind.FORMER_STAFF] == 1
    assert STAFF_NAME not in str(written(flagged, flag_model))


@pytest.mark.parametrize("kind", ["customer", "staff"])
def test_it_is_given_out(flagged, flag_model, kind):
    asked = {"who": flagged.admin, "reason": "letter", "now": NOW}
    with flagged.world.seeded.transaction() as session:
        if kind == "staff":
            given = disclose_staff(session, staff_no=STAFF_NO, **asked)
        else:
            given = disclose_customer(session, flagged.keys, reference=REFERENCE, **asked)
    places = [row["column"] for row in given["texts"] if row["table"] == "flag"]
    assert sorted(places) == ["marks", "words"]


def test_it_waits_and_is_listed_as_due(flagged, flag_model):
    """Bob may take and lower it; alice inspects, and charlie, whose flag it is, may do nothing."""
    bob, tomorrow = flagged.bob, TODAY + timedelta(days=1)
    with flagged.world.seeded.transaction() as session:
        session.add_all([flag_model(id=2, due_on=tomorrow), flag_model(id=3)])
    assert ask(flagged, queries.waiting, bob, kinds=["flag"]) == {"flag": 3}
    first, second = (DueRecord("flag", 1, TODAY), DueRecord("flag", 2, tomorrow))
    [appeal] = ask(flagged, queries.due, bob, until=TODAY + timedelta(days=90))[2:]
    assert ask(flagged, queries.due, bob, until=tomorrow) == (first, second)
    assert (appeal.kind, appeal.record_id) == ("appeal", flagged.appeal)
    for who in (flagged.world.alice, flagged.world.charlie):
        assert ask(flagged, queries.waiting, who, kinds=["flag"]) == {}
        assert ask(flagged, queries.due, who, until=tomorrow) == ()
    by(flagged, flag_model, "take_flag")
    by(flagged, flag_model, "lower_flag", reason="gone")
    assert ask(flagged, queries.waiting, bob, kinds=["flag"]) == {"flag": 2}
    assert ask(flagged, queries.due, bob, until=tomorrow) == (second,)


def test_its_owner_is_told_until_the_owner_has_read_it(flagged, flag_model):
    charlie = flagged.world.charlie
    by(flagged, flag_model, "take_flag")
    assert ask(flagged, queries.unread, charlie, kinds=["flag"]) == {}
    by(flagged, flag_model, "lower_flag", reason="gone")
    assert ask(flagged, queries.unread, charlie, kinds=["flag"]) == {"flag": 1}
    assert ask(flagged, queries.unread, flagged.bob, kinds=["flag"]) == {}
    with flagged.world.seeded.transaction() as session:
        read = [mark_read(session, "flag", 1, who=charlie, now=NOW) for _ in range(2)]
    assert read == [True, False]
    assert ask(flagged, queries.unread, charlie, kinds=["flag"]) == {}


def test_nobody_is_told_of_an_own_deed(flagged, flag_model):
    with flagged.world.seeded.transaction() as session:
        session.execute(update(flag_model).values(user_id=flagged.bob.user_id))
    by(flagged, flag_model, "take_flag")
    by(flagged, flag_model, "lower_flag", reason="gone")
    assert ask(flagged, queries.unread, flagged.bob, kinds=["flag"]) == {}


def test_afterwards_nothing_is_left_of_it(nora):
    before = len(models())
    with flag_table(nora.engine):
        assert kinds_of_records()["flag"][0] is FLAG
        assert len(models()) == before + 1
    assert "flag" not in kinds_of_records()
    assert len(models()) == before
