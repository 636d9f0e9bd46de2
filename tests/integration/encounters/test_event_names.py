"""Events come in under any name that somebody knows; others wait until they are explained."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed, NotFound
from db.checklists.models import ChecklistVersion
from db.checklists.services.standards import digest
from db.encounters.models import EventName, Interaction
from db.encounters.queries.event_names import event_names, own_names
from db.encounters.services.event_names import forget_name, name_event
from db.inspection.queries.desk import desk
from db.inspection.tasks import ASSIGNED
from db.migrations import migrate
from db.store.models import AuditEvent
from tests.factories import make_assignment, make_interaction
from tests.support.clock import NOW
from tests.support.importing.files import Desk, call, jsonl

AT = "2026-03-09T01:00:00+00:00"
BEFORE = "0010"
NOBODY_KNOWS = (
    "Nobody knows an event of this name. Under Clocks and calendars somebody can say what it means."
)


def event(name, at=AT, source="system"):
    return {"name": name, "at": at, "source": source}


def names_of(desk):
    [(events,)] = desk.all(Interaction.events)
    return [event["name"] for event in events]


@pytest.fixture
def importing(engine, tmp_path):
    return Desk(engine, tmp_path)


@pytest.fixture
def imported(importing):
    """A call whose second event nobody knows."""
    rows = jsonl(call(events=[event("Complaint received"), event("ticket.closed")]))
    return importing, importing.load("interactions", rows)


def test_labels_and_keys_come_in_as_keys_and_what_nobody_knows_as_it_is(imported):
    importing, result = imported
    assert names_of(importing) == ["received", "ticket.closed"]
    assert result.counts.added == 1
    assert importing.all(EventName.name, EventName.event) == [("ticket.closed", "")]


def test_the_report_counts_what_nobody_knows_and_names_it(imported):
    _, result = imported
    [note] = result.forecast.notes
    assert str(note).startswith("Events that nobody knows: 1, named ticket.closed.")


def test_the_same_file_again_changes_nothing_and_says_the_same(imported):
    importing, first = imported
    rows = jsonl(call(events=[event("Complaint received"), event("ticket.closed")]))
    again = importing.load("interactions", rows)
    assert again.counts.unchanged == 1
    assert again.forecast.notes == first.forecast.notes


def test_only_a_strict_import_refuses_the_row_with_line_and_column(importing):
    rows = jsonl(call(1), call(2, events=[event("received"), event("ticket.closed")]))
    assert importing.refusals("interactions", rows, strict=True) == [
        (
            2,
            "events[2].name",
            NOBODY_KNOWS,
        )
    ]
    assert importing.count(Interaction) == importing.count(EventName) == 0


def test_a_file_says_what_names_mean_and_refuses_events_that_do_not_exist(importing):
    rows = b"name,event\nTicket.Closed,executed\nreceived,told\nx,finished\n,told\n"
    found = importing.load("event_names", rows)
    assert [(r.line, r.column) for r in found.first_refusals] == [
        (3, "name"),
        (4, "event"),
        (5, "name"),
    ]
    assert importing.all(EventName.name, EventName.event) == [("ticket.closed", "executed")]
    assert importing.counts("event_names", rows)[:4] == (4, 0, 1, 0)
    assert importing.counts("event_names", b"name,event\nticket.closed,told\n")[3] == 1
    importing.load("interactions", jsonl(call(events=[event("ticket.closed")])))
    assert names_of(importing) == ["told"]


class TestTheList:
    def test_who_may_not_set_clocks_neither_reads_nor_writes_it(self, seeded):
        with seeded.transaction() as session:
            for who in (seeded.alice, seeded.charlie, seeded.administrator):
                with pytest.raises(NotAllowed):
                    event_names(session, who)
                with pytest.raises(NotAllowed):
                    name_event(session, who=who, name="x", event="told", now=NOW)
                with pytest.raises(NotAllowed):
                    forget_name(session, who=who, name="x", now=NOW)

    @pytest.mark.parametrize(
        ("name", "key"), [("", "told"), ("x" * 65, "told"), ("Received", "told"), ("x", "xyz")]
    )
    def test_what_is_no_name_or_no_event_is_refused(self, seeded, name, key):
        with seeded.transaction() as session, pytest.raises(InvalidInput):
            name_event(session, who=seeded.bob, name=name, event=key, now=NOW)

    def test_a_name_is_changed_logged_repeated_and_taken_away(self, seeded):
        def named(name, key):
            name_event(session, who=seeded.bob, name=name, event=key, now=NOW)

        with seeded.transaction() as session:
            named(" Ticket  Closed", "executed")
            named("ticket closed", "executed")
            named("ticket closed", "told")
            [row] = event_names(session, seeded.bob)
            assert (row.name, row.event, row.changed_by) == ("ticket closed", "told", "Bob")
            assert own_names(session) == {"ticket closed": "told"}
            forget_name(session, who=seeded.bob, name="ticket closed", now=NOW)
            with pytest.raises(NotFound):
                forget_name(session, who=seeded.bob, name="ticket closed", now=NOW)
            deeds = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert deeds[-3:] == ["name_event", "name_event", "forget_event_name"]

    def test_what_came_in_before_is_read_by_its_new_name(self, seeded):
        """Renaming what a clock calls its events changes nothing: it asks for keys."""
        with seeded.transaction() as session:
            call = make_interaction(session, events=[event("ticket.closed"), event("told")])
            task = ASSIGNED.task(make_assignment(session, interaction=call).id)

            def names():
                found = desk(session, seeded.alice, task).encounter.events
                return [event["name"] for event in found]

            assert names() == ["ticket.closed", "told"]
            name_event(session, who=seeded.bob, name="Ticket.closed", event="executed", now=NOW)
            assert names() == ["executed", "told"]
            assert call.events[0]["name"] == "ticket.closed"


def test_stored_events_and_drafts_are_brought_along(seeded):
    """The names that clocks had, in any language; what nobody knows stays."""
    old = [event("Complaint received"), event(" 告知客戶已受理 "), event("ticket.closed")]
    with seeded.transaction() as session:
        call_id = make_interaction(session, events=old).id
        item = {"key": "A", "kind": "clock", "clock": {"start": {"zh_TW": "收到客訴"}, "stop": "X"}}
        draft = ChecklistVersion(
            checklist_id=1,
            number=2,
            state="draft",
            content={"key": "own", "sections": [{"key": "s", "items": [item, None]}, "?"]},
            content_digest="",
            created_at=NOW,
        )
        session.add(draft)
        session.flush()
        draft_id = draft.id
    migrate.downgrade(seeded.engine, BEFORE)
    migrate.upgrade(seeded.engine)
    with seeded.reading() as session:
        stored = session.get_one(Interaction, call_id).events
        draft = session.get_one(ChecklistVersion, draft_id)
        clock = draft.content["sections"][0]["items"][0]["clock"]
        assert clock == {"start": {"zh_TW": "收到客訴"}, "stop": "X", "start_event": "received"}
        assert draft.content_digest == digest(draft.content)
    assert [found["name"] for found in stored] == ["received", "first_response", "ticket.closed"]
    assert [found["at"] for found in stored] == [AT, AT, AT]
