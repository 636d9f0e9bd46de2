"""Station audits of the demo: each form at some stations, one of them still to be scored."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.clock.days import day_of
from db.demo.inspector_answers import Facts, answers, choices
from db.inspection.queries.observations import Usable, audit_forms
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.station_audits import StationAudit, begin_audit
from db.inspection.services.submission import submit
from db.inspection.task_kinds import TaskKey
from db.inspection.tasks import ASSIGNED
from db.people.models import Station, User, UserRole
from db.people.services.identities import identity_of

STATIONS = 3
_SEED = 20260603
_MET = 0.85
_BETWEEN = timedelta(days=9)


def load_audits(session: Session, *, now: datetime) -> None:
    """Audits of some airports by inspectors of other regions; the newest waits with its form."""
    rng = random.Random(_SEED)  # noqa: S311  a demo, not a secret
    stations = session.scalars(
        select(Station).where(Station.kind == "airport").order_by(Station.id).limit(STATIONS)
    ).all()
    at = now - _BETWEEN * len(stations)
    for station in stations:
        inspector = _inspector(session, station)
        if inspector is None:
            return
        at += _BETWEEN
        for form in audit_forms(session, inspector, station.id, day_of(at, station.timezone)):
            task = _begun(session, inspector, station, form, at)
            if station is not stations[-1]:
                _score(session, inspector, task, form, at=at, rng=rng)


def _inspector(session: Session, station: Station) -> Identity | None:
    user = session.scalars(
        select(User)
        .join(UserRole)
        .where(UserRole.role == Role.INSPECTOR, User.region != station.region)
        .order_by(User.id)
        .limit(1)
    ).one_or_none()
    return None if user is None else identity_of(session, user)


def _begun(
    session: Session, who: Identity, station: Station, form: Usable, at: datetime
) -> TaskKey:
    wanted = StationAudit(
        station_id=station.id, checklist_version_id=form.version_id, occurred_at=at
    )
    return ASSIGNED.task(begin_audit(session, who=who, wanted=wanted, now=at).id)


def _score(
    session: Session,
    who: Identity,
    task: TaskKey,
    form: Usable,
    *,
    at: datetime,
    rng: random.Random,
) -> None:
    checklist = form.checklist
    met = {item.key: rng.random() < _MET for item in checklist.items()}
    facts = Facts(met, frozenset(), choices(checklist, frozenset(met)), {}, at)
    given = answers(checklist, facts, severity=0.0, rng=rng, language="en")
    work = Work(answers=given, active_seconds=rng.uniform(900, 2400))
    saved = save_draft(session, who=who, task=task, version=0, work=work, now=at)
    submit(session, who=who, task=task, version=saved.version, now=at)
