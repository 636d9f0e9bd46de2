"""Case sets of trainers: making, describing, sharing them, and issuing versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, not_found
from db.encounters.queries.consent import open_to_use
from db.store import audit
from db.teaching.models import CaseSet, CaseSetMember, CaseSetVersion
from db.teaching.services.withdrawal import CONTENT


def make_set(session: Session, *, who: Identity, title: str, purpose: str, now: datetime) -> int:
    """An empty set of the trainer's own; returns its id.

    Raises:
        InvalidInput: it has no title.
    """
    require(who, Action.TEACH)
    made = CaseSet(owner_id=who.user_id, created_at=now)
    session.add(made)
    session.flush()  # the version needs the new id
    session.add(
        CaseSetVersion(
            case_set_id=made.id,
            number=1,
            title=_title(title),
            purpose=purpose.strip(),
            changed_by=who.user_id,
            changed_at=now,
        )
    )
    audit.record(session, who, "save", ("case_set", made.id), now=now)
    return made.id


def describe(
    session: Session, *, who: Identity, set_id: int, title: str, purpose: str, now: datetime
) -> None:
    """Change title and purpose of the draft."""
    draft = draft_of(session, who, set_id, now)
    draft.title, draft.purpose = _title(title), purpose.strip()


def issue(session: Session, *, who: Identity, set_id: int, now: datetime) -> int:
    """Fix the draft as a version that lessons and practice can stand on; returns its number.

    Raises:
        InvalidInput: there is no draft, or it holds no case.
    """
    own_set(session, who, set_id)
    draft = newest(session, set_id)
    if draft.issued_at is not None:
        raise InvalidInput("Nothing was changed since version {number}.", number=draft.number)
    usable = select(CaseSetMember.id).where(
        CaseSetMember.version_id == draft.id,
        CaseSetMember.inspection_id.is_not(None),
        open_to_use(CaseSetMember.interaction_id),
    )
    if session.scalars(usable).first() is None:
        raise InvalidInput("The set holds no case yet.")
    draft.issued_at = now
    audit.record(session, who, "issue", ("case_set", set_id), now=now, version=draft.number)
    return draft.number


def share(session: Session, *, who: Identity, set_id: int, shared: bool, now: datetime) -> None:
    """Let other trainers see the set, or no longer."""
    own_set(session, who, set_id).shared = shared
    audit.record(session, who, "share", ("case_set", set_id), now=now, shared=shared)


def archive(session: Session, *, who: Identity, set_id: int, archived: bool, now: datetime) -> None:
    """Put the set out of sight; practice on it goes on."""
    own_set(session, who, set_id).archived = archived
    audit.record(session, who, "archive", ("case_set", set_id), now=now, archived=archived)


def own_set(session: Session, who: Identity, set_id: int) -> CaseSet:
    """A set that the person may change, locked until the transaction ends.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: it is somebody else's, or does not exist.
    """
    require(who, Action.TEACH)
    case_set = session.scalar(select(CaseSet).where(CaseSet.id == set_id).with_for_update())
    if case_set is None or case_set.owner_id != who.user_id:
        raise not_found(
            "This case set is not yours to change.",
            user_id=who.user_id,
            subject=("case_set", set_id),
            exists=case_set is not None,
        )
    return case_set


def newest(session: Session, set_id: int) -> CaseSetVersion:
    return session.scalars(
        select(CaseSetVersion)
        .where(CaseSetVersion.case_set_id == set_id)
        .order_by(CaseSetVersion.number.desc())
        .limit(1)
    ).one()


def draft_of(session: Session, who: Identity, set_id: int, now: datetime) -> CaseSetVersion:
    """The draft, counted as changed; behind an issued version it begins as a copy of it."""
    own_set(session, who, set_id)
    version = newest(session, set_id)
    if version.issued_at is not None:
        version = _copy(session, version, who, now)
    version.edit += 1
    version.changed_by, version.changed_at = who.user_id, now
    return version


def _copy(session: Session, old: CaseSetVersion, who: Identity, now: datetime) -> CaseSetVersion:
    made = CaseSetVersion(
        case_set_id=old.case_set_id,
        number=old.number + 1,
        title=old.title,
        purpose=old.purpose,
        edit=0,
        changed_by=who.user_id,
        changed_at=now,
    )
    session.add(made)
    session.flush()  # the members need the new id
    staying = (member for member in members_of(session, old.id) if member.left_at is None)
    for position, member in enumerate(staying, start=1):
        content = {name: getattr(member, name) for name in CONTENT}
        session.add(CaseSetMember(version_id=made.id, position=position, **content))
    session.flush()
    return made


def members_of(session: Session, version_id: int) -> list[CaseSetMember]:
    return list(
        session.scalars(
            select(CaseSetMember)
            .where(CaseSetMember.version_id == version_id)
            .order_by(CaseSetMember.position, CaseSetMember.id)
        )
    )


def _title(title: str) -> str:
    if not title.strip():
        raise InvalidInput("Give the set a title.")
    return title.strip()[:200]
