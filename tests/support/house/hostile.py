"""A database in which everything that people typed or files brought is hostile markup."""

from __future__ import annotations

import json

from sqlalchemy import select

from core.access import Role
from core.appeals.deadlines import LONGEST_REASON, WHOLE
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal
from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.inspection.models import Inspection
from db.inspection.services.assignments import Task, assign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, Station, User
from db.people.services import people
from db.people.staff_fields import StaffData
from db.store.session import transaction
from tests import factories
from tests.factories import identity, make_user, make_version
from tests.support.clock import NOW
from tests.support.house import markup
from tests.support.importing.files import KEYS, call, jsonl
from tests.support.inspection.inspecting import NO, SMALL, answers

TEXTS = markup.texts()
SHORT = markup.fields(60)


def fill(engine, folder):
    """People, stations, encounters, inspections and appeals, every text of theirs hostile."""
    factories.seed(engine)
    with transaction(engine) as session:
        admin = identity(session, "administrator")
        _places(session, admin)
        make_version(session, _hostile_checklist())
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "audrey", Role.AUDITOR)
        for number, text in enumerate(SHORT):
            make_user(session, f"{number} {text}"[:64], Role.INSPECTOR, name=text)
    _import(engine, folder)
    with transaction(engine) as session:
        _inspect(session)
    with transaction(engine) as session:
        _contest(session)


def _places(session, admin):
    """Stations and staff called by hostile names; the last desk is where all of it happens."""
    for number, text in enumerate(SHORT):
        station = people.StationData(
            f"{number}{text}"[:64], text, text, text, "phone_desk", text, None, "Asia/Taipei"
        )
        desk = people.save_station(session, who=admin, station_id=None, data=station, now=NOW)
        staff = StaffData(f"{number}{text}"[:64], text, desk, uniform_variant=text)
        people.save_staff(session, who=admin, staff_id=None, data=staff, now=NOW)
    session.get_one(Station, desk).code = "D1"
    worker = session.scalars(select(Staff).where(Staff.station_id == desk)).one()
    worker.staff_no = "S1"
    session.get_one(User, identity(session, "charlie").user_id).staff_id = worker.id


def _identifier(text):
    """A formula is refused as one; behind an apostrophe it is not."""
    return f"'{text}" if text.startswith("=") else text


def _import(engine, folder):
    """One encounter that says all of them, and one for each that bears it as its number."""
    turns = [{"speaker": "customer", "text": text} for text in TEXTS]
    rows = [call(0, turns=turns, customer_ref=TEXTS[0], attributes={text: text for text in TEXTS})]
    rows += [
        call(
            number,
            external_id=_identifier(text),
            customer_ref=_identifier(text),
            turns=[{"speaker": "agent", "text": text}],
        )
        for number, text in enumerate(SHORT[:60], start=1)
    ]
    path = folder / "calls.jsonl"
    path.write_bytes(jsonl(*rows))
    order = Order("interactions", path)
    result = run_import(engine, KEYS, order, who=None, clock=lambda: NOW)
    assert result.counts.added == len(rows), result


def _hostile_checklist():
    """As SMALL, every text of it hostile."""
    data = json.loads(json.dumps(SMALL)) | {"title": {"en": TEXTS[0]}, "unit": {"en": TEXTS[1]}}
    texts = iter(TEXTS)
    for section in data["sections"]:
        section["title"] = {"en": next(texts)}
        for item in section["items"]:
            item |= {
                name: {"en": next(texts)} for name in ("term", "text", "guidance", "good_example")
            }
    return data


def _inspect(session):
    alice, bob = identity(session, "alice"), identity(session, "bob")
    version = factories.version_of(session, "small")
    for number, interaction in enumerate(session.scalars(select(Interaction))):
        task = Task(alice.user_id, version, NOW.date())
        given = assign(session, who=bob, interaction_id=interaction.id, task=task, now=NOW)
        session.flush()
        text = TEXTS[number]
        lost = NO | {"note": text}
        work = Work(
            answers(HELLO=lost),
            [{"item_key": "HELLO", "turn_position": 1, "note": text}],
            note="\n".join(TEXTS),
        )
        save_draft(session, who=alice, task=ASSIGNED.task(given.id), version=0, work=work, now=NOW)
        if number > 10:
            submit(session, who=alice, task=ASSIGNED.task(given.id), version=1, now=NOW)


def _contest(session):
    """One appeal that waits and one that is decided, both told in hostile words."""
    charlie, bob = identity(session, "charlie"), identity(session, "bob")
    said = {WHOLE: "\n".join(SHORT)[:LONGEST_REASON]}
    mine = select(Inspection).filter_by(staff_id=charlie.staff_id).order_by(Inspection.id)
    for row in session.scalars(mine.limit(2)).all():
        appeal = raise_appeal(session, who=charlie, inspection_id=row.id, reasons=said, now=NOW)
    given = {"appeal_id": appeal, "answers": row.answers, "decisions": said}
    decide_appeal(session, who=bob, now=NOW, **given)
