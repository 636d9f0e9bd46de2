"""One case: the encounter, its answers and evidence, the score and its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from core.checklist import Checklist
from core.errors import not_found
from core.inspection.states import InspectionState
from core.people.staff_names import StaffNames
from core.scoring import Answer, ScoreSheet, hidden_words, parse_answers, score
from db.appeals.queries.points import decisions_on
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import is_closed
from db.files.queries.sight import FileName, file_behind
from db.inspection.models import Acknowledgement, Amendment, Inspection
from db.inspection.queries.pins import PinView, pins_of
from db.inspection.queries.who_may_see import is_own, may_see, may_see_photos, yet_to_score
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames, StaffLabels, shown_answers


class TurnView(NamedTuple):
    position: int
    speaker: str
    text: str
    start_seconds: float | None


class CaseAmendment(NamedTuple):
    """An amendment or voiding of this case, newest last; `by` only for those who may amend."""

    kind: str
    reason: str
    by: str
    made_at: datetime
    old_score: float | None


@dataclass(frozen=True)
class CaseView:
    """Everything a reader of the case may see; nothing the person may not know is in it.

    Attributes:
        facts: the record's own fields, where the encounter is one.
        raw_answers: the answers as stored; `answers` are the same, parsed.
        own: it is the reader's own result.
        newer: the inspection that replaced this one when it was amended.
        file: the closed file that the encounter was made of, where the reader sees it.
        closed: the customer refuses. The score and its ledger are there; what was said, and what
            was written, pinned or photographed of it, is not.
    """

    inspection_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    timezone: str
    staff: str
    inspector: str
    channel: str
    occurred_at: datetime
    submitted_at: datetime
    duration_seconds: float | None
    language: str
    facts: Mapping[str, Any]
    sample_class: str
    state: InspectionState
    newer: int | None
    own: bool
    version: int
    checklist: Checklist
    raw_answers: Mapping[str, Any]
    answers: Mapping[str, Answer]
    sheet: ScoreSheet
    note: str
    turns: tuple[TurnView, ...]
    pins: tuple[PinView, ...]
    changes: tuple[CaseAmendment, ...]
    acknowledged_at: datetime | None
    comment: str
    file: FileName | None
    closed: bool = False


def case(
    session: Session, who: Identity, inspection_id: int, *, set_id: int | None = None
) -> CaseView:
    """A case for someone who browses cases, or for the scored person's own result.

    Read in a case set, it calls its person what all readers of the set read.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see; also while the person
            has the encounter still to score.
    """
    inspection = _readable(session, who, inspection_id)
    interaction = session.get_one(Interaction, inspection.interaction_id)
    station = session.get_one(Station, inspection.station_id)
    checklist = checklist_of(session, inspection.checklist_version_id)
    answers = parse_answers(checklist, inspection.answers)
    seen = session.get(Acknowledgement, inspection.id)
    changes = _changes(session, who, inspection)
    view = CaseView(
        inspection_id=inspection.id,
        case_no=interaction.external_id,
        station_code=station.code,
        station_names=station.names,
        timezone=station.timezone,
        staff=_staff(session, who, inspection, set_id),
        inspector=_inspector(session, who, inspection.inspector_id),
        channel=inspection.channel,
        occurred_at=inspection.occurred_at,
        submitted_at=inspection.submitted_at,
        duration_seconds=interaction.duration_seconds,
        language=interaction.language,
        facts=interaction.attributes,
        sample_class=inspection.sample_class,
        state=inspection.state,
        newer=_newer(session, inspection.id),
        own=is_own(who, inspection),
        version=_version(session, inspection.checklist_version_id),
        checklist=checklist,
        raw_answers=inspection.answers,
        answers=answers,
        sheet=score(checklist, answers),
        note=inspection.note,
        turns=_turns(session, inspection.interaction_id),
        pins=pins_of(session, inspection.id, photos=may_see_photos(who, inspection)),
        changes=changes,
        acknowledged_at=seen.at if seen else None,
        comment=seen.comment if seen else "",
        file=file_behind(session, who, interaction.id),
    )
    nameless = without_names(view, HiddenNames(session, who).in_inspection(inspection))
    return _without_words(nameless) if is_closed(interaction) else nameless


def _readable(session: Session, who: Identity, inspection_id: int) -> Inspection:
    """The inspection, where the person may read it."""
    inspection = session.get(Inspection, inspection_id)
    subject = ("inspection", inspection_id)
    if inspection is None or not may_see(who, inspection):
        raise not_found(
            "This case does not exist.",
            user_id=who.user_id,
            subject=subject,
            exists=inspection is not None,
        )
    if yet_to_score(session, who, [inspection_id]):
        raise not_found(
            "You are to score this encounter yourself first.",
            user_id=who.user_id,
            subject=subject,
            exists=True,
        )
    return inspection


def _without_words(view: CaseView) -> CaseView:
    raw_answers = hidden_words(view.checklist, view.raw_answers)
    answers = parse_answers(view.checklist, raw_answers)
    return replace(
        view,
        closed=True,
        facts={},
        raw_answers=raw_answers,
        answers=answers,
        note="",
        turns=(),
        pins=(),
    )


def without_names(view: CaseView, names: StaffNames) -> CaseView:
    """The case with these people hidden wherever somebody wrote or said something."""
    raw_answers = shown_answers(names, view.checklist, view.raw_answers)
    return replace(
        view,
        case_no=names.hide(view.case_no),
        facts=names.hide_data(dict(view.facts)),
        raw_answers=raw_answers,
        answers=parse_answers(view.checklist, raw_answers),
        note=names.hide(view.note),
        turns=tuple(turn._replace(text=names.hide(turn.text)) for turn in view.turns),
        pins=tuple(pin._replace(note=names.hide(pin.note)) for pin in view.pins),
        changes=tuple(change._replace(reason=names.hide(change.reason)) for change in view.changes),
        comment=names.hide(view.comment),
    )


def _staff(session: Session, who: Identity, inspection: Inspection, set_id: int | None) -> str:
    if inspection.staff_id is None:
        return ""
    labels = StaffLabels.beside_cases(session, who, set_id=set_id)
    labels.prepare({inspection.staff_id})
    return labels.label(inspection.staff_id, inspection.station_id)


def _inspector(session: Session, who: Identity, inspector_id: int) -> str:
    """The inspector's name for those who manage quality; the scored person sees none."""
    if not can(who, Action.AMEND):
        return ""
    return session.scalars(select(User.name).where(User.id == inspector_id)).one()


def _version(session: Session, version_id: int) -> int:
    return session.scalars(
        select(ChecklistVersion.number).where(ChecklistVersion.id == version_id)
    ).one()


def _newer(session: Session, inspection_id: int) -> int | None:
    return session.scalar(select(Inspection.id).where(Inspection.replaces_id == inspection_id))


def _turns(session: Session, interaction_id: int) -> tuple[TurnView, ...]:
    rows = session.execute(
        select(Turn.position, Turn.speaker, Turn.text, Turn.start_seconds)
        .where(Turn.interaction_id == interaction_id)
        .order_by(Turn.position)
    )
    return tuple(TurnView(*row) for row in rows)


def _changes(session: Session, who: Identity, inspection: Inspection) -> tuple[CaseAmendment, ...]:
    """Amendments and voiding of this inspection and of those it replaced, oldest first."""
    chain = [inspection.id]
    row: Inspection | None = inspection
    while row is not None and row.replaces_id is not None:
        chain.append(row.replaces_id)
        row = session.get(Inspection, row.replaces_id)
    rows = session.execute(
        select(Amendment, User.name, Inspection.score)
        .join(User, Amendment.user_id == User.id)
        .join(Inspection, Amendment.inspection_id == Inspection.id)
        .where(Amendment.inspection_id.in_(chain))
        .order_by(Amendment.id)
    )
    named, decided = can(who, Action.AMEND), decisions_on(session, chain)
    return tuple(
        CaseAmendment(
            kind="appeal" if change.inspection_id in decided else change.kind,
            reason=decided.get(change.inspection_id, change.reason),
            by=name if named else "",
            made_at=change.at,
            old_score=old,
        )
        for change, name, old in rows
    )
