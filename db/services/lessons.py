"""Cases in a set: collecting them, their order, and what is taught from each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput, NotFound
from core.masking import masked
from db import audit
from db.models import (
    CaseSetMember,
    CaseSetVersion,
    Evidence,
    Inspection,
    Interaction,
    TrainingMark,
    Turn,
)
from db.queries.case import case
from db.queries.consent import is_closed, require_open
from db.queries.shown import Shown
from db.services.case_sets import draft_of, members_of

MOST_CASES = 60
_MOST_MARKED = 4


@dataclass(frozen=True)
class Lesson:
    """What a trainer writes to a case; `marked` are the turns shown in class."""

    note: str = ""
    question: str = ""
    answer: str = ""
    marked: tuple[int, ...] = ()


def add_cases(
    session: Session,
    *,
    who: Identity,
    set_id: int,
    inspection_ids: Sequence[int],
    now: datetime,
) -> int:
    """Put cases at the end of the draft, each once; returns how many are new in it.

    The turns that evidence points at are marked to begin with.

    Raises:
        InvalidInput: a case must not be used in training, or the set would grow too large.
        NotFound: a case does not exist, or lies outside what the person may see.
    """
    draft = draft_of(session, who, set_id, now)
    members = members_of(session, draft.id)
    known = {member.inspection_id for member in members}
    fresh = [key for key in dict.fromkeys(inspection_ids) if key not in known]
    if len(members) + len(fresh) > MOST_CASES:
        raise InvalidInput("A set holds at most {most} cases.", most=MOST_CASES)
    for position, inspection_id in enumerate(fresh, start=len(members) + 1):
        inspection = _usable(session, who, inspection_id)
        session.add(
            CaseSetMember(
                version_id=draft.id,
                position=position,
                inspection_id=inspection.id,
                interaction_id=inspection.interaction_id,
                marked=_evidence(session, inspection.id),
            )
        )
        audit.record(
            session, who, "collect", ("inspection", inspection_id), now=now, case_set=set_id
        )
    return len(fresh)


def save_lesson(
    session: Session, *, who: Identity, member_id: int, edit: int, lesson: Lesson, now: datetime
) -> int:
    """Keep what is taught from a case of a draft; returns the draft's new edit number.

    Raises:
        StaleEdit: somebody else changed the draft since; `current` is the stored member.
    """
    member, draft = _of_draft(session, who, member_id, now, edit=edit)
    if member.interaction_id is not None:
        require_open(session, member.interaction_id)
    kept = {mark["turn"]: mark for mark in member.marked}
    told = (lesson.note, lesson.question, lesson.answer)
    member.note, member.question, member.answer = (masked(text.strip()) for text in told)
    member.marked = [kept.get(turn, {"turn": turn}) for turn in sorted(lesson.marked)]
    return draft.edit


def move(session: Session, *, who: Identity, member_id: int, by: int, now: datetime) -> None:
    """Change places with the case before (by -1) or behind (by 1)."""
    member, draft = _of_draft(session, who, member_id, now)
    members = members_of(session, draft.id)
    at = members.index(member)
    other = members[min(max(at + by, 0), len(members) - 1)]
    member.position, other.position = other.position, member.position


def remove(session: Session, *, who: Identity, member_id: int, now: datetime) -> None:
    """Take a case out of the draft."""
    member, draft = _of_draft(session, who, member_id, now)
    session.delete(member)
    session.flush()
    for position, left in enumerate(members_of(session, draft.id), start=1):
        left.position = position


def _of_draft(
    session: Session, who: Identity, member_id: int, now: datetime, *, edit: int | None = None
) -> tuple[CaseSetMember, CaseSetVersion]:
    """A case of the draft; of an issued version, its copy in the draft made now."""
    member = session.get(CaseSetMember, member_id)
    if member is None:
        raise NotFound("This case is no longer in the set.")
    version = session.get_one(CaseSetVersion, member.version_id)
    draft = draft_of(session, who, version.case_set_id, now, edit=edit)
    if draft.id == version.id:
        return member, draft
    twins = (each for each in members_of(session, draft.id) if _same(each, member))
    twin = next(twins, None)
    if twin is None:
        raise NotFound("This case is no longer in the set.")
    return twin, draft


def _same(one: CaseSetMember, other: CaseSetMember) -> bool:
    return one.inspection_id is not None and one.inspection_id == other.inspection_id


def _usable(session: Session, who: Identity, inspection_id: int) -> Inspection:
    case(session, who, inspection_id)
    inspection = session.get_one(Inspection, inspection_id)
    interaction = session.get_one(Interaction, inspection.interaction_id)
    mark = session.get(TrainingMark, interaction.id)
    case_no = Shown(session, who).in_inspection(inspection).hide(interaction.external_id)
    if inspection.state != "valid" or inspection.purpose != "record":
        raise InvalidInput("Only a valid inspection of record can be taught from.")
    if mark is not None and mark.kind == "never":
        raise InvalidInput("Case {case} must never be used in training.", case=case_no)
    if interaction.turn_count == 0 and session.get(Turn, (interaction.id, 1)) is not None:
        raise InvalidInput("Case {case} is past its retention.", case=case_no)
    if is_closed(interaction):
        raise InvalidInput("The customer of case {case} did not consent.", case=case_no)
    return inspection


def _evidence(session: Session, inspection_id: int) -> list[dict[str, Any]]:
    """The first turns that evidence points at, with the words it marks."""
    rows = session.execute(
        select(
            Evidence.turn_position,
            func.min(Evidence.start_offset),
            func.max(Evidence.end_offset),
        )
        .where(Evidence.inspection_id == inspection_id, Evidence.turn_position.is_not(None))
        .group_by(Evidence.turn_position)
        .order_by(Evidence.turn_position)
        .limit(_MOST_MARKED)
    )
    return [_mark(row) for row in rows]


def _mark(row: Iterable[Any]) -> dict[str, Any]:
    turn, start, end = row
    return {"turn": turn} if start is None else {"turn": turn, "start": start, "end": end}
