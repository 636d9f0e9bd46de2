"""The ordered ids of the cases that match a filter and that the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Action, Identity, Role, can, visible_stations
from core.inspection.facets import Facets
from core.inspection.states import InspectionState
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries.encounter import rated
from db.inspection.models import Finding, Inspection
from db.people.models import Staff, User, UserRole
from db.people.services.identities import subtree
from db.results.models import FacetedStationMonth
from db.results.queries.stations import of_facets
from db.teaching.models import TrainingMark

Ids = Select[float | None, int]
_AT_ONCE = 5_000


@dataclass(frozen=True)
class CaseFilter:
    """What narrows the cases; None and empty mean no narrowing.

    A station includes those below it. Section, item and effect mean points lost there, at one
    item; beside them `critical_only` means a critical effect of that very item. `rating` is low,
    middle or high: the lowest quarter of the customer's scale, the highest, or between. `mark` is
    the kind of a TrainingMark. Months are yyyymm, inclusive. `words` is what was typed to search
    the transcript and the inspector's notes (`core/text/search_query.py`). `staff_id` is for those
    who may know the person. Of post, language, business line and shift empty is the unrecorded.
    """

    station_ids: tuple[int, ...] = ()
    post: str | None = None
    staff_id: int | None = None
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
    business_line: str | None = None
    shift: str | None = None
    rating: str | None = None
    mark: str | None = None
    from_month: int | None = None
    to_month: int | None = None
    best_first: bool = False
    words: str = ""

    @property
    def facets(self) -> Facets:
        return Facets(
            business_line=self.business_line,
            shift=self.shift,
            post=self.post,
            language=self.language,
        )

    @property
    def by_finding(self) -> bool:
        """Whether it narrows to points lost on an item, in a section or with an effect."""
        return bool(self.item_key or self.section_key or self.effect)

    @property
    def needs_other_tables(self) -> bool:
        """Whether it narrows by what no index of inspections and findings goes on to order."""
        return bool(self.post or self.language or self.rating or self.mark)


@dataclass(frozen=True)
class CaseCursor:
    """The last case of a page; the next page begins behind it."""

    score: float
    inspection_id: int


def ordered_ids(
    session: Session,
    who: Identity,
    case_filter: CaseFilter,
    *,
    limit: int,
    after: CaseCursor | None = None,
) -> list[CaseCursor]:
    """Valid inspections of record that match all but the words, lowest (or best) score first.

    Each station is read in its own order and the heads are merged, so that an index gives the
    order whatever the filter.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    stations = stations_of(session, who, case_filter)
    if stations is not None and not stations:
        return []
    queries = [
        _ids_at_station(case_filter, station_id, after).limit(limit)
        for station_id in ([None] if stations is None else sorted(stations))
    ]
    merged = queries[0] if len(queries) == 1 else _merged(queries, case_filter, limit)
    rows = session.execute(merged)
    return [CaseCursor(score, key) for score, key in rows if score is not None]


def of_encounters(
    session: Session,
    who: Identity,
    case_filter: CaseFilter,
    encounters: Sequence[int],
    *,
    after: CaseCursor | None = None,
) -> list[CaseCursor]:
    """As `ordered_ids`, but of some encounters only, and without a limit.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    conditions = _narrowed(session, who, case_filter, after)
    cursors: list[CaseCursor] = []
    for start in range(0, len(encounters), _AT_ONCE):
        rows = session.execute(
            select(Inspection.score, Inspection.id).where(
                Inspection.interaction_id.in_(encounters[start : start + _AT_ONCE]), *conditions
            )
        )
        cursors += [CaseCursor(score, key) for score, key in rows if score is not None]
    cursors.sort(key=lambda case: (case.score, case.inspection_id), reverse=case_filter.best_first)
    return cursors


def _narrowed(
    session: Session, who: Identity, case_filter: CaseFilter, after: CaseCursor | None
) -> list[ColumnElement[bool]]:
    """The conditions of a filter, those that many cases meet so that SQLite uses no index for them.

    With the index of state, station, post or language it would read all inspections that have it.
    """
    stations = stations_of(session, who, case_filter)
    common = {Inspection.post: case_filter.post, Inspection.language: case_filter.language}
    conditions = [
        Inspection.state.concat("") == InspectionState.VALID,
        *_matches(replace(case_filter, post=None, language=None)),
        *(column.concat("") == value for column, value in common.items() if value is not None),
        *_behind((Inspection.score, Inspection.id), after, case_filter),
    ]
    if stations is not None:
        conditions.append((Inspection.station_id + 0).in_(stations))
    if case_filter.by_finding:
        conditions.append(
            exists().where(Finding.inspection_id == Inspection.id, *_lost(case_filter))
        )
    return conditions


def stations_of(session: Session, who: Identity, case_filter: CaseFilter) -> frozenset[int] | None:
    """The stations whose cases match and that the person may see; None is every station."""
    permitted = visible_stations(who, Action.SEE_CASES)
    if case_filter.staff_id is not None:
        named = visible_stations(who, Action.SEE_STAFF_NAMES)
        permitted = (
            named if permitted is None else permitted & (permitted if named is None else named)
        )
    if not case_filter.station_ids:
        return permitted
    station_ids = subtree(session, list(case_filter.station_ids))
    return station_ids if permitted is None else station_ids & permitted


def _ids_at_station(
    case_filter: CaseFilter, station_id: int | None, after: CaseCursor | None
) -> Ids:
    if case_filter.by_finding:
        return _of_findings(case_filter, station_id, after)
    columns = (Inspection.score, Inspection.id.label("inspection_id"))
    conditions = [
        Inspection.state == InspectionState.VALID,
        *_matches(case_filter),
        *_behind(columns, after, case_filter),
    ]
    if station_id is not None:
        conditions.append(Inspection.station_id == station_id)
    return select(*columns).where(*conditions).order_by(*_order(columns, case_filter))


def _of_findings(case_filter: CaseFilter, station_id: int | None, after: CaseCursor | None) -> Ids:
    """As `_ids_at_station`, read from the findings: one row per case, however many match."""
    columns = (Finding.score, Finding.inspection_id)
    conditions = [
        Finding.score.is_not(None),
        Inspection.state == InspectionState.VALID,
        *_matches(case_filter),
        *_behind(columns, after, case_filter),
        *_lost(case_filter),
        *_narrowing((station_id, Finding.station_id == station_id)),
    ]
    return (
        select(*columns)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(*conditions)
        .distinct()
        .order_by(*_order(columns, case_filter))
    )


def _lost(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    return _narrowing(
        (case_filter.item_key, Finding.item_key == case_filter.item_key),
        (case_filter.section_key, Finding.section_key == case_filter.section_key),
        (case_filter.effect, Finding.effect == case_filter.effect),
        (case_filter.critical_only, Finding.effect.is_not(None)),
    )


def _matches(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    versions = select(ChecklistVersion.id).where(
        ChecklistVersion.checklist_id == case_filter.checklist_id
    )
    return [
        Inspection.purpose == "record",
        Inspection.score.is_not(None),
        *_narrowing(
            (case_filter.checklist_id, Inspection.checklist_version_id.in_(versions)),
            (case_filter.staff_id, Inspection.staff_id == case_filter.staff_id),
            (case_filter.inspector_id, Inspection.inspector_id == case_filter.inspector_id),
            (case_filter.channel, Inspection.channel == case_filter.channel),
            (case_filter.sample_class, Inspection.sample_class == case_filter.sample_class),
            (case_filter.band, Inspection.band == case_filter.band),
            (case_filter.critical_only, Inspection.critical.is_(True)),
            (case_filter.from_month, Inspection.month >= (case_filter.from_month or 0)),
            (case_filter.to_month, Inspection.month <= (case_filter.to_month or 0)),
        ),
        *of_facets(Inspection, case_filter.facets),
        *_in_other_tables(case_filter),
    ]


def _in_other_tables(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    """Conditions on the encounter and the training marks of a case."""
    encounter = exists().where(Interaction.id == Inspection.interaction_id)
    mark = exists().where(
        TrainingMark.interaction_id == Inspection.interaction_id,
        TrainingMark.kind == case_filter.mark,
    )
    return _narrowing(
        (case_filter.rating, encounter.where(*rated(case_filter.rating))),
        (case_filter.mark, mark),
    )


def _narrowing(*pairs: tuple[object, ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [condition for value, condition in pairs if value not in (None, "", False)]


def _behind(
    columns: tuple[Any, Any], after: CaseCursor | None, case_filter: CaseFilter
) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    score, key = columns
    if case_filter.best_first:
        return [score <= after.score, or_(score < after.score, key < after.inspection_id)]
    return [score >= after.score, or_(score > after.score, key > after.inspection_id)]


def _order(columns: Iterable[Any], case_filter: CaseFilter) -> list[Any]:
    return [column.desc() if case_filter.best_first else column for column in columns]


def _merged(queries: list[Ids], case_filter: CaseFilter, limit: int) -> Ids:
    heads = union_all(*(select(query.subquery()) for query in queries)).subquery()
    columns = (heads.c.score, heads.c.inspection_id)
    return select(*columns).order_by(*_order(columns, case_filter)).limit(limit)


def person(session: Session, who: Identity, staff_id: int | None) -> str:
    """Number and name of a member of staff; empty where the person may not know whom.

    Known is who serves, or was scored, at a station whose names the person may see.
    """
    if staff_id is None or not can(who, Action.SEE_STAFF_NAMES):
        return ""
    named = visible_stations(who, Action.SEE_STAFF_NAMES)
    query = select(Staff.staff_no, Staff.name).where(Staff.id == staff_id)
    if named is not None:
        scored = exists().where(Inspection.staff_id == staff_id, Inspection.station_id.in_(named))
        query = query.where(or_(Staff.station_id.in_(named), scored))
    row = session.execute(query).one_or_none()
    return f"{row.staff_no} {row.name}" if row else ""


def posts(session: Session) -> tuple[str, ...]:
    """The posts of whom was scored."""
    return _values_of(session, Inspection.post)


def business_lines(session: Session) -> tuple[str, ...]:
    """The business lines of inspected encounters."""
    table = FacetedStationMonth
    query = select(table.business_line).distinct().order_by(table.business_line)
    return tuple(line for line in session.scalars(query) if line)


def languages(session: Session) -> tuple[str, ...]:
    """The languages of inspected encounters."""
    return _values_of(session, Inspection.language)


def _values_of(session: Session, column: InstrumentedAttribute[str]) -> tuple[str, ...]:
    """The values there are, each found in the index behind the one before."""
    first = select(func.min(column).label("value")).cte("found", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    values = first.union_all(select(following).where(first.c.value.is_not(None)))
    return tuple(value for value in session.scalars(select(values.c.value)) if value)


def inspectors(session: Session, who: Identity) -> dict[str, str]:
    """Names of inspectors by id as text; empty for those who may not see how inspectors score."""
    if not can(who, Action.SEE_INSPECTORS):
        return {}
    query = select(User.id, User.name).join(UserRole).where(UserRole.role == Role.INSPECTOR)
    rows = session.execute(query.order_by(User.name, User.id))
    return {str(key): name for key, name in rows}
