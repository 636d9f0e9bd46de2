"""Everything that is stored about a customer or a member of staff, for the person who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.safekeeping import scrubbing as scrubbing_core
from core.teaching.states import PRACTICE_TASK
from db.appeals.models import Appeal, AppealPoint
from db.encounters.models import Interaction, Turn
from db.files.models import Accountability, File, FileStep
from db.inspection.models import (
    Acknowledgement,
    CorrectionRequest,
    Draft,
    Evidence,
    Inspection,
)
from db.inspectors.models import AnswerPattern, InspectorLean
from db.people import staff_list
from db.people.former_names import former_names
from db.people.identifiers import staff_id
from db.people.models import Staff, User
from db.safekeeping import personal_texts
from db.safekeeping.models import Customer
from db.safekeeping.services import scrubbing
from db.safekeeping.services.unmasking import ClearValue, clear_values
from db.sign_in.models import LoginSession
from db.store import audit
from db.store.base import Model, table_of
from db.store.keys import Keys
from db.store.models import AuditEvent, Notice, OpenForm
from db.teaching.models import CaseSetMember, PracticeRound, PracticeTask, SavedFilter
from db.training.models import ExamAttempt, TrainingCertificate, TrainingEnrolment

Data = dict[str, Any]
_SECRET = frozenset(
    {"password_hash", "token_hash", "browser_hash", "secret_hash", "cipher", "content_digest"}
)


def disclose_customer(
    session: Session, keys: Keys, *, who: Identity, reference: str, reason: str, now: datetime
) -> Data:
    """A customer's encounters with the transcript as it was said, files, texts that name them.

    Raises:
        InvalidInput: no reason is given.
        NotFound: nothing of this customer is stored.
    """
    _check(who, reason)
    refs = keys.pseudonyms_ever(reference.strip())
    rows = session.scalars(select(Interaction).where(Interaction.customer_ref.in_(refs))).all()
    files = session.scalars(select(File).where(File.customer_ref.in_(refs))).all()
    if (
        not rows
        and not files
        and not session.scalar(select(Customer.ref).where(Customer.ref.in_(refs)))
    ):
        raise NotFound("Nothing is stored of this person.")
    encounters = [_encounter(session, keys, row) for row in rows]
    clear = {value.text for row in rows for value in clear_values(session, keys, row.id)}
    why = scrubbing_core.scrubbed(reason, {reference.strip(), *clear})
    audit.record(session, who, "export", ("customer", refs[0]), now=now, reason=why, read=len(rows))
    values = {reference.strip(), *clear, *_numbers(rows, files)}
    return {
        "customer": reference.strip(),
        "encounters": encounters,
        "files": [_file(session, row) for row in files],
        "texts": _texts(session, values),
    }


def disclose_staff(
    session: Session, *, who: Identity, staff_no: str, reason: str, now: datetime
) -> Data:
    """A member of staff's record, account, results with what was noted, training, own deeds.

    Accounts come with practice and saved filters; at last whatever anybody wrote that names them.

    Transcripts stay masked: they are the customers'.

    Raises:
        InvalidInput: no reason is given.
        NotFound: nobody has this number.
    """
    _check(who, reason)
    row_id = staff_id(session, staff_no)
    staff = None if row_id is None else session.get(Staff, row_id)
    if staff is None:
        raise NotFound("Nothing is stored of this person.")
    users = session.scalars(select(User).where(User.staff_id == staff.id)).all()
    names = staff_list.names_of(session, staff.id)
    why = scrubbing_core.scrubbed(reason, names)
    audit.record(session, who, "export", ("staff", staff.id), now=now, reason=why)
    return {
        "staff": _row(staff),
        "former_names": [
            {"staff_no": number, "name": name} for number, name in former_names(session, staff.id)
        ],
        "accounts": [_account(session, user) for user in users],
        "results": [
            _result(session, row)
            for row in session.scalars(select(Inspection).where(Inspection.staff_id == staff.id))
        ],
        "encounters": [
            _row(row)
            for row in session.scalars(select(Interaction).where(Interaction.staff_id == staff.id))
        ],
        "answers_for": [
            _row(row)
            for row in session.scalars(select(Accountability).filter_by(staff_id=staff.id))
        ],
        "training": [
            _training(session, row)
            for row in session.scalars(select(TrainingEnrolment).filter_by(staff_id=staff.id))
        ],
        "texts": _texts(session, names),
    }


def _encounter(session: Session, keys: Keys, row: Interaction) -> Data:
    clear = clear_values(session, keys, row.id)
    turns = session.scalars(
        select(Turn).where(Turn.interaction_id == row.id).order_by(Turn.position)
    )
    return _row(row) | {
        "turns": [
            {"speaker": turn.speaker, "text": unmasked(turn.text, _of(clear, turn.position))}
            for turn in turns
        ],
        "clear_attributes": {value.field: value.text for value in _of(clear, 0)},
    }


def _numbers(rows: Iterable[Interaction], files: Iterable[File]) -> set[str]:
    return {row.external_id for row in rows} | {file.external_id for file in files}


def _file(session: Session, row: File) -> Data:
    steps = session.scalars(select(FileStep).filter_by(file_id=row.id).order_by(FileStep.at))
    return _row(row) | {"events": [_row(step) for step in steps]}


def unmasked(text: str, values: Iterable[ClearValue]) -> str:
    """A masked text with its clear stretches put back."""
    for value in values:
        end = value.start + len(value.text)
        text = text[: value.start] + value.text + text[end:]
    return text


def _of(values: Iterable[ClearValue], position: int) -> list[ClearValue]:
    return [value for value in values if value.position == position]


def _account(session: Session, user: User) -> Data:
    sessions = session.scalars(select(LoginSession).where(LoginSession.user_id == user.id))
    deeds = session.scalars(
        select(AuditEvent).where(AuditEvent.user_id == user.id).order_by(AuditEvent.id)
    )
    return _row(user) | {
        "roles": [role.role for role in user.roles],
        "sessions": [_row(row) for row in sessions],
        "log": [_row(row) for row in deeds],
        "notices": [
            _row(row) for row in session.scalars(select(Notice).filter_by(user_id=user.id))
        ],
        "open_forms": [
            _row(row) for row in session.scalars(select(OpenForm).filter_by(user_id=user.id))
        ],
        "corrections": [
            _row(row)
            for row in session.scalars(select(CorrectionRequest).filter_by(user_id=user.id))
        ],
        "answer_patterns": [
            _row(row) for row in session.scalars(select(AnswerPattern).filter_by(user_id=user.id))
        ],
        "leans": [
            _row(row) for row in session.scalars(select(InspectorLean).filter_by(user_id=user.id))
        ],
        "practice": _practice(session, user),
        "filters": [
            _row(row) for row in session.scalars(select(SavedFilter).filter_by(user_id=user.id))
        ],
    }


def _practice(session: Session, user: User) -> list[Data]:
    """What the person answered in practice, and the drafts of what is not submitted.

    `case` is the encounter's number, None once it left.
    """
    rows = session.execute(
        select(PracticeTask, PracticeRound.title, Interaction.external_id, Draft)
        .join(PracticeRound, PracticeRound.id == PracticeTask.round_id)
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .outerjoin(Interaction, Interaction.id == CaseSetMember.interaction_id)
        .outerjoin(Draft, Draft.of(PRACTICE_TASK, PracticeTask.id))
        .where(PracticeTask.user_id == user.id)
        .order_by(PracticeTask.id)
    )
    return [
        _row(task) | {"round": title, "case": case, "draft": _row(draft) if draft else None}
        for task, title, case, draft in rows
    ]


def _texts(session: Session, values: Collection[str]) -> list[Data]:
    """Whatever people wrote, anywhere, that names the person: where it stands, and the text."""
    names = scrubbing.naming(values)
    texts: list[Data] = []
    for model in personal_texts.personal_models():
        table = table_of(model).name

        def visit(column: str, text: str, table: str = table) -> None:
            if names(text):
                texts.append({"table": table, "column": column, "text": text})

        personal_texts.read(session, model, visit, names)
    return texts


def _result(session: Session, row: Inspection) -> Data:
    pins = session.scalars(select(Evidence).where(Evidence.inspection_id == row.id))
    seen = session.get(Acknowledgement, row.id)
    return _row(row) | {
        "evidence": [_row(pin) for pin in pins],
        "acknowledgement": _row(seen) if seen else None,
        "appeals": [
            _appeal(session, appeal)
            for appeal in session.scalars(select(Appeal).where(Appeal.inspection_id == row.id))
        ],
        "corrections": [
            _row(request)
            for request in session.scalars(
                select(CorrectionRequest).filter_by(inspection_id=row.id)
            )
        ],
    }


def _training(session: Session, row: TrainingEnrolment) -> Data:
    attempts = session.scalars(select(ExamAttempt).filter_by(enrolment_id=row.id)).all()
    certificates = session.scalars(
        select(TrainingCertificate).where(
            TrainingCertificate.attempt_id.in_([attempt.id for attempt in attempts])
        )
    )
    return _row(row) | {
        "exams": [_row(attempt) for attempt in attempts],
        "certificates": [_row(certificate) for certificate in certificates],
    }


def _appeal(session: Session, row: Appeal) -> Data:
    points = session.scalars(select(AppealPoint).where(AppealPoint.appeal_id == row.id))
    return _row(row) | {"points": [_row(point) for point in points]}


def _row(row: Model) -> Data:
    names = (column.name for column in table_of(type(row)).columns)
    return {name: _json_value(getattr(row, name)) for name in names if name not in _SECRET}


def _json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _check(who: Identity, reason: str) -> None:
    require(who, Action.KEEP_DATA)
    if not reason.strip():
        raise InvalidInput("Give a reason.")
