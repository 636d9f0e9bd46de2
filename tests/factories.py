"""The smallest valid rows, with keyword overrides, and the fixed cast of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.checklist import parse_checklist, to_data
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.services.standards import digest, sync_standards
from db.encounters.models import Interaction, Turn
from db.inspection.models import Assignment
from db.migrations import migrate
from db.people.models import Staff, Station, User, UserRole
from db.people.services.identities import identity_of
from db.store import session as sessions
from db.store.base import Model
from tests.support.clock import NOW
from tests.support.databases import Databases

PASSWORD = "three blue parcels"
DIALOGUE = (
    ("customer", "你好，我想把明天的機票改到後天。"),
    ("agent", "您好，很高興為您服務，請問您的訂位代號是？"),
    ("customer", "ABC123，謝謝。"),
    ("agent", "已為您改到後天同一航班，差價是零元，還需要其他協助嗎？"),
)
_numbers = count(1)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Seeded:
    """A database with the standards and the fixed cast.

    alice inspects, bob manages quality, charlie is staff at the desk and an outsider to
    everything else, the administrator administers.
    """

    engine: Engine
    alice: Identity
    bob: Identity
    charlie: Identity
    administrator: Identity
    station_id: int
    staff_id: int
    phone_id: int

    def transaction(self) -> AbstractContextManager[Session]:
        return sessions.transaction(self.engine)

    def reading(self) -> AbstractContextManager[Session]:
        return sessions.reading(self.engine)


def seed(engine: Engine) -> None:
    """What `seeded` stands on: migrated, standards synced, the cast at one phone desk."""
    migrate.upgrade(engine)
    with sessions.transaction(engine) as session:
        sync_standards(session, now=NOW)
        station = make_station(session, code="TPE-PHONE", name_en="Taipei phone desk")
        charlie = make_staff(session, station=station, staff_no="S-CHARLIE", name="Charlie")
        make_user(session, "alice", Role.INSPECTOR)
        make_user(session, "bob", Role.QUALITY_MANAGER)
        make_user(session, "charlie", Role.STAFF, staff_id=charlie.id)
        make_user(session, "administrator", Role.ADMINISTRATOR)


@contextmanager
def seeded_like(
    databases: Databases, name: str = "seeded", prepare: Callable[[Engine], object] = seed
) -> Iterator[Seeded]:
    """A copy of a database made by `seed`, or by what goes on from there."""
    with databases.like(name, prepare) as engine:
        yield replace(databases.fact(name, lambda: seeded_in(engine)), engine=engine)


def seeded_in(engine: Engine) -> Seeded:
    """The cast of a database made by `seed`."""
    with sessions.reading(engine) as session:
        charlie = identity(session, "charlie")
        assert charlie.staff_id is not None
        return Seeded(
            engine,
            alice=identity(session, "alice"),
            bob=identity(session, "bob"),
            charlie=charlie,
            administrator=identity(session, "administrator"),
            station_id=session.get_one(Staff, charlie.staff_id).station_id,
            staff_id=charlie.staff_id,
            phone_id=version_of(session, "phone"),
        )


def identity(session: Session, username: str) -> Identity:
    user = session.scalars(select(User).where(User.username == username)).one()
    return identity_of(session, user)


def version_of(session: Session, checklist_key: str) -> int:
    """The active version of a shipped checklist."""
    return session.scalars(
        select(ChecklistVersion.id)
        .join(ChecklistRecord)
        .where(ChecklistRecord.key == checklist_key, ChecklistVersion.state == "active")
    ).one()


def make_version(session: Session, data: dict[str, Any]) -> ChecklistVersion:
    """An active version of a checklist made in the portal; the key is the data's."""
    content = to_data(parse_checklist(data))
    record = ChecklistRecord(key=data["key"], origin="portal", created_at=NOW)
    return _stored(
        session,
        ChecklistVersion(
            checklist_id=_stored(session, record).id,
            number=1,
            state="active",
            content=content,
            content_digest=digest(content),
            created_at=NOW,
        ),
    )


def make_user(session: Session, username: str, *roles: Role, **values: Any) -> User:
    """A person who signs in with PASSWORD; `station_id` is the top of a station manager's tree."""
    top = values.pop("station_id", None)
    user = User(
        **{
            "username": username,
            "name": username.capitalize(),
            "password_hash": _password_hash(),
            "language": "en",
            "created_at": NOW,
            "introduced": None,
        }
        | values
    )
    user.roles = [UserRole(role=role, station_id=top) for role in roles]
    return _stored(session, user)


def make_station(session: Session, **values: Any) -> Station:
    code = values.setdefault("code", f"DESK-{next(_numbers)}")
    names = dict.fromkeys(("name_zh_tw", "name_zh_cn", "name_en"), code)
    return _stored(
        session,
        Station(**names | {"kind": "phone_desk", "timezone": "Asia/Taipei"} | values),
    )


def make_staff(session: Session, *, station: Station | None = None, **values: Any) -> Staff:
    number = f"S-{next(_numbers)}"
    station = station or make_station(session)
    return _stored(
        session,
        Staff(**{"staff_no": number, "name": number, "station_id": station.id} | values),
    )


def make_interaction(
    session: Session,
    *,
    staff: Staff | None = None,
    turns: Sequence[tuple[str, str]] = DIALOGUE,
    **values: Any,
) -> Interaction:
    """A phone call of a member of staff yesterday; turns are (speaker, text)."""
    staff = staff or make_staff(session)
    interaction = _stored(
        session,
        Interaction(
            **{
                "source": "test",
                "external_id": f"call-{next(_numbers)}",
                "channel": "phone",
                "station_id": staff.station_id,
                "staff_id": staff.id,
                "occurred_at": NOW - timedelta(days=1),
                "language": "zh_TW",
                "events": [],
                "attributes": {},
                "turn_count": len(turns),
                "content_digest": uuid4().hex,
                "imported_at": NOW,
            }
            | values
        ),
    )
    session.add_all(
        Turn(interaction_id=interaction.id, position=position, speaker=speaker, text=text)
        for position, (speaker, text) in enumerate(turns, start=1)
    )
    session.flush()
    return interaction


def make_assignment(
    session: Session,
    *,
    interaction: Interaction | None = None,
    inspector: Identity | None = None,
    **values: Any,
) -> Assignment:
    """A phone call for alice, to be scored with the active phone checklist."""
    interaction = interaction or make_interaction(session)
    inspector = inspector or identity(session, "alice")
    version_id = values.pop("checklist_version_id", None) or version_of(session, "phone")
    return _stored(
        session,
        Assignment(
            **{
                "interaction_id": interaction.id,
                "checklist_version_id": version_id,
                "inspector_id": inspector.user_id,
                "due_on": date(2026, 3, 17),
                "submission_key": str(uuid4()),
                "assigned_at": NOW,
            }
            | values
        ),
    )


@cache
def _password_hash() -> str:
    """Cheap to check, unlike those the portal makes: tests sign in often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _stored(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
