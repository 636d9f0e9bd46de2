"""Cases in a set: collecting them, their order, and what is taught from each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.inspection.states import InspectionState
from core.people.staff_names import StaffNames
from core.safekeeping.masking import masked
from core.text.search_query import query_of
from core.text.words import Word, spans
from db.cases.queries.case import CaseView, case
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import is_closed, require_open
from db.inspection.models import Evidence, Inspection
from db.people.queries.shown_texts import HiddenNames
from db.store import audit
from db.teaching.models import CaseSetMember, CaseSetVersion, TrainingMark
from db.teaching.services.case_sets import draft_of, members_of

MOST_CASES = 60
_MOST_MARKED = 4


@dataclass(frozen=True)
class Lesson:
    """What a trainer writes to a case; `marked` are the turns shown in class."""

    note: str = ""
    question: str = ""
    answer: str = ""
    marked: tuple[int, ...] = ()


_TEXTS = ("note", "question", "answer")


class KeptLesson(NamedTuple):
    """A lesson as it is stored; `is_joined` where a text holds somebody else's newer words too."""

    lesson: Lesson
    is_joined: bool


class LessonTexts(Protocol):
    """A case in a set, as a row or as it is read."""

    @property
    def note(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def marked(self) -> Iterable[Mapping[str, Any]]: ...


def add_cases(
    session: Session,
    *,
    who: Identity,
    set_id: int,
    inspection_ids: Sequence[int],
    now: datetime,
    words: str = "",
) -> int:
    """Put cases at the end of the draft, each once; returns how many are new in it.

    The turns with what was searched for are marked to begin with, in a case where none has it those
    that evidence points at.

    Args:
        session: of the caller.
        who: the owner of the set.
        set_id: the set; of an issued one a draft is begun.
        inspection_ids: the cases, in order.
        now: of adding them.
        words: what the cases were searched for by, as it was typed; empty for nothing.

    Raises:
        InvalidInput: a case must not be used in training, or the set would grow too large.
        NotFound: a case does not exist, or lies outside what the person may see.
    """
    draft = draft_of(session, who, set_id, now)
    members = members_of(session, draft.id)
    present = {member.inspection_id for member in members}
    fresh = [key for key in dict.fromkeys(inspection_ids) if key not in present]
    if len(members) + len(fresh) > MOST_CASES:
        raise InvalidInput("A set holds at most {most} cases.", most=MOST_CASES)
    searched = query_of(words).wanted
    for position, inspection_id in enumerate(fresh, start=len(members) + 1):
        view = case(session, who, inspection_id)
        inspection = _usable(session, who, inspection_id)
        session.add(
            CaseSetMember(
                version_id=draft.id,
                position=position,
                inspection_id=inspection.id,
                interaction_id=inspection.interaction_id,
                marked=_said(view, searched) or _evidence(session, inspection.id),
            )
        )
        audit.record(
            session, who, "collect", ("inspection", inspection_id), now=now, case_set=set_id
        )
    return len(fresh)


def save_lesson(
    session: Session,
    *,
    who: Identity,
    member_id: int,
    opened: Lesson,
    lesson: Lesson,
    now: datetime,
) -> KeptLesson:
    """Keep what is taught from a case of a draft.

    A text that was changed elsewhere since it was opened is not replaced: both stay, below each
    other. Turns are marked and unmarked one by one. Where nothing was changed nothing is stored.

    Args:
        session: of the caller.
        who: the owner of the set.
        member_id: the case in the newest version; of an issued one a draft is begun.
        opened: the lesson as the writer got it.
        lesson: the lesson as the writer has it now.
        now: of saving.

    Raises:
        NotFound: the case is no longer in the set, or the set is somebody else's.
    """
    require(who, Action.TEACH)
    if lesson == opened:
        return KeptLesson(lesson, is_joined=False)
    member, _ = _of_draft(session, who, member_id, now)
    if member.interaction_id is not None:
        require_open(session, member.interaction_id)
    hide = _names_hidden_from(session, who, member).hide
    is_joined = False
    for name in _TEXTS:
        before, mine, theirs = (getattr(source, name) for source in (opened, lesson, member))
        text, is_both = _joined(before, mine, theirs, hide)
        setattr(member, name, text)
        is_joined = is_joined or is_both
    marks = {mark["turn"]: mark for mark in member.marked}
    marked_before, marked_now = set(opened.marked), set(lesson.marked)
    turns = sorted((set(marks) | (marked_now - marked_before)) - (marked_before - marked_now))
    member.marked = [marks.get(turn, {"turn": turn}) for turn in turns]
    session.flush()  # whoever locks the set next reads it anew
    return KeptLesson(lesson_of(member, hide), is_joined=is_joined)


def lesson_of(member: LessonTexts, hide: Callable[[str], str] = str) -> Lesson:
    """What is taught from a case, through `hide` for who may not know the names in it."""
    turns = tuple(mark["turn"] for mark in member.marked)
    return Lesson(
        note=hide(member.note),
        question=hide(member.question),
        answer=hide(member.answer),
        marked=turns,
    )


def move(session: Session, *, who: Identity, member_id: int, by: int, now: datetime) -> None:
    """Change places with the case before (by -1) or behind (by 1)."""
    member, draft = _of_draft(session, who, member_id, now)
    members = members_of(session, draft.id)
    position = members.index(member)
    other = members[min(max(position + by, 0), len(members) - 1)]
    member.position, other.position = other.position, member.position


def remove(session: Session, *, who: Identity, member_id: int, now: datetime) -> None:
    """Take a case out of the draft."""
    member, draft = _of_draft(session, who, member_id, now)
    session.delete(member)
    session.flush()
    for position, left in enumerate(members_of(session, draft.id), start=1):
        left.position = position


def _of_draft(
    session: Session, who: Identity, member_id: int, now: datetime
) -> tuple[CaseSetMember, CaseSetVersion]:
    """A case of the draft; of an issued version, its copy in the draft made now."""
    set_id = session.scalar(
        select(CaseSetVersion.case_set_id)
        .join(CaseSetMember, CaseSetMember.version_id == CaseSetVersion.id)
        .where(CaseSetMember.id == member_id)
    )
    if set_id is None:
        raise NotFound("This case is no longer in the set.")
    draft = draft_of(session, who, set_id, now)
    member = session.get(CaseSetMember, member_id)  # only now: nobody else changes the set
    if member is not None and member.version_id == draft.id:
        return member, draft
    twins = (
        candidate
        for candidate in members_of(session, draft.id)
        if member and _same(candidate, member)
    )
    twin = next(twins, None)
    if twin is None:
        raise NotFound("This case is no longer in the set.")
    return twin, draft


def _joined(opened: str, mine: str, theirs: str, hide: Callable[[str], str]) -> tuple[str, bool]:
    """What to store, and whether it holds both somebody else's newer words and these.

    The writer got the stored text through `hide`: a name that was hidden is no newer word.
    """
    if mine == opened:
        return theirs, False
    text, seen = masked(mine.strip()), hide(theirs)
    if seen == opened or seen in text:
        return text, False
    if text in seen:
        return theirs, False
    return f"{theirs}\n\n{text}", True


def _names_hidden_from(session: Session, who: Identity, member: CaseSetMember) -> StaffNames:
    hiding = HiddenNames(session, who)
    if member.inspection_id is None:
        return hiding.anywhere
    return hiding.in_inspection(session.get_one(Inspection, member.inspection_id))


def _same(one: CaseSetMember, other: CaseSetMember) -> bool:
    return one.inspection_id is not None and one.inspection_id == other.inspection_id


def _usable(session: Session, who: Identity, inspection_id: int) -> Inspection:
    inspection = session.get_one(Inspection, inspection_id)
    interaction = session.get_one(Interaction, inspection.interaction_id)
    mark = session.get(TrainingMark, interaction.id)
    case_no = HiddenNames(session, who).in_inspection(inspection).hide(interaction.external_id)
    if inspection.state != InspectionState.VALID or inspection.purpose != "record":
        raise InvalidInput("Only a valid inspection of record can be taught from.")
    if mark is not None and mark.kind == "never":
        raise InvalidInput("Case {case} must never be used in training.", case=case_no)
    if interaction.turn_count == 0 and session.get(Turn, (interaction.id, 1)) is not None:
        raise InvalidInput("Case {case} is past its retention.", case=case_no)
    if is_closed(interaction):
        raise InvalidInput("The customer of case {case} did not consent.", case=case_no)
    return inspection


def _said(view: CaseView, words: Sequence[Word]) -> list[dict[str, Any]]:
    """The turns with most of the words, and where the first of these stands in each."""
    hits = {
        turn.position: hit
        for turn in view.turns
        if (hit := [places for word in words if (places := spans(word, turn.text))])
    }
    most = sorted(hits, key=lambda position: (-len(hits[position]), position))[:_MOST_MARKED]
    return [
        {"turn": position, "start": first.start, "end": first.end}
        for position in sorted(most)
        for first in [min(chain.from_iterable(hits[position]))]
    ]


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
