"""After any mix of submissions, second scorings, amendments and voids the rollups are what they
would be if they were computed anew from the inspections."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from db.inspection.models import Inspection
from db.inspection.services.amendments import amend, void
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.inspectors.models import DoubleInspectorMonth
from db.people.models import Staff
from db.store import session as sessions
from tests import factories
from tests.factories import make_assignment, make_interaction, make_staff, make_station
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, SMALL, YES, World, answers

pytestmark = pytest.mark.both

EXAMPLES, STEPS = (150, 40) if os.environ.get("SOAK") else (6, 15)
NOT_CALLED_FOR = {"na": True, "reason": "no case"}
ANSWERS = st.fixed_dictionaries(
    dict.fromkeys(answers(), st.sampled_from((YES, NO, NOT_CALLED_FOR)))
)
SECONDS = st.one_of(st.just(0.0), st.floats(min_value=20, max_value=3000))
PICK = st.integers(min_value=0, max_value=10_000)


def _make_stage(engine):
    """Three people at two stations, and alice and irene who inspect."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
        other = make_station(session, code="KHH-PHONE")
        for number in range(2):
            make_staff(session, station=other, staff_no=f"S-STAGE-{number}")
    World(factories.seeded_in(engine)).inspector("irene")


class Portal(RuleBasedStateMachine):
    """What people do in any order; `databases` is set for each kind."""

    databases = None

    def __init__(self):
        super().__init__()
        self.place = self.databases.like("stage", _make_stage)
        self.world = World(factories.seeded_in(self.place.__enter__()))
        self.inspectors = [self.world.alice, self._irene()]
        self.people = self.world.one(lambda s: [row.id for row in s.query(Staff).order_by("id")])
        self.calls = []

    @rule(given=ANSWERS, seconds=SECONDS, who=PICK, by=PICK, day=PICK, drawn=st.booleans())
    def score(self, given, seconds, who, by, day, drawn):
        inspector = self.inspectors[by % 2]
        with self.world.seeded.transaction() as session:
            person = session.get_one(Staff, self.people[who % len(self.people)])
            when = datetime(2026, 1, 20, 16, 30, tzinfo=UTC) + timedelta(days=day % 20)
            spoken = ("en", "zh_TW", "")[by % 3]
            call = make_interaction(session, staff=person, occurred_at=when, language=spoken)
            task = make_assignment(
                session,
                interaction=call,
                inspector=inspector,
                checklist_version_id=self.world.version_id,
                sample_class="random" if drawn else "must_inspect",
                inclusion_probability=0.25 if drawn else 1.0,
            )
            self._submit(session, inspector, task, Work(given, active_seconds=seconds))
            self.calls.append((call.id, by % 2))

    @precondition(lambda self: self.calls)
    @rule(given=ANSWERS, which=PICK)
    def score_again(self, given, which):
        """The other inspector scores a call blind."""
        call, by = self.calls.pop(which % len(self.calls))
        inspector = self.inspectors[1 - by]
        with self.world.seeded.transaction() as session:
            task = make_assignment(
                session,
                interaction=session.get_one(factories.Interaction, call),
                inspector=inspector,
                checklist_version_id=self.world.version_id,
                purpose="second",
            )
            self._submit(session, inspector, task, Work(given))

    @precondition(lambda self: self._valid())
    @rule(given=ANSWERS, which=PICK)
    def correct(self, given, which):
        found = self._valid()
        chosen = found[which % len(found)]
        self.world.do(amend, self.world.bob, inspection_id=chosen, answers=given, reason="misheard")

    @precondition(lambda self: self._valid())
    @rule(which=PICK)
    def strike(self, which):
        found = self._valid()
        self.world.do(
            void, self.world.bob, inspection_id=found[which % len(found)], reason="test call"
        )

    def teardown(self):
        try:
            assert self.world.derived() == self.world.rebuilt()
        finally:
            self.place.__exit__(None, None, None)

    def _submit(self, session, inspector, task, work):
        save_draft(
            session, who=inspector, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW
        )
        submit(session, who=inspector, task=ASSIGNED.task(task.id), version=1, now=NOW)

    def _irene(self):
        return self.world.one(lambda session: factories.identity(session, "irene"))

    def _valid(self):
        return self.world.one(
            lambda s: [row.id for row in s.query(Inspection).filter_by(state="valid")]
        )


@pytest.mark.soak
def test_rollups_equal_a_recomputation_after_anything(databases):
    machine = type("Machine", (Portal,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking takes minutes, and the steps are printed anyway
        ),
    )


def test_a_half_that_is_just_being_submitted_is_waited_for(databases):
    """The record is written but not committed when the second scoring arrives."""
    with databases.like("stage", _make_stage) as engine:
        world = World(factories.seeded_in(engine))
        irene = world.one(lambda session: factories.identity(session, "irene"))
        people = (world.alice, irene)
        record, second = _halves(world, people)
        written = Event()

        def slowly():
            with world.seeded.transaction() as session:
                submit(session, who=people[0], task=ASSIGNED.task(record), version=1, now=NOW)
                written.set()
                time.sleep(0.3)

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(slowly)
            assert written.wait(120)
            world.do(submit, people[1], task=ASSIGNED.task(second), version=1)
            first.result()
        pairs = world.all(DoubleInspectorMonth.is_record, DoubleInspectorMonth.n)
        assert sorted(pairs) == [(False, 1), (True, 1)]
        assert world.derived() == world.rebuilt()


def _halves(world, people):
    """Drafts of one call for two people: assignments of the record and of the second scoring."""
    tasks = []
    with world.seeded.transaction() as session:
        call = make_interaction(session)
        for who, purpose in zip(people, ("record", "second"), strict=True):
            task = make_assignment(
                session,
                interaction=call,
                inspector=who,
                checklist_version_id=world.version_id,
                purpose=purpose,
            )
            work = Work(answers())
            save_draft(session, who=who, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW)
            tasks.append(task.id)
    return tasks
