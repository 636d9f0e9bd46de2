"""Certificates as they are printed and looked up."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, may_know_names, require, visible_stations
from core.errors import NotFound, not_found
from db.people.models import Staff
from db.people.queries.shown_texts import HiddenNames, StaffLabels
from db.training.models import (
    ExamAttempt,
    TrainingCertificate,
    TrainingEnrolment,
    TrainingRun,
)

_NUMBER = re.compile(r"\s*0*(\d{1,12})[\s-]+([A-Za-z0-9\s-]{12,20})\s*")
_PART = 4


@dataclass(frozen=True)
class CertificateView:
    """A certificate; `staff_no` is empty and `name` a pseudonym for who may not know them."""

    id: int
    number: str
    name: str
    staff_no: str
    course: str
    version: int
    passed_on: date
    valid_until: date | None
    score: float
    may_print: bool


def certificate(session: Session, who: Identity, certificate_id: int) -> CertificateView:
    """A certificate to be printed: one's own, or of somebody whom one may know and trains.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    row = _row(session, certificate_id)
    own = row is not None and _is_own(who, row)
    if row is None or not (own or _may_name(who, row)):
        raise not_found(
            "This certificate does not exist.",
            user_id=who.user_id,
            subject=("training_certificate", certificate_id),
            exists=row is not None,
        )
    return _view(session, who, row)


def certificate_by_number(session: Session, who: Identity, number: str) -> CertificateView:
    """The certificate that has this number, as somebody shows it who wants to be believed.

    Raises:
        NotAllowed: the role does not see training.
        NotFound: no certificate has it, or it is of a station that one does not see.
    """
    require(who, Action.SEE_TRAINING)
    match = _NUMBER.fullmatch(number)
    row = _row(session, int(match[1])) if match else None
    code = re.sub(r"[\s-]", "", match[2]).upper() if match else ""
    visible = visible_stations(who, Action.SEE_TRAINING)
    if (
        row is None
        or not hmac.compare_digest(row.TrainingCertificate.code.encode(), code.encode())
        or not (visible is None or row.Staff.station_id in visible)
    ):
        raise NotFound("No certificate has this number.")
    return _view(session, who, row)


def _row(session: Session, certificate_id: int) -> Row[*tuple[Any, ...]] | None:
    return session.execute(
        select(TrainingCertificate, ExamAttempt.score, TrainingRun.trainer_id, Staff)
        .join(ExamAttempt, ExamAttempt.id == TrainingCertificate.attempt_id)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .where(TrainingCertificate.id == certificate_id)
    ).one_or_none()


def _is_own(who: Identity, row: Row[*tuple[Any, ...]]) -> bool:
    return (
        who.staff_id is not None
        and row.Staff.id == who.staff_id
        and can(who, Action.SEE_OWN_RESULTS)
    )


def _may_name(who: Identity, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether one may know whose it is: as the list of the run says it."""
    if not can(who, Action.SEE_TRAINING):
        return False
    visible = visible_stations(who, Action.SEE_TRAINING)
    sees = visible is None or row.Staff.station_id in visible
    return sees and (row.trainer_id == who.user_id or may_know_names(who, row.Staff.station_id))


def _view(session: Session, who: Identity, row: Row[*tuple[Any, ...]]) -> CertificateView:
    named = _is_own(who, row) or _may_name(who, row)
    labels = StaffLabels.for_training(session, who)
    issued = row.TrainingCertificate
    code = "-".join(
        issued.code[start : start + _PART] for start in range(0, len(issued.code), _PART)
    )
    return CertificateView(
        id=issued.id,
        number=f"{issued.id:06}-{code}",
        name=row.Staff.name if named else labels.label(row.Staff.id, row.Staff.station_id),
        staff_no=row.Staff.staff_no if named else "",
        course=HiddenNames(session, who).anywhere.hide(issued.title),
        version=issued.version,
        passed_on=issued.passed_on,
        valid_until=issued.valid_until,
        score=row.score,
        may_print=named,
    )
