"""Appeals as tests of the pages raise, decide and read them: now, not at the tests' own time."""

from __future__ import annotations

from datetime import timedelta

from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal
from db.inspection.models import Inspection
from pages.ui.kit import wiring
from tests.support.house.app_pages import said
from tests.support.inspection.inspecting import NO, answers

OWN, QUEUE, ONE, CASE, WORK = "my_results.py", "appeals.py", "appeal.py", "case.py", "my_work.py"


def raised(world, reasons=None, *, days_ago=0, who=None, **changed):
    """An appeal, charlie's by default, so many days ago against a result of the same day."""
    inspection_id = world.scored(**(changed or {"HELLO": NO}))
    at = wiring.now() - timedelta(days=days_ago)
    with world.seeded.transaction() as session:
        session.get_one(Inspection, inspection_id).submitted_at = at
        return raise_appeal(
            session,
            who=who or world.charlie,
            inspection_id=inspection_id,
            reasons=reasons or {"HELLO": "I greeted at 0:03."},
            now=at,
        )


def fresh(world, **changed):
    """A result of just now."""
    inspection_id = world.scored(**changed)
    with world.seeded.transaction() as session:
        session.get_one(Inspection, inspection_id).submitted_at = wiring.now()
    return inspection_id


def decided(world, appeal_id, said_of, **changed):
    with world.seeded.transaction() as session:
        decide_appeal(
            session,
            who=world.bob,
            appeal_id=appeal_id,
            answers=answers(**changed),
            decisions=said_of,
            now=wiring.now(),
        )


def words(app):
    return [*said(app), *(each.value for each in app.text)]
