"""Practice: opening a round on a case set, taking part, trying again, closing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, can, require
from core.errors import InvalidInput, NotFound, not_found
from core.inspection.states import AssignmentState
from core.teaching.asked_items import asks_any
from core.teaching.states import PRACTICE, PracticeState
from db.checklists.parsed_versions import checklist_of
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Assignment, Inspection
from db.people.models import User, UserRole
from db.people.queries.shown_texts import known_by_name
from db.store import audit
from db.store.moving import move
from db.teaching.models import (
    CaseSetMember,
    CaseSetVersion,
    PracticeParticipant,
    PracticeRound,
    PracticeTask,
)
from db.teaching.queries.case_sets import case_set
from db.teaching.queries.practice_attempts import AnswerPair, answer_pairs, last_attempt
from db.teaching.queries.practice_items import checklists_of_set

MOST_ATTEMPTS = 9
PRACTISING = (Role.STAFF, Role.INSPECTOR, Role.TRAINER, Role.QUALITY_MANAGER)


@dataclass(frozen=True)
class Terms:
    """What a trainer decides about a practice; see PracticeRound.

    `items` are the keys of those asked, with which come the items that decide whether they are
    asked; none means whole checklists.
    """

    title: str
    pass_mark: float = 80.0
    attempts: int = 2
    due_on: date | None = None
    reference_user_id: int | None = None
    items: Collection[str] = ()


def open_round(
    session: Session,
    *,
    who: Identity,
    version_id: int,
    terms: Terms,
    user_ids: Sequence[int],
    now: datetime,
) -> int:
    """A practice on an issued version, with its participants' first attempts; returns its id.

    Raises:
        InvalidInput: the version is not issued, nobody takes part, or a term makes no sense.
        NotFound: the set is not there for this trainer.
    """
    require(who, Action.TEACH)
    version = session.get(CaseSetVersion, version_id)
    if version is None:
        raise NotFound("This case set does not exist.")
    case_set(session, who, version.case_set_id)
    _check(version, terms, user_ids)
    _check_items(session, version_id, terms.items)
    made = PracticeRound(
        version_id=version_id,
        title=terms.title.strip()[:200],
        pass_mark=terms.pass_mark,
        attempts=terms.attempts,
        due_on=terms.due_on,
        reference_user_id=terms.reference_user_id,
        items=sorted(set(terms.items)),
        opened_by=who.user_id,
        opened_at=now,
    )
    session.add(made)
    session.flush()  # participants need the new id
    _admit(session, who, made, user_ids, now)
    audit.record(
        session, who, "open", ("practice", made.id), now=now, participants=len(set(user_ids))
    )
    return made.id


def admit(
    session: Session, *, who: Identity, round_id: int, user_ids: Sequence[int], now: datetime
) -> None:
    """Let more people take part."""
    round_ = own_round(session, who, round_id)
    _must_be_open(round_)
    _admit(session, who, round_, user_ids, now)
    audit.record(session, who, "admit", ("practice", round_id), now=now, participants=len(user_ids))


def close_round(session: Session, *, who: Identity, round_id: int, now: datetime) -> None:
    """End a practice: nothing more is submitted, and participants see every answer."""
    round_ = own_round(session, who, round_id)
    if round_.state != PracticeState.CLOSED:
        move(session, round_, PRACTICE.by("close"), who=who, now=now)


def retake(session: Session, *, who: Identity, round_id: int, now: datetime) -> None:
    """Begin another attempt after one that did not pass.

    Raises:
        InvalidInput: the last attempt is not finished or passed, or no attempt is left.
        NotFound: the person does not take part.
    """
    require(who, Action.PRACTISE)
    round_ = session.scalar(
        select(PracticeRound)
        .join(PracticeParticipant, PracticeParticipant.round_id == PracticeRound.id)
        .where(PracticeRound.id == round_id, PracticeParticipant.user_id == who.user_id)
        .with_for_update(of=PracticeRound)
    )
    if round_ is None:
        foreign_round = session.get(PracticeRound, round_id)
        raise unknown_round(who.user_id, round_id, exists=foreign_round is not None)
    _must_be_open(round_)
    last = last_attempt(session, round_, who.user_id)
    if last is None or last.outcome is None or last.outcome.passes(round_.pass_mark):
        raise InvalidInput("Only a finished attempt that did not pass can be repeated.")
    if last.number >= round_.attempts:
        raise InvalidInput("No attempt is left.")
    _give_tasks(session, round_, who.user_id, last.number + 1)
    audit.record(session, who, "retake", ("practice", round_id), now=now, attempt=last.number + 1)


def open_answers(
    session: Session, *, who: Identity, round_id: int, task_ids: Sequence[int], now: datetime
) -> list[AnswerPair]:
    """What somebody answered, as `answer_pairs`, and the note of each case that it was read.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: the round is somebody else's, or does not exist.
    """
    own_round(session, who, round_id)
    pairs = answer_pairs(session, who, round_id, task_ids)
    for task_id in sorted({pair.task_id for pair in pairs}):
        audit.record(session, who, "view", ("practice_task", task_id), now=now, practice=round_id)
    return pairs


def own_round(session: Session, who: Identity, round_id: int) -> PracticeRound:
    """A round that the person opened; quality managers reach every one.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: it is somebody else's, or does not exist.
    """
    require(who, Action.TEACH)
    round_ = session.get(PracticeRound, round_id)
    if round_ is None or (round_.opened_by != who.user_id and not can(who, Action.AMEND)):
        raise unknown_round(who.user_id, round_id, exists=round_ is not None)
    return round_


def unknown_round(user_id: int, round_id: int, *, exists: bool) -> NotFound:
    """What to raise for a round that does not exist or that the person has no part in."""
    return not_found(
        "This practice does not exist.",
        user_id=user_id,
        subject=("practice", round_id),
        exists=exists,
    )


def _check(version: CaseSetVersion, terms: Terms, user_ids: Sequence[int]) -> None:
    if version.issued_at is None:
        raise InvalidInput("Issue the set before you hold a practice on it.")
    if not terms.title.strip():
        raise InvalidInput("Give the practice a title.")
    if not 0 < terms.pass_mark <= 100:
        raise InvalidInput("The pass mark is a percentage above 0.")
    if not 1 <= terms.attempts <= MOST_ATTEMPTS:
        raise InvalidInput("There are 1 to {most} attempts.", most=MOST_ATTEMPTS)
    if not set(user_ids) - {terms.reference_user_id}:
        raise InvalidInput("Choose who takes part.")


def _check_items(session: Session, version_id: int, items: Collection[str]) -> None:
    checklists = checklists_of_set(session, version_id)
    known = {key for checklist in checklists for key in checklist.by_key}
    for key in set(items) - known:
        raise InvalidInput("No case of the set was scored on the item {item}.", item=key)
    if checklists and not any(asks_any(checklist, items) for checklist in checklists):
        raise InvalidInput("Choose an item that scores.")


def _admit(
    session: Session,
    who: Identity,
    round_: PracticeRound,
    user_ids: Sequence[int],
    now: datetime,
) -> None:
    participants = set(
        session.scalars(
            select(PracticeParticipant.user_id).where(PracticeParticipant.round_id == round_.id)
        )
    )
    newcomers = {*user_ids, round_.reference_user_id} - {None} - participants
    practising = select(UserRole.user_id).where(UserRole.role.in_(PRACTISING))
    fit = session.scalars(
        select(User.id).where(
            User.id.in_(newcomers), User.active, User.id.in_(practising), known_by_name(who)
        )
    ).all()
    if len(fit) < len(newcomers):
        raise InvalidInput(
            "Only people who score can take part, and of those who are scored your trainees."
        )
    for user_id in sorted(fit):
        session.add(PracticeParticipant(round_id=round_.id, user_id=user_id, added_at=now))
        _give_tasks(session, round_, user_id, 1)


def _give_tasks(session: Session, round_: PracticeRound, user_id: int, attempt: int) -> None:
    """The cases in order but for those the person judged, is to judge, or is judged in.

    Cases whose checklist has none of the items that are asked are left out.
    """
    staff_id = session.scalars(select(User.staff_id).where(User.id == user_id)).one()
    rows = session.execute(
        select(
            CaseSetMember.id,
            Inspection.inspector_id,
            Inspection.staff_id,
            Inspection.checklist_version_id,
        )
        .join(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .where(
            CaseSetMember.version_id == round_.version_id,
            open_to_use(CaseSetMember.interaction_id),
            Inspection.interaction_id.not_in(
                select(Assignment.interaction_id).where(
                    Assignment.inspector_id == user_id, Assignment.state == AssignmentState.OPEN
                )
            ),
        )
        .order_by(CaseSetMember.position)
    )
    fit = [
        member_id
        for member_id, inspector_id, judged, version_id in rows
        if inspector_id != user_id
        and (staff_id is None or judged != staff_id)
        and asks_any(checklist_of(session, version_id), round_.items)
    ]
    if not fit:
        raise InvalidInput("Nobody takes part who knows every case of the set already.")
    session.add_all(
        PracticeTask(
            round_id=round_.id,
            user_id=user_id,
            attempt=attempt,
            member_id=member_id,
            position=position,
        )
        for position, member_id in enumerate(fit, start=1)
    )


def _must_be_open(round_: PracticeRound) -> None:
    if round_.state != PracticeState.OPEN:
        raise InvalidInput(PRACTICE.refusal)
