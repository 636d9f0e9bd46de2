"""The demo's lessons: two case sets, a practice on one of them, and a correction asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput
from core.inspection.states import InspectionState
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases
from db.inspection.models import Finding, Inspection
from db.inspection.services.corrections import ask_for_correction
from db.people.models import User
from db.people.services.identities import identity_of
from db.store.days import portal_day
from db.teaching.models import CaseSetMember
from db.teaching.services.case_sets import issue, make_set, newest, share
from db.teaching.services.lessons import Lesson, add_cases, lesson_of, save_lesson
from db.teaching.services.practice import Terms, open_round

_TRAINER, _INSPECTOR, _PRACTISING = "trainer", "ins01", ("ins02", "ins03", "staff")
_CASES = 4
_SET_DAYS, _PRACTICE_DAYS, _ASKED_DAYS, _DUE_DAYS = 12, 9, 2, 10
_LOST = ({"value": "no"}, {"value": "no_with_loss"})
_RECALL = timedelta(minutes=10)


def load_lessons(session: Session, *, now: datetime) -> None:
    """What the demo's trainer and an inspector did, through the services."""
    trainer = _identity(session, _TRAINER)
    taught = now - timedelta(days=_SET_DAYS)
    lowest, best = CaseFilter(channel="phone"), CaseFilter(channel="phone", best_first=True)
    version_id = _set(session, trainer, _WARNING, _first_of(session, trainer, lowest), taught)
    _set(session, trainer, _EXAMPLE, _first_of(session, trainer, best), taught)
    _practise(session, trainer, version_id, now)
    _ask(session, now)


def _first_of(session: Session, who: Identity, criteria: CaseFilter) -> list[int]:
    """The first cases of a filter, lowest or best ones first."""
    page = cases(session, who, criteria, limit=_CASES)
    return [row.inspection_id for row in page.rows]


def _set(
    session: Session,
    who: Identity,
    wording: tuple[str, str, Lesson],
    inspection_ids: Sequence[int],
    now: datetime,
) -> int | None:
    """An issued set of the cases that may be taught from, with a lesson at the first."""
    title, purpose, lesson = wording
    set_id = make_set(session, who=who, title=title, purpose=purpose, now=now)
    share(session, who=who, set_id=set_id, shared=True, now=now)
    for inspection_id in inspection_ids:
        try:
            with session.begin_nested():
                add_cases(session, who=who, set_id=set_id, inspection_ids=[inspection_id], now=now)
        except InvalidInput:
            continue  # must not be taught from
    version_id = newest(session, set_id).id
    members = select(CaseSetMember).filter_by(version_id=version_id)
    first = session.scalars(members.order_by(CaseSetMember.position)).first()
    if first is None:
        return None
    opened = lesson_of(first)
    taught = replace(lesson, marked=opened.marked)
    save_lesson(session, who=who, member_id=first.id, opened=opened, lesson=taught, now=now)
    issue(session, who=who, set_id=set_id, now=now)
    return version_id


def _practise(session: Session, who: Identity, version_id: int | None, now: datetime) -> None:
    """A practice that waits for two inspectors and the demo's member of staff."""
    if version_id is None:
        return
    opened = now - timedelta(days=_PRACTICE_DAYS)
    due = portal_day(session, now) + timedelta(days=_DUE_DAYS)
    people = session.scalars(select(User.id).where(User.username.in_(_PRACTISING))).all()
    terms = Terms("電話案例評分練習 Scoring calls alike", pass_mark=80, attempts=2, due_on=due)
    open_round(
        session, who=who, version_id=version_id, terms=terms, user_ids=list(people), now=opened
    )


def _ask(session: Session, now: datetime) -> None:
    """The inspector's newest result that lost an item by a plain no: a slip of the key."""
    who = _identity(session, _INSPECTOR)
    asked_at = now - timedelta(days=_ASKED_DAYS)
    rows = session.scalars(
        select(Inspection)
        .where(
            Inspection.inspector_id == who.user_id,
            Inspection.purpose == "record",
            Inspection.state == InspectionState.VALID,
            Inspection.submitted_at < asked_at - timedelta(days=1),
        )
        .order_by(Inspection.submitted_at.desc(), Inspection.id.desc())
        .limit(20)
    )
    for row in rows:
        lost = select(Finding.item_key).where(Finding.inspection_id == row.id)
        for key in session.scalars(lost.order_by(Finding.item_key)):
            if row.answers.get(key) in _LOST:
                ask_for_correction(
                    session,
                    who=who,
                    inspection_id=row.id,
                    words=f"{key}：按錯鍵記成「否」，請改為「是」。",
                    within=_RECALL,
                    now=asked_at,
                )
                return


def _identity(session: Session, username: str) -> Identity:
    return identity_of(session, session.scalars(select(User).filter_by(username=username)).one())


_WARNING = (
    "電話：從失分案例學 Calls that lost most",
    "看出哪一步漏掉了，以及怎麼說會更好。 See which step was left out, and how to put it better.",
    Lesson(
        note="先讓學員自己指出問題，再看評分。 Let the class find it before the score is shown.",
        question="這通電話少了哪一步？ Which step is missing in this call?",
        answer="對照檢查表逐項找出失分的項目。 Go through the lost items of the checklist.",
    ),
)
_EXAMPLE = (
    "電話：好案例 Calls done well",
    "聽見好的說法，照著練習。 Hear good wording, and practise it.",
    Lesson(
        note="停在開場與結尾各一次。 Pause once at the opening and once at the close.",
        question="哪一句話讓顧客安心？ Which sentence put the customer at ease?",
        answer="指出那一句，並說明為什麼。 Name the sentence, and say why.",
    ),
)
