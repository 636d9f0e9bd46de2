"""Encounters full of a word that nobody may meet once their customer refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from sqlalchemy import select, update

from core.access import Identity, Role
from core.inspection.picture import read_picture
from db.encounters.models import ClearSpan, Interaction
from db.inspection.models import Assignment
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.photos import add_photo
from db.inspection.services.submission import submit
from db.store.base import Model
from db.teaching.models import PracticeTask
from db.teaching.services import case_sets, lessons, practice
from db.teaching.services.lessons import Lesson
from db.teaching.tasks import PRACTISED
from db.training.models import ExamQuestion, TrainingCourse
from tests.factories import identity, make_interaction, make_user
from tests.support.clock import NOW
from tests.support.importing.files import KEYS
from tests.support.inspection.inspecting import NO, answers
from tests.support.inspection.pictures import photo
from tests.support.teaching.case_sets import shown
from tests.support.teaching.practising import TERMS

WORD = "zebrafish"
PHOTO, DRAFTED = "a" * 32, "b" * 32
SAID = (("customer", f"Where is my {WORD}?"), ("agent", f"Your {WORD} is in Kaohsiung."))
TOLD: dict[str, Any] = {"external_id": "call-refusing", "recording": "calls/1.wav", "turns": SAID}
RECORD: dict[str, Any] = {
    "attributes": {"remark": f"a {WORD}"},
    "events": [{"name": WORD, "at": NOW.isoformat()}],
}
WRITTEN = answers(HELLO={**NO, "note": f"no word on the {WORD}"})
PINS: list[dict[str, Any]] = [
    {"item_key": "HELLO", "turn_position": 1, "note": WORD},
    {"item_key": "HELLO", "photo": PHOTO},
]


class Refusing:
    """One encounter inspected and taught, one begun in alice's queue, one waiting to be drawn.

    tina teaches it in a set and a practice: irma has the case open, sam has handed it in.
    """

    tina: Identity
    irma: Identity
    sam: Identity
    dan: Identity

    def __init__(self, world):
        self.world = world
        with world.seeded.transaction() as session:
            make_user(session, "tina", Role.TRAINER)
            make_user(session, "irma", Role.INSPECTOR)
            make_user(session, "sam", Role.STAFF)
            make_user(session, "dan", Role.QUALITY_MANAGER)
            for name in ("tina", "irma", "sam", "dan"):
                setattr(self, name, identity(session, name))
        self.alice, self.bob, self.charlie = world.alice, world.bob, world.charlie
        self.seen_task = world.assigned(**TOLD, **RECORD)
        self.begun_task = world.assigned(**TOLD | {"external_id": "begun"}, **RECORD)
        self.seen, self.begun = (self._call(task) for task in (self.seen_task, self.begun_task))
        self._photos()
        world.draft(Work(WRITTEN, PINS, f"the {WORD}"), task=self.seen_task)
        self.inspection = world.submit(task=self.seen_task).inspection_id
        begun = Work(WRITTEN, [PINS[0], PINS[1] | {"photo": DRAFTED}], f"the {WORD}")
        world.draft(begun, task=self.begun_task)
        with world.seeded.transaction() as session:
            self.waiting = make_interaction(session, turns=SAID, **RECORD).id
            session.add(
                ClearSpan(
                    interaction_id=self.seen,
                    position=1,
                    field="",
                    start=12,
                    length=len(WORD),
                    kind="name",
                    cipher=KEYS.encrypt(WORD),
                )
            )
        self._taught()

    def _call(self, task):
        return self.world.one(lambda session: session.get_one(Assignment, task).interaction_id)

    def _photos(self):
        for task, name in ((self.seen_task, PHOTO), (self.begun_task, DRAFTED)):
            picture = read_picture(photo())
            self.world.do(add_photo, self.alice, assignment_id=task, name=name, picture=picture)

    def _taught(self):
        do, tina = self.world.do, self.tina
        self.set_id = do(case_sets.make_set, tina, title="Set", purpose="")
        do(lessons.add_cases, tina, set_id=self.set_id, inspection_ids=[self.inspection])
        view = shown(self.world, tina, self.set_id)
        self.member = view.members[0].member_id
        lesson = Lesson(f"note {WORD}", f"Which {WORD}?", f"A {WORD}.", (1,))
        do(lessons.save_lesson, tina, member_id=self.member, opened=Lesson(), lesson=lesson)
        do(case_sets.issue, tina, set_id=self.set_id)
        self.version = view.version_id
        people = [self.irma.user_id, self.sam.user_id]
        self.round = do(
            practice.open_round, tina, version_id=self.version, terms=TERMS, user_ids=people
        )
        self.tasks = {
            name: self.world.one(lambda session, who=who: _task(session, who))
            for name, who in (("irma", self.irma), ("sam", self.sam))
        }
        work = Work(WRITTEN, [PINS[0]], WORD)
        for name, who in (("irma", self.irma), ("sam", self.sam)):
            task = PRACTISED.task(self.tasks[name])
            do(save_draft, who, task=task, version=0, work=work)
        handed_in = PRACTISED.task(self.tasks["sam"])
        do(submit, self.sam, task=handed_in, version=1, work=work)
        with self.world.seeded.transaction() as session:
            course = TrainingCourse(
                title="Course",
                method="internal",
                items=[],
                sections=[],
                case_sets=[self.set_id],
                posts=[],
                created_by=tina.user_id,
                created_at=NOW,
            )
            session.add(course)
            session.flush()
            self.course = course.id
            question = ExamQuestion(
                course_id=course.id,
                question={"en": "What comes next?"},
                options=[{"en": "An answer"}, {"en": "A pause"}, {"en": "An offer"}],
                right=[0],
                why={},
                member_id=self.member,
                first_turn=1,
                last_turn=2,
                written_by=tina.user_id,
                written_at=NOW,
            )
            session.add(question)
            session.flush()
            self.question = question.id

    def say(self, consent):
        """Every customer's word of today."""
        with self.world.seeded.transaction() as session:
            session.execute(update(Interaction).values(consent=consent))

    @contextmanager
    def undone(self):
        """A session of which nothing stays."""
        with self.world.seeded.transaction() as session:
            yield session
            session.rollback()


def _task(session, who):
    return session.scalars(select(PracticeTask.id).filter_by(user_id=who.user_id)).one()


def speaks(value):
    """Whether the word stands anywhere in what a reader gave; True and numbers above 0 count."""
    if isinstance(value, str):
        return WORD in value
    if isinstance(value, bool | int | float):
        return bool(value)
    return any(WORD in text for text in _texts(value, set()))


def _texts(value, known):
    if value is None or isinstance(value, bool | int | float) or id(value) in known:
        return
    if isinstance(value, str):
        yield value
        return
    known.add(id(value))
    if isinstance(value, Model):
        parts = [getattr(value, column.key) for column in value.__mapper__.column_attrs]
    elif is_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, Iterable):
        parts = list(value)
    else:
        parts = [repr(value)]
    for part in parts:
        yield from _texts(part, known)
