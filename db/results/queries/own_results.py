"""The scored person's own results, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Texts
from core.checklist.model import BOT
from core.inspection.states import InspectionState
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of, checklists_of
from db.encounters.models import Interaction
from db.inspection.models import Acknowledgement, Inspection
from db.people.models import Station
from db.people.queries.shown_texts import HiddenNames
from db.results.queries.losses import Loss, losses_of


class ResultPosition(NamedTuple):
    """The last result of a page; the next page begins behind it."""

    occurred_at: datetime
    inspection_id: int


class OwnScore(NamedTuple):
    """A score of the person and the checklist, by its key, that it was given with."""

    occurred_at: datetime
    timezone: str
    checklist: int
    title: Texts
    score: float
    passed: bool | None
    pass_mark: float | None


@dataclass(frozen=True)
class OwnResult:
    """One result of the list."""

    inspection_id: int
    case_no: str
    title: Texts
    channel: str
    occurred_at: datetime
    timezone: str
    score: float | None
    passed: bool | None
    critical: bool
    losses: tuple[Loss, ...]
    acknowledged: bool

    @property
    def position(self) -> ResultPosition:
        return ResultPosition(self.occurred_at, self.inspection_id)


@dataclass(frozen=True)
class OwnPage:
    rows: tuple[OwnResult, ...]
    next: ResultPosition | None


def own_results(
    session: Session, who: Identity, *, after: ResultPosition | None = None, limit: int = 25
) -> OwnPage:
    """The person's valid inspections of record, newest encounter first; none of a bot.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    records = session.execute(
        select(Inspection, Interaction.external_id, Station.timezone, Acknowledgement.at)
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(Station, Station.id == Inspection.station_id)
        .outerjoin(Acknowledgement, Acknowledgement.inspection_id == Inspection.id)
        .where(*_own(who), *_behind(after))
        .order_by(Inspection.occurred_at.desc(), Inspection.id.desc())
        .limit(limit + 1)
    ).all()
    page = records[:limit]
    losses = losses_of(session, [row[0].id for row in page])
    names = HiddenNames(session, who)
    rows = tuple(_result(session, names, losses, *row) for row in page)
    return OwnPage(rows, rows[-1].position if len(records) > limit else None)


def own_scores(session: Session, who: Identity, *, limit: int = 60) -> list[OwnScore]:
    """The newest scores in the order of the encounters; results without a score are left out.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    rows = session.execute(
        select(
            Inspection.occurred_at,
            Station.timezone,
            Inspection.score,
            Inspection.passed,
            ChecklistVersion.id.label("version"),
            ChecklistVersion.checklist_id,
        )
        .join(Station, Station.id == Inspection.station_id)
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .where(*_own(who), Inspection.score.is_not(None))
        .order_by(Inspection.occurred_at.desc(), Inspection.id.desc())
        .limit(limit)
    ).all()
    checklists = checklists_of(session, (row.version for row in rows))
    return [
        OwnScore(
            occurred_at=row.occurred_at,
            timezone=row.timezone,
            checklist=row.checklist_id,
            title=checklists[row.version].title,
            score=row.score or 0.0,
            passed=row.passed,
            pass_mark=checklists[row.version].pass_mark,
        )
        for row in reversed(rows)
    ]


def _own(who: Identity) -> list[ColumnElement[bool]]:
    require(who, Action.SEE_OWN_RESULTS)
    return [
        Inspection.staff_id == (who.staff_id or 0),
        Inspection.state == InspectionState.VALID,
        Inspection.purpose == "record",
        Inspection.channel != BOT,
    ]


def _behind(after: ResultPosition | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    same = and_(Inspection.occurred_at == after.occurred_at, Inspection.id < after.inspection_id)
    return [or_(Inspection.occurred_at < after.occurred_at, same)]


def _result(
    session: Session,
    names: HiddenNames,
    losses: Mapping[int, tuple[Loss, ...]],
    inspection: Inspection,
    *about: Any,  # noqa: ANN401  the columns read beside it
) -> OwnResult:
    case_no, timezone, acknowledged_at = about
    return OwnResult(
        inspection_id=inspection.id,
        case_no=names.in_inspection(inspection).hide(case_no),
        title=checklist_of(session, inspection.checklist_version_id).title,
        channel=inspection.channel,
        occurred_at=inspection.occurred_at,
        timezone=timezone,
        score=inspection.score,
        passed=inspection.passed,
        critical=inspection.critical,
        losses=losses.get(inspection.id, ()),
        acknowledged=acknowledged_at is not None,
    )
