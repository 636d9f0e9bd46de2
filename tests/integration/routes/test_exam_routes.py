"""Pictures of questions and certificates as the browser asks for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from core.inspection.picture import read_picture
from db.people.models import User
from db.training.queries.own_training import own_training, paper
from db.training.services import exams
from db.training.services.exam_questions import QuestionData, picture_file, save_question
from pages.ui.kit import wiring
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house.routes import signed_in
from tests.support.inspection.pictures import photo
from tests.support.training.trainees import held, make_trainees

PICTURE = "0123456789abcdef" * 2
ASKED = QuestionData(
    question={"en": "What is wrong here?"},
    options=tuple({"en": text} for text in ("This", "That", "Nothing")),
    right=(0,),
)


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("trainees", make_trainees) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def attempt(wired):
    """kim's exam, with a question that has a picture."""
    wiring.files().write(picture_file(PICTURE), read_picture(photo()).data)
    with wired.transaction() as session:
        _run, course = held(session, items=("ATD-01",), questions=30)
        tina, kim = identity(session, "tina"), identity(session, "kim")
        data = replace(ASKED, picture=PICTURE)
        save_question(session, who=tina, course_id=course, question_id=None, data=data, now=NOW)
        [own] = own_training(session, kim, NOW.date()).runs
        return exams.start_exam(session, who=kim, enrolment_id=own.enrolment_id, seed=1, now=NOW)


def test_a_picture_is_shown_to_who_is_asked_and_to_nobody_else(client, attempt):
    for name, status in (("kim", 200), ("tina", 200), ("charlie", 404), ("alice", 404)):
        signed_in(client, name)
        answer = client.get(f"/api/exam-picture/{PICTURE}")
        assert answer.status_code == status, name
    signed_in(client, "kim")
    shown = client.get(f"/api/exam-picture/{PICTURE}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.content[:2] == b"\xff\xd8"
    for name in ("../../portal.db", "x", "f" * 32):
        assert client.get(f"/api/exam-picture/{name}").status_code == 404


def test_a_certificate_is_printed_by_the_person_and_in_their_language(client, wired, attempt):
    with wired.transaction() as session:
        kim = identity(session, "kim")
        right = {
            place: question.right
            for place, question in enumerate(paper(session, kim, attempt).questions)
        }
        exams.hand_in(session, who=kim, attempt_id=attempt, answers=right, now=NOW)
    signed_in(client, "kim")
    for language, title in (("en", "Certificate"), ("zh_TW", "合格證書"), ("zh_CN", "合格证书")):
        with wired.transaction() as session:
            session.execute(update(User).filter_by(username="kim").values(language=language))
        page = client.get("/training/certificate/1")
        assert page.status_code == 200
        assert "K-00" in page.text
        assert f"<h1>{title}</h1>" in page.text
    signed_in(client, "charlie")
    assert client.get("/training/certificate/1").status_code == 404
    assert client.get("/training/certificate/2").status_code == 404
