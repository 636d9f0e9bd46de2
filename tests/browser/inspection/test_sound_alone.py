"""A call of which there is the sound alone: taken in, drawn, heard and scored by its seconds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core.access import Role
from core.plan import Plan
from db.importing.recordings.sound_files import delivery
from db.importing.recordings.taking_in import TakingOrder, take_in
from db.inspection.models import Assignment
from db.inspection.services.sampling_plans import draw_plan
from db.people.models import User
from db.store import session as sessions
from db.store.files import FolderFiles
from tests.factories import identity, make_interaction, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspector import Inspector, Pad, forty

AT = datetime(2025, 11, 5, 4, tzinfo=UTC)


@pytest.fixture
def call(database, inspector):
    """The only one of its month; it names its checklist, and no words of it are known."""
    inspector.assigned(forty())  # so that the checklist is there
    with sessions.transaction(database) as session:
        named = {"source": "pbx", "external_id": "alone", "checklist": "forty"}
        return make_interaction(session, turns=(), occurred_at=AT, **named).id


@pytest.mark.usefixtures("recorded")
def test_a_call_without_words_is_drawn_and_scored_by_its_seconds(
    page, sign_in, database, portal, call, tmp_path
):
    folder = portal.log.parent
    (tmp_path / "pbx").mkdir()
    shutil.copy(folder / "recordings" / "tone.wav", tmp_path / "pbx" / "alone.wav")
    with delivery(tmp_path) as delivered:
        order = TakingOrder(delivered)
        taken = take_in(database, FolderFiles(folder), order, who=None, clock=lambda: NOW)
    assert (taken.added, taken.refused) == (1, [])

    with sessions.transaction(database) as session:
        make_user(session, "plans", Role.QUALITY_MANAGER)
        plan = {"month": 202511, "plan": Plan(double_share=0), "due_on": NOW.date(), "now": NOW}
        draw_plan(session, who=identity(session, "plans"), **plan)
        drawn = select(Assignment.id, Assignment.inspector_id).where(
            Assignment.interaction_id == call
        )
        task, drawn_for = session.execute(drawn).one()
        name = session.get_one(User, drawn_for).username
        inspector = Inspector(database, identity(session, name))

    sign_in(page, name)
    desk = Pad(page, task)
    sound = page.locator(".pad audio")
    page.wait_for_function("(node) => node.readyState > 0", arg=sound.element_handle())
    assert sound.evaluate("(node) => node.duration") == 10
    desk.press("r", "ArrowRight")
    assert desk.until(lambda: sound.evaluate("(node) => node.currentTime") == 5)
    desk.press("p", "0", *("1" * 39), "Control+Enter")
    assert desk.until(inspector.inspections)
    [inspection] = inspector.inspections()
    [pin] = inspector.evidence(inspection.id)
    assert (pin.item_key, pin.turn_position) == ("Q00", None)
    assert (pin.start_second, pin.end_second) == (0, 5)
    assert inspection.answers["Q00"] == {"value": "no"}
