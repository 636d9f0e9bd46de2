"""Certificates: what an exam passed in the portal leaves."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Identity
from core.clock.days import add_months
from db.store import audit
from db.store.days import portal_day
from db.training.models import (
    ExamAttempt,
    TrainingCertificate,
    TrainingCourse,
    TrainingEnrolment,
    TrainingRun,
)

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is read for another."""
_LENGTH = 12


def certify(
    session: Session, who: Identity | None, attempt: ExamAttempt, now: datetime
) -> TrainingCertificate | None:
    """Leave a certificate for an attempt just marked; None where it is not passed.

    It says what the course is called and which version it is in on that day, and until when it
    holds where the course recurs. Nothing said later about the course changes it.
    """
    enrolment = session.get_one(TrainingEnrolment, attempt.enrolment_id)
    run = session.get_one(TrainingRun, enrolment.run_id)
    course = session.get_one(TrainingCourse, run.course_id)
    if attempt.score is None or attempt.score < course.pass_mark:
        return None
    passed_on = portal_day(session, attempt.finished_at or now)
    months = course.interval_months
    certificate = TrainingCertificate(
        attempt_id=attempt.id,
        code="".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)),
        title=course.title,
        version=course.version,
        passed_on=passed_on,
        valid_until=add_months(passed_on, months) if months else None,
        issued_at=now,
    )
    session.add(certificate)
    session.flush()  # the log names the id
    audit.record(session, who, "issue", ("training_certificate", certificate.id), now=now)
    return certificate
