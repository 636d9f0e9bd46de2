"""Which cases someone wants to see: from filter and permission to ordered ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, can, visible_stations
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries.encounter import rated
from db.inspection.models import Finding, Inspection
from db.people.models import Staff, User, UserRole
from db.people.services.identities import subtree
from db.teaching.models import TrainingMark

Ids = Select[float | None, int]
_AT_ONCE = 5_000


@dataclass(frozen=True)
class CaseFilter:
    """What narrows the cases; None and empty mean no narrowing.

    A station includes those below it. Section, item and effect mean points lost there, at one
    item; beside them `critical_only` means a critical effect of that very item. `rating` is low,
    middle or high: the lowest quarter of the customer's scale, the highest, or between. `mark` is
    the kind of a TrainingMark. Months are yyyymm, inclusive. `words` must all stand in the
    transcript or the inspector's notes, in either script.
    """

    station_ids: tuple[int, ...] = ()
    post: str | None = None
    inspector_id: int | None = None
    checklist_id: int | None = None
    section_key: str | None = None
    item_key: str | None = None
    channel: str | None = None
    sample_class: str | None = None
    band: str | None = None
    critical_only: bool = False
    effect: str | None = None
    language: str | None = None
    rating: str | None = None
    mark: str | None = None
    from_month: int | None = None
    to_month: int | None = None
    best_first: bool = False
    words: str = ""

    @property
    def by_finding(self) -> bool:
        """Whether it asks for points lost somewhere."""
        return bool(self.item_key or self.section_key or self.effect)

    @property
    def beyond(self) -> bool:
        """Whether it asks for what stands in other tables than inspection and finding."""
        return bool(self.post or self.language or self.rating or self.mark)


@dataclass(frozen=True)
class Cursor:
    """The last case of a page; the next page begins behind it."""

    score: float
    inspection_id: int


def ordered_ids(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    *,
    limit: int,
    after: Cursor | None = None,
) -> list[Cursor]:
    """Valid inspections of record that match but for words, lowest (or best) score first.

    Each station is read in its own order and the heads are merged, so that an index gives the
    order whatever the filter.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    stations = _stations(session, who, wanted)
    if stations is not None and not stations:
        return []
    parts = [
        _part(wanted, station_id, after).limit(limit)
        for station_id in ([None] if stations is None else sorted(stations))
    ]
    merged = parts[0] if len(parts) == 1 else _merged(parts, wanted, limit)
    rows = session.execute(merged)
    return [Cursor(score, key) for score, key in rows if score is not None]


def of_encounters(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    encounters: Sequence[int],
    *,
    after: Cursor | None = None,
) -> list[Cursor]:
    """As `ordered_ids`, but all there are of some encounters.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    conditions = _narrowed(session, who, wanted, after)
    found: list[Cursor] = []
    for start in range(0, len(encounters), _AT_ONCE):
        rows = session.execute(
            select(Inspection.score, Inspection.id).where(
                Inspection.interaction_id.in_(encounters[start : start + _AT_ONCE]), *conditions
            )
        )
        found += [Cursor(score, key) for score, key in rows if score is not None]
    found.sort(key=lambda case: (case.score, case.inspection_id), reverse=wanted.best_first)
    return found


def _narrowed(
    session: Session, who: Identity, wanted: CaseFilter, after: Cursor | None
) -> list[ColumnElement[bool]]:
    """State and station so that no index serves them: SQLite would read all valid inspections."""
    stations = _stations(session, who, wanted)
    found = [
        Inspection.state.concat("") == "valid",
        *_matches(wanted),
        *_behind((Inspection.score, Inspection.id), after, wanted),
    ]
    if stations is not None:
        found.append((Inspection.station_id + 0).in_(stations))
    if wanted.by_finding:
        found.append(exists().where(Finding.inspection_id == Inspection.id, *_lost(wanted)))
    return found


def _stations(session: Session, who: Identity, wanted: CaseFilter) -> frozenset[int] | None:
    permitted = visible_stations(who, Action.SEE_CASES)
    if not wanted.station_ids:
        return permitted
    asked = subtree(session, list(wanted.station_ids))
    return asked if permitted is None else asked & permitted


def _part(wanted: CaseFilter, station_id: int | None, after: Cursor | None) -> Ids:
    if wanted.by_finding:
        return _of_findings(wanted, station_id, after)
    columns = (Inspection.score, Inspection.id.label("inspection_id"))
    conditions = [
        Inspection.state == "valid",
        *_matches(wanted),
        *_behind(columns, after, wanted),
    ]
    if station_id is not None:
        conditions.append(Inspection.station_id == station_id)
    return select(*columns).where(*conditions).order_by(*_order(columns, wanted))


def _of_findings(wanted: CaseFilter, station_id: int | None, after: Cursor | None) -> Ids:
    """The same, led by the findings: one row for a case, however much it lost there."""
    columns = (Finding.score, Finding.inspection_id)
    conditions = [
        Finding.score.is_not(None),
        Inspection.state == "valid",
        *_matches(wanted),
        *_behind(columns, after, wanted),
        *_lost(wanted),
        *_given((station_id, Finding.station_id == station_id)),
    ]
    return (
        select(*columns)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(*conditions)
        .distinct()
        .order_by(*_order(columns, wanted))
    )


def _lost(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    return _given(
        (wanted.item_key, Finding.item_key == wanted.item_key),
        (wanted.section_key, Finding.section_key == wanted.section_key),
        (wanted.effect, Finding.effect == wanted.effect),
        (wanted.critical_only, Finding.effect.is_not(None)),
    )


def _matches(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    versions = select(ChecklistVersion.id).where(
        ChecklistVersion.checklist_id == wanted.checklist_id
    )
    return [
        Inspection.purpose == "record",
        Inspection.score.is_not(None),
        *_given(
            (wanted.checklist_id, Inspection.checklist_version_id.in_(versions)),
            (wanted.inspector_id, Inspection.inspector_id == wanted.inspector_id),
            (wanted.channel, Inspection.channel == wanted.channel),
            (wanted.sample_class, Inspection.sample_class == wanted.sample_class),
            (wanted.band, Inspection.band == wanted.band),
            (wanted.critical_only, Inspection.critical.is_(True)),
            (wanted.from_month, Inspection.month >= (wanted.from_month or 0)),
            (wanted.to_month, Inspection.month <= (wanted.to_month or 0)),
        ),
        *_beyond(wanted),
    ]


def _beyond(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What has to be looked up for each case: who was scored, and the encounter."""
    group = exists().where(Staff.id == Inspection.staff_id, Staff.post == wanted.post)
    encounter = exists().where(Interaction.id == Inspection.interaction_id)
    mark = exists().where(
        TrainingMark.interaction_id == Inspection.interaction_id, TrainingMark.kind == wanted.mark
    )
    return _given(
        (wanted.post, group),
        (wanted.language, encounter.where(Interaction.language == wanted.language)),
        (wanted.rating, encounter.where(*rated(wanted.rating))),
        (wanted.mark, mark),
    )


def _given(*pairs: tuple[object, ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [condition for value, condition in pairs if value not in (None, "", False)]


def _behind(
    columns: tuple[Any, Any], after: Cursor | None, wanted: CaseFilter
) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    score, key = columns
    if wanted.best_first:
        return [score <= after.score, or_(score < after.score, key < after.inspection_id)]
    return [score >= after.score, or_(score > after.score, key > after.inspection_id)]


def _order(columns: Iterable[Any], wanted: CaseFilter) -> list[Any]:
    return [column.desc() if wanted.best_first else column for column in columns]


def _merged(parts: list[Ids], wanted: CaseFilter, limit: int) -> Ids:
    heads = union_all(*(select(part.subquery()) for part in parts)).subquery()
    columns = (heads.c.score, heads.c.inspection_id)
    return select(*columns).order_by(*_order(columns, wanted)).limit(limit)


def posts(session: Session) -> tuple[str, ...]:
    """The groups of staff there are."""
    return tuple(session.scalars(select(Staff.post).distinct().order_by(Staff.post)))


def languages(session: Session) -> tuple[str, ...]:
    """The languages of encounters there are, each found in the index behind the one before."""
    first = select(func.min(Interaction.language).label("language")).cte("found", recursive=True)
    following = (
        select(func.min(Interaction.language))
        .where(Interaction.language > first.c.language)
        .scalar_subquery()
    )
    found = first.union_all(select(following).where(first.c.language.is_not(None)))
    return tuple(language for language in session.scalars(select(found.c.language)) if language)


def inspectors(session: Session, who: Identity) -> dict[str, str]:
    """Names of inspectors by id as text; empty for those who may not see how inspectors score."""
    if not can(who, Action.SEE_INSPECTORS):
        return {}
    query = select(User.id, User.name).join(UserRole).where(UserRole.role == Role.INSPECTOR)
    rows = session.execute(query.order_by(User.name, User.id))
    return {str(key): name for key, name in rows}
