"""A portal in which every stored text that people wrote or said names a member of staff."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import JSON, String, Text, literal, select, update

from core.access import Role
from core.i18n import CONTENT_LANGUAGES
from core.periods import Period
from core.training import Reason
from db.cases import services
from db.encounters import search_index
from db.inspection.models import Assignment
from db.inspection.services.amendments import amend
from db.inspection.services.assignments import skip
from db.inspection.services.drafts import Work, save_draft
from db.results.services.acknowledgements import acknowledge
from db.results.services.trend_notes import write_note
from db.store import audit
from db.store.base import Json, Model, PersonalJson, PersonalText
from db.store.models import Notice
from db.teaching.models import PracticeTask
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, practice, withdrawal
from db.teaching.services.lessons import Lesson
from db.teaching.tasks import PRACTISED
from db.training.models import TrainingEnrolment
from db.training.services import courses, exams
from db.training.services.attendance import AttendanceResult, enrol, record_results
from db.training.services.courses import CourseData, RunData
from db.training.services.exam_questions import CaseStretch, QuestionData, save_question
from tests.factories import identity, make_staff, make_user
from tests.support.appeals.appealing import decided, raised
from tests.support.clock import NOW
from tests.support.improvements.acting import stored_action
from tests.support.inspection.correcting import asked, declined
from tests.support.inspection.inspecting import NO, PIN, answers
from tests.support.teaching.practising import TERMS, hand_in
from tests.support.warning.watching import stored_warning

NAME, SIMPLIFIED, NUMBER = "陳麗華", "陈丽华", "YF10031"
SAID = f" 我是客服{NAME}，同事{SIMPLIFIED}，工號{NUMBER}。"
SIGNS = (NAME, SIMPLIFIED, NUMBER)

# What stands in these is laid down by the portal or by an administrator: no text about an
# encounter or a lesson. A new table or column of texts is filled until it stands here.
LAID_DOWN = {
    *("user_account", "user_role", "login_session", "station", "staff", "meta", "service_key"),
    *(
        "audit_event",
        "audit_seal",
        "checklist",
        "checklist_version",
        "standard_item",
        "ranking",
        "import_batch",
    ),
}
LAID_DOWN_COLUMNS = {
    *("interaction.recording", "photo.name", "evidence.photo", "training_enrolment.source"),
}


def _noted(given):
    return {key: {**answer, "note": SAID} for key, answer in given.items()}


_EVENT = {"name": "called", "at": NOW.isoformat(), "remark": SAID}
_JSON = {
    "interaction.attributes": lambda kept: {**kept, "remark": SAID, "deep": {"list": [SAID]}},
    "interaction.events": lambda kept: [
        *kept,
        {"name": "called", "at": NOW.isoformat(), "remark": SAID},
    ],
    "inspection.answers": _noted,
    "draft.answers": _noted,
    "draft.evidence": lambda kept: [*kept, {**PIN, "note": SAID}],
    "practice_task.answers": _noted,
    "practice_task.evidence": lambda kept: [*kept, {**PIN, "note": SAID}],
    "case_set_member.marked": lambda kept: [{**mark, "note": SAID} for mark in kept],
    "exam_question.question": lambda kept: {name: text + SAID for name, text in kept.items()},
    "exam_question.why": lambda kept: {name: text + SAID for name, text in kept.items()},
    "exam_question.options": lambda kept: [
        {name: text + SAID for name, text in texts.items()} for texts in kept
    ],
    "saved_filter.address": lambda kept: {**kept, "words": SAID},
}


class Named:
    """The world with a case, a set, a practice, a course, an appeal, all of them naming her."""

    def __init__(self, world):
        self.world = world
        self.staff_id = world.staff(name=NAME, staff_no=NUMBER).id
        with world.seeded.transaction() as session:
            for name, role in (("tina", Role.TRAINER), ("sam", Role.STAFF), ("irma", Role.AUDITOR)):
                make_user(session, name, role)
            self.readers = {name: identity(session, name) for name in ("tina", "sam", "irma")}
            make_staff(session, name="Somebody Else")
        self.readers |= {"charlie": world.charlie, "alice": world.alice}
        self._encounters()
        self._lessons()
        self._training()
        self._actions()
        with world.seeded.transaction() as session:
            fill(session)
            audit.record(
                *(session, world.alice, "mark", ("inspection", self.case)),
                now=NOW,
                reason=SAID,
                about=SAID,
            )
            search_index.reindex(session, lambda done, total: None)

    def _encounters(self):
        world = self.world
        self.case = world.scored(HELLO=NO, NAME=NO, evidence=[PIN], note="slow")
        other = world.scored(HELLO=NO, evidence=[PIN])
        contested = world.scored(HELLO=NO)
        self.amended = world.do(
            amend,
            world.bob,
            inspection_id=other,
            answers=answers(NAME=NO),
            reason="wrong item",
        )
        world.do(acknowledge, world.charlie, inspection_id=self.case, comment="seen")
        aside = world.assigned()
        with world.seeded.transaction() as session:
            task = session.get_one(Assignment, aside)
            skip(session, who=world.alice, assignment=task, reason="slow", now=NOW)
        world.do(write_note, world.bob, station_id=None, day=NOW.date(), words="fair")
        decided(world, raised(world, contested))
        asked(world, self.case)
        declined(world, asked(world, world.scored(HELLO=NO)))
        raised(world, world.scored(HELLO=NO))

    def _lessons(self):
        world, tina, sam = self.world, self.readers["tina"], self.readers["sam"]
        self.set_id = world.do(sets.make_set, tina, title="Set", purpose="Why")
        world.do(lessons.add_cases, tina, set_id=self.set_id, inspection_ids=[self.case])
        with world.seeded.reading() as session:
            version = sets.newest(session, self.set_id)
            self.member = sets.members_of(session, version.id)[0].id
        lesson = Lesson("note", "question", "answer", (2,))
        world.do(lessons.save_lesson, tina, member_id=self.member, opened=Lesson(), lesson=lesson)
        world.do(sets.issue, tina, set_id=self.set_id)
        self.version_id = version.id
        world.do(withdrawal.mark, tina, inspection_id=self.case, kind="use", reason="good one")
        world.do(services.save_filter, tina, name="Mine", address={"words": "x"}, shared=False)
        self.round = world.do(
            practice.open_round,
            tina,
            version_id=self.version_id,
            terms=TERMS,
            user_ids=[who.user_id for who in (sam, tina)],
        )
        hand_in(world, sam, self.round, answers())
        tasks = world.all(PracticeTask.user_id, PracticeTask.id)
        self.tasks = {name: dict(tasks).get(who.user_id) for name, who in self.readers.items()}
        begun, work = PRACTISED.task(self.tasks["tina"] or 0), Work(answers(), [PIN], "so far")
        world.do(save_draft, tina, task=begun, version=0, work=work)

    def _examined(self):
        """A set of which an exam can ask: three cases with answers of their own, hers the first."""
        world, tina = self.world, self.readers["tina"]
        set_id = world.do(sets.make_set, tina, title="Exam", purpose="Why")
        cases = [self.case, world.scored(NAME=NO), world.scored(RIGHT=NO)]
        world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=cases)
        with world.seeded.reading() as session:
            members = sets.members_of(session, sets.newest(session, set_id).id)
        for number, member in enumerate(members):
            lesson = Lesson("note", f"question {number}", f"answer {number}", ())
            saved = {"member_id": member.id, "opened": Lesson(), "lesson": lesson}
            world.do(lessons.save_lesson, tina, **saved)
        world.do(sets.issue, tina, set_id=set_id)
        return set_id

    def _training(self):
        world, tina = self.world, self.readers["tina"]
        data = CourseData(
            title="Course",
            content="Content",
            method="internal",
            items=("RIGHT",),
            questions=3,
            case_sets=(self._examined(),),
        )
        self.course = world.do(courses.save_course, tina, course_id=None, data=data)
        run = RunData(
            course_id=self.course,
            method="internal",
            place="Room",
            starts_on=date(2026, 1, 14),
            ends_on=date(2026, 1, 15),
            selection=Period(202510, 202511),
        )
        self.run = world.do(courses.save_run, tina, run_id=None, data=run)
        staff = {world.charlie.staff_id: Reason.CHOSEN}
        world.do(enrol, tina, run_id=self.run, staff=staff)
        enrolment = world.all(TrainingEnrolment.id)[0][0]
        world.do(
            record_results,
            tina,
            run_id=self.run,
            results=[AttendanceResult(enrolment, True, note="x")],
        )
        words = dict.fromkeys(CONTENT_LANGUAGES, "words")
        written = QuestionData(
            question=words,
            options=tuple(
                {name: f"{text} {place}" for name, text in words.items()} for place in range(3)
            ),
            right=(0,),
            why=words,
            case=CaseStretch(self.member, 1, 2),
        )
        self.question = world.do(
            save_question, tina, course_id=self.course, question_id=None, data=written
        )
        self.attempt = world.do(exams.start_exam, world.charlie, enrolment_id=enrolment, seed=1)

    def _actions(self):
        with self.world.seeded.transaction() as session:
            self.action = stored_action(
                session,
                station_id=self.world.seeded.station_id,
                owner_id=self.world.bob.user_id,
            )
            common = {"user_id": self.readers["tina"].user_id, "kind": "improvement", "at": NOW}
            session.add(Notice(record_id=self.action, deed="late", **common))
            self.warning = stored_warning(
                session, self.world.seeded.station_id, owner_id=self.world.bob.user_id
            )
            told = common | {"kind": "warning", "record_id": self.warning}
            session.add(Notice(deed="another_sign", **told))

    def arguments(self):
        """Values by the names of parameters."""
        return {
            "inspection_id": self.case,
            "set_id": self.set_id,
            "version_id": self.version_id,
            "round_id": self.round,
            "member_id": self.member,
            "course_id": self.course,
            "run_id": self.run,
            "attempt_id": self.attempt,
            "improvement_id": self.action,
            "warning_id": self.warning,
            "now": NOW,
            "today": NOW.date(),
            "since": NOW,
            "recallable_from": NOW,
            "inspections": [self.case],
            "year": 2026,
        }


def fill(session):
    """Add SAID to every text of every table that is not laid down, past what masks it."""
    for table in Model.metadata.sorted_tables:
        if table.name in LAID_DOWN:
            continue
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if name in LAID_DOWN_COLUMNS or column.foreign_keys:
                continue
            if isinstance(column.type, Text | PersonalText) or (
                isinstance(column.type, String) and (column.type.length or 0) > 64
            ):
                session.execute(update(table).values({column: column + literal(SAID, Text())}))
            elif isinstance(column.type, JSON | PersonalJson) and name in _JSON:
                keys = list(table.primary_key.columns)
                for *key, kept in session.execute(select(*keys, column)).all():
                    same = [each == value for each, value in zip(keys, key, strict=True)]
                    data = literal(_JSON[name](kept), Json)
                    session.execute(update(table).where(*same).values({column: data}))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in what a query gives, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts_in(key)
            yield from texts_in(part)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, Model):
        raise AssertionError(f"a row of the database: {value}")
    elif isinstance(value, Enum) or value is None or not hasattr(value, "__dict__"):
        return
    else:
        yield from texts_in(vars(value))


def named_in(text: str) -> list[str]:
    """The signs of her in a text, as it is or as JSON escapes it."""
    return [sign for sign in SIGNS if sign in text or json.dumps(sign).strip('"') in text]
