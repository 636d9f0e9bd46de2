"""Deciding appeals, by people who had no part in the score, and setting the days of each step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.appeals.deadlines import WHOLE, Step
from core.appeals.states import APPEAL, AppealState
from core.errors import InvalidInput, NotAllowed
from core.safekeeping.masking import masked
from core.scoring import ScoreSheet, with_hidden_words
from db.appeals.models import AppealPoint, AppealTerm
from db.appeals.queries.appeals import terms
from db.appeals.rules import check_texts, had_a_hand, locked, points_of, sheet_of
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import FOR_APPEAL, Inspection
from db.inspection.services.amendments import amend
from db.store import audit
from db.store.moving import move

LONGEST_DAYS = 365


def decide_appeal(
    session: Session,
    *,
    who: Identity,
    appeal_id: int,
    answers: Mapping[str, Any],
    decisions: Mapping[str, str],
    now: datetime,
) -> int | None:
    """Decide every point of an appeal; what changes an answer amends the inspection.

    Args:
        answers: all answers, as they are to be from now on.
        decisions: the reason of the decision for each point.

    Returns:
        The id of the amended inspection; None where the score stands.

    Raises:
        InvalidInput: a point without a reason, an answer that the appeal does not reach, or
            answers that cannot be scored.
        OutOfTurn: it is no longer open.
        NotAllowed: it is the person's own score or scoring.
        NotFound: there is no such appeal.
    """
    require(who, Action.DECIDE_APPEALS)
    appeal, inspection = locked(session, appeal_id)
    if had_a_hand(session, who, appeal, inspection):
        raise NotAllowed(
            "Nobody decides an appeal on their own score or scoring.",
            user_id=who.user_id,
            subject=("appeal", appeal_id),
        )
    points = points_of(session, appeal_id)
    reasons = {key: masked(decisions.get(key, "").strip()) for key in points}
    check_texts(reasons.values(), "Give a reason for each point of the appeal.")
    if appeal.decided_by == who.user_id and reasons == {k: p.decision for k, p in points.items()}:
        return appeal.new_inspection_id  # the same click came twice
    APPEAL.by("decide_appeal", AppealState.KEPT).check(appeal.state)
    checklist = checklist_of(session, inspection.checklist_version_id)
    answers = with_hidden_words(checklist, answers, inspection.answers)
    changed = {key for key in {*answers, *inspection.answers} if _differs(key, answers, inspection)}
    _check_reach(sheet_of(session, inspection), set(points), changed)
    _write_down(points, reasons, changed)
    appeal.decided_by = who.user_id
    session.flush()  # amending closes the open appeals that nobody is deciding
    if changed:
        appeal.new_inspection_id = amend(
            session,
            who=who,
            inspection_id=inspection.id,
            answers=answers,
            reason=f"{FOR_APPEAL}{appeal_id}",
            now=now,
        )
    outcome = AppealState.CHANGED if changed else AppealState.KEPT
    decide = APPEAL.by("decide_appeal", to=outcome)
    move(session, appeal, decide, who=who, now=now, changed=sorted(changed))
    return appeal.new_inspection_id


def save_terms(session: Session, *, who: Identity, days: Mapping[Step, int], now: datetime) -> None:
    """Set how many calendar days there are to appeal, and to decide; open appeals keep theirs.

    Raises:
        InvalidInput: a number of days is not from 1 to 365.
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    if any(not 1 <= value <= LONGEST_DAYS for value in days.values()):
        raise InvalidInput("A time limit is from 1 to {most} days.", most=LONGEST_DAYS)
    before = terms(session)
    changed = {step: value for step, value in days.items() if before[step] != value}
    for step, value in changed.items():
        session.merge(AppealTerm(kind=step, days=value))
    if changed:
        subject = ("appeal_terms", "")
        audit.record(session, who, "save", subject, now=now, fields=sorted(changed))


def _write_down(
    points: Mapping[str, AppealPoint], reasons: Mapping[str, str], changed: Collection[str]
) -> None:
    for key, point in points.items():
        point.decision = reasons[key]
        point.outcome = "changed" if changed and key in {*changed, WHOLE} else "kept"


def _differs(key: str, answers: Mapping[str, Any], inspection: Inspection) -> bool:
    return bool(answers.get(key) != inspection.answers.get(key))


def _check_reach(sheet: ScoreSheet, points: set[str], changed: set[str]) -> None:
    """Only contested items may change, and items that a changed answer asks for the first time."""
    if WHOLE in points:
        return
    unasked = {item.key for item in sheet.items if item.status == "hidden"}
    if out_of_reach := changed - points - unasked:
        raise InvalidInput(
            "The appeal does not reach these items: {items}.", items=", ".join(sorted(out_of_reach))
        )
