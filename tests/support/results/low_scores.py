"""Two desks, and calls at one of them that lost etiquette, with markup where people write."""

from __future__ import annotations

from core.access import Role
from db.checklists.parsed_versions import checklist_of
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.store import session as sessions
from tests import factories
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_staff,
    make_station,
    make_user,
    version_of,
)
from tests.support.checklists.best_answers import best_answers
from tests.support.clock import NOW

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>**x** [y](javascript:alert(3))"
RUDE = "您到底想怎樣，快一點。"
CALL = (
    ("customer", "你好，我想改機票。"),
    ("agent", RUDE),
    ("customer", f"我的電話是██████████。{MARKUP}"),
    ("agent", "改好了，再見。"),
)
PINS = [
    {"item_key": "ATD-02", "turn_position": 2, "start_offset": 7, "end_offset": 10},
    {"item_key": "ATD-01", "turn_position": 4, "note": MARKUP},
]
LEVEL, WORST = {"value": "2"}, {"value": "0"}


def make_low_scores(engine):
    """At KHH two of three calls lost etiquette, one of them badly."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        desk = make_station(session, code="KHH", name_en="Kaohsiung desk")
        here = make_staff(session, station=desk, name="Kim")
        there = session.get_one(Staff, identity(session, "charlie").staff_id)
        make_user(session, "tina", Role.TRAINER, language=None)
        make_user(session, "quinn", Role.QUALITY_MANAGER, language=None)
        make_user(session, "kim", Role.STAFF, staff_id=here.id, language=None)
        make_user(session, "irma", Role.INSPECTOR, language=None)
        _scored(session, here, "K-1", {"ATD-02": WORST, "ATD-01": WORST, "LNG-03": WORST}, PINS)
        _scored(session, here, "K-2", {"ATD-02": LEVEL}, [])
        _scored(session, here, "K-3", {}, [])
        _scored(session, there, "T-1", {"ATD-02": LEVEL}, [])


def _scored(session, staff, case_no, lost, pins):
    who = identity(session, "alice")
    call = make_interaction(session, staff=staff, external_id=case_no, turns=CALL)
    task = make_assignment(session, interaction=call, inspector=who).id
    given = best_answers(checklist_of(session, version_of(session, "phone")), **lost)
    work = Work(given, pins, note=MARKUP)
    save_draft(session, who=who, task=ASSIGNED.task(task), version=0, work=work, now=NOW)
    submit(session, who=who, task=ASSIGNED.task(task), version=1, now=NOW)
