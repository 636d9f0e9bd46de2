"""Practice rounds: who takes part, how far they are, and how their answers compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require
from core.checklist import Item
from core.teaching.asked_items import narrowed
from core.teaching.states import PracticeState, PracticeTaskState
from db.encounters.queries.consent import open_to_use
from db.people.models import User, UserRole
from db.people.queries.shown_texts import before_class, known_by_name
from db.teaching.models import (
    CaseSetMember,
    CaseSetVersion,
    PracticeParticipant,
    PracticeRound,
    PracticeTask,
)
from db.teaching.queries.practice_attempts import Attempt, attempts
from db.teaching.queries.practice_items import checklists_of_set
from db.teaching.services.practice import own_round, unknown_round

_HAS_CASE = PracticeTask.member_id.in_(
    select(CaseSetMember.id).where(open_to_use(CaseSetMember.interaction_id))
)


class RoundRow(NamedTuple):
    """A round in a list; `items` is how many are asked, 0 where whole checklists are."""

    round_id: int
    title: str
    set_title: str
    pass_mark: float
    attempts: int
    due_on: date | None
    items: int
    state: str
    opened_at: datetime
    done: int
    tasks: int


class Taker(NamedTuple):
    """Somebody who takes part, with all attempts."""

    user_id: int
    name: str
    is_reference: bool
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class RoundView:
    """A round as the trainer reads it; `items` are those asked, none where whole checklists are."""

    round_id: int
    version_id: int
    set_id: int
    title: str
    set_title: str
    pass_mark: float
    attempts: int
    due_on: date | None
    items: tuple[Item, ...]
    state: str
    reference: str
    takers: tuple[Taker, ...]


def rounds(session: Session, who: Identity) -> list[RoundRow]:
    """The rounds a trainer opened (quality managers: all), newest first.

    Raises:
        NotAllowed: the role does not teach.
    """
    require(who, Action.TEACH)
    own = [] if can(who, Action.AMEND) else [PracticeRound.opened_by == who.user_id]
    opened = session.scalars(select(PracticeRound).where(*own).order_by(PracticeRound.id.desc()))
    return [_row(session, round_, None) for round_ in opened]


def own_rounds(session: Session, who: Identity) -> list[RoundRow]:
    """The rounds the person takes part in, newest first; counts are of the last attempt.

    Raises:
        NotAllowed: the role does not practise.
    """
    require(who, Action.PRACTISE)
    joined = session.scalars(
        select(PracticeRound)
        .join(PracticeParticipant, PracticeParticipant.round_id == PracticeRound.id)
        .where(PracticeParticipant.user_id == who.user_id)
        .order_by(PracticeRound.id.desc())
    )
    return [_row(session, round_, who.user_id) for round_ in joined]


def round_view(session: Session, who: Identity, round_id: int) -> RoundView:
    """All of a round, for who opened it and for quality managers.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: it is somebody else's, or does not exist.
    """
    return _view(session, own_round(session, who, round_id), None)


def own_round_view(session: Session, who: Identity, round_id: int) -> RoundView:
    """A round with nobody's attempts but the person's own.

    Raises:
        NotAllowed: the role does not practise.
        NotFound: the person does not take part.
    """
    require(who, Action.PRACTISE)
    round_ = session.get(PracticeRound, round_id)
    if round_ is None or session.get(PracticeParticipant, (round_id, who.user_id)) is None:
        raise unknown_round(who.user_id, round_id, exists=round_ is not None)
    return _view(session, round_, who.user_id)


def next_task(session: Session, who: Identity, round_id: int) -> int | None:
    """The first case of the person's last attempt that is still open."""
    require(who, Action.PRACTISE)
    return session.scalar(
        select(PracticeTask.id)
        .join(PracticeRound, PracticeRound.id == PracticeTask.round_id)
        .where(
            PracticeTask.round_id == round_id,
            PracticeTask.user_id == who.user_id,
            PracticeTask.state == PracticeTaskState.OPEN,
            _HAS_CASE,
            PracticeRound.state == PracticeState.OPEN,
        )
        .order_by(PracticeTask.attempt.desc(), PracticeTask.position)
        .limit(1)
    )


def possible_takers(session: Session, who: Identity, roles: Iterable[str]) -> dict[int, str]:
    """Who may be asked to take part, by name: of the scored, those whose names one may know.

    Raises:
        NotAllowed: the role does not teach.
    """
    require(who, Action.TEACH)
    rows = session.execute(
        select(User.id, User.name, User.username)
        .where(
            User.active,
            User.id.in_(select(UserRole.user_id).where(UserRole.role.in_(list(roles)))),
            known_by_name(who),
        )
        .order_by(User.name, User.id)
    )
    return {user_id: f"{name} ({username})" for user_id, name, username in rows}


def _row(session: Session, round_: PracticeRound, user_id: int | None) -> RoundRow:
    there = or_(PracticeTask.state == PracticeTaskState.SUBMITTED, _HAS_CASE)
    tasks = [
        PracticeTask.round_id == round_.id,
        PracticeTask.state != PracticeTaskState.LEFT,
        there,
    ]
    if user_id is not None:
        last = select(func.max(PracticeTask.attempt)).where(*tasks, PracticeTask.user_id == user_id)
        tasks += [PracticeTask.user_id == user_id, PracticeTask.attempt == last.scalar_subquery()]
    states = session.scalars(select(PracticeTask.state).where(*tasks)).all()
    title = session.scalars(
        select(CaseSetVersion.title).where(CaseSetVersion.id == round_.version_id)
    ).one()
    names = before_class(session)
    return RoundRow(
        round_id=round_.id,
        title=names.hide(round_.title),
        set_title=names.hide(title),
        pass_mark=round_.pass_mark,
        attempts=round_.attempts,
        due_on=round_.due_on,
        items=len(round_.items),
        state=round_.state,
        opened_at=round_.opened_at,
        done=sum(state == PracticeTaskState.SUBMITTED for state in states),
        tasks=len(states),
    )


def _items(session: Session, round_: PracticeRound) -> tuple[Item, ...]:
    if not round_.items:
        return ()
    checklists = checklists_of_set(session, round_.version_id)
    asked = (narrowed(checklist, round_.items) for checklist in checklists)
    return tuple({item.key: item for checklist in asked for item in checklist.items()}.values())


def _view(session: Session, round_: PracticeRound, only: int | None) -> RoundView:
    version = session.get_one(CaseSetVersion, round_.version_id)
    people = session.execute(
        select(User.id, User.name)
        .join(PracticeParticipant, PracticeParticipant.user_id == User.id)
        .where(PracticeParticipant.round_id == round_.id)
        .order_by(User.name, User.id)
    ).all()
    names = {user_id: name for user_id, name in people if only in (None, user_id)}
    by_person = attempts(session, round_, list(names))
    reference = round_.reference_user_id
    hidden = before_class(session)
    return RoundView(
        round_id=round_.id,
        version_id=version.id,
        set_id=version.case_set_id,
        title=hidden.hide(round_.title),
        set_title=hidden.hide(version.title),
        pass_mark=round_.pass_mark,
        attempts=round_.attempts,
        due_on=round_.due_on,
        items=_items(session, round_),
        state=round_.state,
        reference=next((name for key, name in people if key == reference), ""),
        takers=tuple(
            Taker(key, name, key == reference, by_person.get(key, ()))
            for key, name in names.items()
        ),
    )
