"""Case sets as trainers list and read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import not_found
from core.people.staff_names import StaffNames
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Inspection
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames
from db.results.queries.losses import Loss, losses_of
from db.teaching.models import CaseSet, CaseSetMember, CaseSetVersion, TrainingMark

NO_CONSENT = "consent"
"""Why a case is left out of a set for as long as its customer refuses."""


class SetRow(NamedTuple):
    """A set in its newest version; `issued` is the newest number that lessons can stand on."""

    set_id: int
    title: str
    purpose: str
    owner: str
    own: bool
    shared: bool
    archived: bool
    number: int
    issued: int | None
    cases: int
    changed_at: datetime


@dataclass(frozen=True)
class Member:
    """A case in a set; `inspection_id` is None once it had to leave, see `left_reason`.

    One whose customer refuses is read as left, without a `left_at`.
    """

    member_id: int
    position: int
    inspection_id: int | None
    station_code: str
    station_names: Mapping[str, str]
    channel: str
    score: float | None
    losses: tuple[Loss, ...]
    note: str
    question: str
    answer: str
    marked: tuple[Mapping[str, Any], ...]
    left_at: datetime | None
    left_reason: str


@dataclass(frozen=True)
class SetView:
    """One version of a set; `numbers` are all there are, newest first."""

    set_id: int
    version_id: int
    number: int
    numbers: tuple[int, ...]
    issued_at: datetime | None
    edit: int
    title: str
    purpose: str
    owner: str
    own: bool
    shared: bool
    archived: bool
    members: tuple[Member, ...]


def case_sets(session: Session, who: Identity, *, archived: bool = False) -> list[SetRow]:
    """The person's own sets and those shared by others, last changed first.

    Raises:
        NotAllowed: the role does not teach.
    """
    require(who, Action.TEACH)
    latest = (
        select(CaseSetVersion.case_set_id, func.max(CaseSetVersion.number).label("number"))
        .group_by(CaseSetVersion.case_set_id)
        .subquery()
    )
    issued = (
        select(func.max(CaseSetVersion.number))
        .where(CaseSetVersion.case_set_id == CaseSet.id, CaseSetVersion.issued_at.is_not(None))
        .correlate(CaseSet)
        .scalar_subquery()
    )
    count = (
        select(func.count())
        .where(
            CaseSetMember.version_id == CaseSetVersion.id,
            CaseSetMember.left_at.is_(None),
            open_to_use(CaseSetMember.interaction_id),
        )
        .correlate(CaseSetVersion)
        .scalar_subquery()
    )
    rows = session.execute(
        select(CaseSet, CaseSetVersion, User.name, issued, count)
        .join(latest, latest.c.case_set_id == CaseSet.id)
        .join(
            CaseSetVersion,
            (CaseSetVersion.case_set_id == CaseSet.id) & (CaseSetVersion.number == latest.c.number),
        )
        .join(User, User.id == CaseSet.owner_id)
        .where(_visible(who), CaseSet.archived.is_(archived))
        .order_by(CaseSetVersion.changed_at.desc(), CaseSet.id)
    )
    hide = HiddenNames(session, who).anywhere.hide
    return [
        SetRow(
            set_id=made.id,
            title=hide(version.title),
            purpose=hide(version.purpose),
            owner=owner,
            own=made.owner_id == who.user_id,
            shared=made.shared,
            archived=made.archived,
            number=version.number,
            issued=issued_number,
            cases=cases,
            changed_at=version.changed_at,
        )
        for made, version, owner, issued_number, cases in rows
    ]


def case_set(session: Session, who: Identity, set_id: int, number: int | None = None) -> SetView:
    """A version of a set, the newest without `number`.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: there is no such version, or it is not shared.
    """
    require(who, Action.TEACH)
    row = session.execute(
        select(CaseSet, User.name)
        .join(User, User.id == CaseSet.owner_id)
        .where(CaseSet.id == set_id, _visible(who))
    ).one_or_none()
    versions = session.scalars(
        select(CaseSetVersion)
        .where(CaseSetVersion.case_set_id == set_id)
        .order_by(CaseSetVersion.number.desc())
    ).all()
    version = next((issue for issue in versions if number in (None, issue.number)), None)
    if row is None or version is None:
        raise not_found(
            "This case set does not exist.",
            user_id=who.user_id,
            subject=("case_set", set_id),
            exists=version is not None,
        )
    made, owner = row
    hiding = HiddenNames(session, who)
    return SetView(
        set_id=made.id,
        version_id=version.id,
        number=version.number,
        numbers=tuple(issue.number for issue in versions),
        issued_at=version.issued_at,
        edit=version.edit,
        title=hiding.anywhere.hide(version.title),
        purpose=hiding.anywhere.hide(version.purpose),
        owner=owner,
        own=made.owner_id == who.user_id,
        shared=made.shared,
        archived=made.archived,
        members=_members(session, hiding, version.id),
    )


def _members(session: Session, hiding: HiddenNames, version_id: int) -> tuple[Member, ...]:
    """The cases of a version in their order."""
    rows = session.execute(
        select(CaseSetMember, Inspection, Station, open_to_use(CaseSetMember.interaction_id))
        .outerjoin(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .outerjoin(Station, Station.id == Inspection.station_id)
        .where(CaseSetMember.version_id == version_id)
        .order_by(CaseSetMember.position, CaseSetMember.id)
    ).all()
    losses = losses_of(session, [row[1].id for row in rows if row[1] is not None])
    return tuple(_member(row, losses, hiding) for row in rows)


def set_without_names(view: SetView, names: StaffNames) -> SetView:
    """The set with these people hidden in all that was written in it."""
    return replace(
        view,
        title=names.hide(view.title),
        purpose=names.hide(view.purpose),
        members=tuple(_without_names(member, names) for member in view.members),
    )


def mark_of(session: Session, who: Identity, inspection_id: int) -> tuple[str, str] | None:
    """The kind of mark the encounter of a case has, and its reason.

    Raises:
        NotAllowed: the role does not teach.
    """
    require(who, Action.TEACH)
    row = session.execute(
        select(TrainingMark.kind, TrainingMark.reason, Inspection)
        .join(Inspection, Inspection.interaction_id == TrainingMark.interaction_id)
        .where(Inspection.id == inspection_id)
    ).one_or_none()
    if row is None:
        return None
    names = HiddenNames(session, who).in_inspection(row.Inspection)
    return row.kind, names.hide(row.reason)


def _without_names(member: Member, names: StaffNames) -> Member:
    return replace(
        member,
        note=names.hide(member.note),
        question=names.hide(member.question),
        answer=names.hide(member.answer),
        marked=names.hide_data(member.marked),
        left_reason=names.hide(member.left_reason),
    )


def _member(
    row: Any,  # noqa: ANN401  a Row of three entities, of which two may be missing
    losses: Mapping[int, tuple[Loss, ...]],
    hiding: HiddenNames,
) -> Member:
    member, inspection, station, is_open = row
    if inspection is not None and not is_open:
        return _left(member, NO_CONSENT)
    names = hiding.in_inspection(inspection) if inspection else hiding.anywhere
    made = Member(
        member_id=member.id,
        position=member.position,
        inspection_id=member.inspection_id,
        station_code=station.code if station else "",
        station_names=station.names if station else {},
        channel=inspection.channel if inspection else "",
        score=inspection.score if inspection else None,
        losses=losses.get(member.inspection_id, ()),
        note=member.note,
        question=member.question,
        answer=member.answer,
        marked=tuple(member.marked),
        left_at=member.left_at,
        left_reason=member.left_reason,
    )
    return _without_names(made, names)


def _left(member: CaseSetMember, reason: str) -> Member:
    """The place of a case, without what was written about it."""
    return Member(
        member_id=member.id,
        position=member.position,
        inspection_id=None,
        station_code="",
        station_names={},
        channel="",
        score=None,
        losses=(),
        note="",
        question="",
        answer="",
        marked=(),
        left_at=None,
        left_reason=reason,
    )


def _visible(who: Identity) -> ColumnElement[bool]:
    return or_(CaseSet.owner_id == who.user_id, CaseSet.shared.is_(True))
