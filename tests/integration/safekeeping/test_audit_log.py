"""Reading the audit log, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import NotAllowed
from db.safekeeping.queries.audit_log import AuditFilter, all_events, events, people
from db.store import audit
from tests.factories import identity, make_user
from tests.support.clock import NOW

pytestmark = pytest.mark.both


@pytest.fixture
def otto(seeded):
    """An auditor, before whom alice and bob did seven things, two of them at the same moment."""
    with seeded.transaction() as session:
        make_user(session, "otto", Role.AUDITOR)
        for step, (who, action, subject) in enumerate(
            [
                (seeded.alice, "submit", ("inspection", 1)),
                (seeded.bob, "view", ("inspection", 1)),
                (seeded.bob, "view", ("inspection", 2)),
                (seeded.bob, "amend", ("inspection", 1)),
                (None, "sign_in_refused", ("user", 0)),
                (seeded.bob, "save", ("user", 1)),
            ]
        ):
            at = NOW + timedelta(hours=step)
            audit.record(session, who, action, subject, now=at, reason="why", fields=["name"])
        audit.record(session, seeded.alice, "view", ("inspection", 3), now=at)
        return identity(session, "otto")


def read(seeded, who, after=None, limit=50, **wanted):
    with seeded.reading() as session:
        return events(session, who, AuditFilter(**wanted), after=after, limit=limit)


def test_the_newest_entry_comes_first_with_person_and_reason(seeded, otto):
    found = read(seeded, otto)
    assert [event.action for event in found] == [
        "view",
        "save",
        "sign_in_refused",
        "amend",
        "view",
        "view",
        "submit",
    ]
    assert (found[1].who, found[1].reason, found[1].details) == (
        "Bob (bob)",
        "why",
        {"fields": ["name"]},
    )
    assert found[2].who == ""


def test_filters_narrow_and_combine(seeded, otto):
    bob = seeded.bob.user_id
    for wanted, count in (
        ({"user_id": bob}, 4),
        ({"action": "view"}, 3),
        ({"user_id": bob, "action": "view"}, 2),
        ({"object_type": "inspection"}, 5),
        ({"object_type": "inspection", "object_id": "1"}, 3),
        ({"since": NOW + timedelta(hours=4)}, 3),
        ({"until": NOW + timedelta(hours=1)}, 1),
        ({"since": NOW + timedelta(hours=1), "until": NOW + timedelta(hours=3)}, 2),
        ({"action": "void"}, 0),
    ):
        assert len(read(seeded, otto, **wanted)) == count, wanted


def test_pages_follow_each_other_without_gap_or_repeat(seeded, otto):
    seen, after = [], None
    while page := read(seeded, otto, after=after, limit=1):
        seen += [event.id for event in page]
        after = page[-1].position
    assert seen == [event.id for event in read(seeded, otto)]


def test_all_entries_are_read_in_pieces(seeded, otto, monkeypatch):
    monkeypatch.setattr("db.safekeeping.queries.audit_log._CHUNK", 2)
    with seeded.reading() as session:
        found = list(all_events(session, otto, AuditFilter(object_type="inspection")))
    assert [event.id for event in found] == [
        event.id for event in read(seeded, otto, object_type="inspection")
    ]


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_the_log_is_for_auditors_and_administrators(seeded, otto, name):
    who = getattr(seeded, name)
    with pytest.raises(NotAllowed):
        read(seeded, who)
    with seeded.reading() as session, pytest.raises(NotAllowed):
        people(session, who)
    assert read(seeded, seeded.administrator)
