"""The demo as it is loaded: every checklist, channel and situation in it, bots with evidence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core.checklist.choice import SHIPPED, EncounterKind, fitting
from core.checklist.model import BOT, CHANNELS
from core.inspection.states import AssignmentState
from core.safekeeping.masking import mask
from core.settings import Settings
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.services.standards import sync_standards
from db.demo.content_reading import load_content
from db.demo.load import Size, load
from db.demo.world import is_rare
from db.encounters.models import Interaction, Turn
from db.inspection.models import Assignment, Evidence, Inspection
from db.migrations import migrate
from db.store.session import reading, transaction

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
FEW = Size(inspections=60, open=12, files=6, rare=28)


@pytest.fixture(scope="module")
def loaded(sqlite_databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")

    def fill(engine):
        migrate.upgrade(engine)
        with transaction(engine) as session:
            sync_standards(session, now=NOW)
        settings = Settings.parse({"DATABASE_URL": str(engine.url), "VAR_DIR": str(folder)})
        load(engine, settings, now=NOW, size=FEW)

    with sqlite_databases.like("few of the demo", fill) as engine:
        yield engine


def rows(engine, query):
    with reading(engine) as session:
        return session.execute(query).all()


def test_every_checklist_in_force_was_scored(loaded):
    used = select(ChecklistRecord.key, Assignment.state).select_from(Assignment)
    used = used.join(ChecklistVersion, ChecklistVersion.id == Assignment.checklist_version_id)
    used = used.join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
    in_force = {key for (key,) in rows(loaded, select(ChecklistRecord.key))}
    scored = {key for key, state in rows(loaded, used) if state == AssignmentState.SUBMITTED}
    assert in_force == scored
    assert len(in_force) == 12


def test_every_channel_and_every_rare_scenario_appears(loaded):
    channels = {channel for (channel,) in rows(loaded, select(Interaction.channel))}
    assert channels == set(CHANNELS)
    kinds = {
        (row.channel, row.case_kind, row.language.replace("-", "_"), row.business_line)
        for row in rows(
            loaded,
            select(
                Interaction.channel,
                Interaction.case_kind,
                Interaction.language,
                Interaction.business_line,
            ),
        )
    }
    rare = [one for one in load_content().scenarios if is_rare(one)]
    assert len(rare) == 7
    written = {(one.channel, one.case_kind, one.language, one.business_line) for one in rare}
    assert written <= kinds


def test_what_a_bot_did_is_scored_without_anybody_s_name_and_waits_in_queues(loaded):
    bots = rows(
        loaded,
        select(Interaction.staff_id, Inspection.id, Inspection.score)
        .outerjoin(Inspection, Inspection.interaction_id == Interaction.id)
        .where(Interaction.channel == BOT),
    )
    assert {row.staff_id for row in bots} == {None}
    scored = [row for row in bots if row.id is not None]
    assert len(scored) >= 6
    assert len(bots) > len(scored)
    assert all(row.score is not None for row in scored)


def test_evidence_of_what_a_bot_lost_is_a_line_of_its_own(loaded):
    pinned = rows(
        loaded,
        select(Evidence.item_key, Turn.speaker, Turn.text, Interaction.language)
        .join(Inspection, Inspection.id == Evidence.inspection_id)
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(
            Turn,
            (Turn.interaction_id == Interaction.id) & (Turn.position == Evidence.turn_position),
        )
        .where(Interaction.channel == BOT),
    )
    assert pinned
    assert {row.speaker for row in pinned} == {BOT}


def test_the_table_of_choice_leads_each_rare_encounter_to_the_checklist_it_was_scored_with(loaded):
    scored = rows(
        loaded,
        select(
            Interaction.channel,
            Interaction.case_kind,
            Interaction.business_line,
            ChecklistRecord.key,
        )
        .join(Inspection, Inspection.interaction_id == Interaction.id)
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        .where(Interaction.source == "demo"),
    )
    for channel, case_kind, line, key in scored:
        assert fitting(EncounterKind(channel, case_kind, line), SHIPPED)[0] == key


def test_no_transcript_of_the_demo_holds_personal_data_in_clear(loaded):
    texts = [text for (text,) in rows(loaded, select(Turn.text))]
    assert len(texts) > 500
    clear = [(text, span.clear) for text in texts for span in mask(text).spans]
    assert clear == []
