"""The table of which checklist is for what, and what arrives at which."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.checklist.choice import SHIPPED, ChoiceRow
from core.errors import InvalidInput, NotAllowed
from core.plan import Plan
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.queries.choice import checklists_in_force, choice_table, standing_rows
from db.checklists.services.choice import save_choice
from db.encounters.models import Interaction
from db.inspection.models import Assignment
from db.inspection.services.sampling_plans import draw_plan
from db.store.models import AuditEvent
from tests.support.clock import NOW
from tests.support.importing.files import Desk, call, jsonl

AGENCY_PHONE = ChoiceRow("phone", "", "agency", "agency_journey")


@pytest.mark.both
def test_a_saved_table_stands_and_says_who_changed_what(world):
    rows = (*SHIPPED[1:], AGENCY_PHONE)
    world.do(save_choice, world.bob, rows=rows, number=0)
    world.do(save_choice, world.bob, rows=rows, number=1)  # the same again: nothing
    with world.seeded.reading() as session:
        table = choice_table(session, world.bob)
        entry = session.scalars(select(AuditEvent).filter_by(action="save_choice")).one()
        assert standing_rows(session) == rows
    assert (table.number, table.rows) == (1, rows)
    [edition] = table.editions
    assert (edition.saved_by, edition.added, edition.removed) == (
        "Bob",
        (AGENCY_PHONE,),
        SHIPPED[:1],
    )
    assert entry.details == {"added": [list(AGENCY_PHONE)], "removed": [list(SHIPPED[0])]}


@pytest.mark.both
def test_who_looked_at_an_older_table_saves_nothing(world):
    world.do(save_choice, world.bob, rows=SHIPPED[1:], number=0)
    with pytest.raises(InvalidInput, match="Somebody else changed"):
        world.do(save_choice, world.bob, rows=SHIPPED[2:], number=0)
    with world.seeded.reading() as session:
        assert standing_rows(session) == SHIPPED[1:]


def test_only_who_edits_checklists_sees_and_saves_it(world):
    with pytest.raises(NotAllowed):
        world.do(save_choice, world.alice, rows=SHIPPED[1:], number=0)
    with world.seeded.reading() as session:
        for read in (choice_table, lambda *args: checklists_in_force(*args, NOW.date())):
            with pytest.raises(NotAllowed):
                read(session, world.alice)
        in_force = checklists_in_force(session, world.bob, NOW.date())
    assert {row.checklist for row in SHIPPED} == set(in_force) - {"small"}


def test_four_imports_arrive_at_their_checklists(seeded, tmp_path):
    """A bot's chat, an order's refund, a customer's profile, an audit that names its form."""
    rows = [
        call(1, channel="bot", staff_no=None),
        call(2, channel="record", case_kind="order"),
        call(3, channel="record", case_kind="customer_profile"),
        call(4, channel="site", case_kind="station_audit", staff_no=None, turns=[])
        | {"checklist": "station_audit_management"},
    ]
    desk = Desk(seeded.engine, tmp_path)
    assert desk.counts("interactions", jsonl(*rows)) == (4, 4, 0, 0, 0)
    with seeded.transaction() as session:
        draw_plan(session, who=seeded.bob, month=202603, plan=Plan(), due_on=NOW.date(), now=NOW)
        arrived = session.execute(
            select(Interaction.external_id, ChecklistRecord.key)
            .join(Assignment, Assignment.interaction_id == Interaction.id)
            .join(ChecklistVersion, ChecklistVersion.id == Assignment.checklist_version_id)
            .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        ).all()
    assert dict(map(tuple, arrived)) == {
        "call-1": "chat",
        "call-2": "order",
        "call-3": "customer_profile",
        "call-4": "station_audit_management",
    }


def test_an_unknown_checklist_is_refused(seeded, tmp_path):
    desk = Desk(seeded.engine, tmp_path)
    refused = desk.refusals("interactions", jsonl(call(1, checklist="none of ours")))
    assert refused == [(1, "checklist", "There is no checklist of this key.")]
