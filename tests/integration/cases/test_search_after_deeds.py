"""Whatever becomes of an encounter, words find it in its slices as by reading every case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.case_search import ids_with_words
from db.encounters import search_index
from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.inspection.models import Inspection
from db.inspection.services.amendments import amend, void
from db.inspection.services.assignments import Task, assign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.safekeeping.services.erasure import erase_customer, erase_staff
from tests.factories import make_assignment, make_station
from tests.support.cases.slow_search import by_reading_all
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, jsonl
from tests.support.inspection.inspecting import NO, YES, answers

pytestmark = pytest.mark.both
_WORDS = ("行李", "退款", "refund", "行李 -退款", "行李 OR refund")
_SLICED = ("station_id", "channel", "language", "month")


class Calls:
    """Inspected calls in two languages at two desks, one with a critical failure."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self.here, self.there = (self.staff_at(code) for code in ("HERE", "THERE"))
        self.first = self.scored(self.here, "行李", language="ja", customer_ref=self.customer)
        self.second = self.scored(self.there, "行李 退款", language="en", HONEST=NO)
        self.third = self.scored(self.here, "refund", language="en", NAME=NO)

    @property
    def customer(self):
        return KEYS.pseudonym("C-4711")

    def staff_at(self, code):
        with self.world.seeded.transaction() as session:
            station = make_station(session, code=code)
        return self.world.staff(station=station, staff_no=f"S-{code}")

    def scored(self, staff, words, *, note="", **values):
        lost = {key: values.pop(key) for key in ("HONEST", "NAME") if key in values}
        call = values | {"turns": [("agent", words)]}
        task = self.world.assigned(staff=staff, **call)
        self.index()
        self.world.draft(Work(answers(**lost), [], note), task=task)
        return self.world.submit(task=task).inspection_id

    def index(self):
        """As an import does with what it stores, before anybody has scored it."""
        with self.world.seeded.transaction() as session:
            uninspected = Interaction.id.not_in(select(Inspection.interaction_id))
            ids = session.scalars(select(Interaction.id).where(uninspected)).all()
            search_index.index_interactions(session, ids)

    def load(self, kind, *rows):
        path = self.folder / "rows"
        path.write_bytes(jsonl(*rows))
        counts = run_import(
            self.world.seeded.engine, KEYS, Order(kind, path), who=None, clock=lambda: NOW
        ).counts
        assert counts.refused == 0
        return counts

    def slices(self):
        """Each value there is alone, and all of each inspection together."""
        rows = self.world.all(*(getattr(Inspection, name) for name in _SLICED), Inspection.critical)
        for station, channel, language, month, critical in rows:
            months = {"from_month": month, "to_month": month}
            yield from (
                {"station_ids": (station,)},
                {"channel": channel},
                {"language": language},
                months,
                {"critical_only": critical},
                {"station_ids": (station,), "channel": channel, "language": language, **months},
                {"language": language, "critical_only": True},
            )


@pytest.fixture
def calls(world, tmp_path):
    return Calls(world, tmp_path)


def nothing(_calls):
    """As they were submitted."""


def amended(calls):
    """The first is critical now, the second no longer."""
    for made, changed in ((calls.first, {"HONEST": NO}), (calls.second, {})):
        calls.world.do(
            amend,
            calls.world.bob,
            inspection_id=made,
            answers=answers(**changed),
            reason="Heard again.",
        )


def voided(calls):
    calls.world.do(void, calls.world.bob, inspection_id=calls.first, reason="Not this call.")


def scored_again(calls):
    """After voiding, by somebody else, with a critical failure and a note."""
    voided(calls)
    dana = calls.world.inspector("dana")
    call = calls.world.inspection(calls.first).interaction_id
    with calls.world.seeded.transaction() as session:
        interaction = session.get_one(Interaction, call)
        task = make_assignment(
            session,
            interaction=interaction,
            inspector=dana,
            checklist_version_id=calls.world.version_id,
        ).id
    handed_in(calls, dana, task, Work(answers(HONEST=NO), [], "退款 refund"))


def second_counts(calls):
    """A second scoring with a critical failure takes the place of the voided one."""
    iris = calls.world.inspector("iris")
    call = calls.world.inspection(calls.first).interaction_id
    task = Task(iris.user_id, calls.world.version_id, NOW.date())
    second = calls.world.do(assign, calls.world.bob, interaction_id=call, task=task)
    handed_in(calls, iris, second.id, Work(answers(HONEST=NO), [], "退款"))
    voided(calls)


def handed_in(calls, who, task, work):
    calls.world.do(save_draft, who, task=ASSIGNED.task(task), version=0, work=work)
    calls.world.do(submit, who, task=ASSIGNED.task(task), version=1)


def transferred(calls):
    """Whoever served works elsewhere now, where the next call is scored."""
    with calls.world.seeded.transaction() as session:
        staff = session.get_one(Staff, calls.here.id)
        staff.station_id = calls.there.station_id
        session.flush()
        moved = session.get_one(Staff, calls.here.id)
        session.expunge(moved)
    calls.scored(moved, "退款 行李", language="ja")


def imported_anew(calls):
    """Before it was scored a call got other words, another language and another desk."""
    row = {
        "source": "pbx",
        "external_id": "told anew",
        "channel": "phone",
        "station_code": "HERE",
        "staff_no": "S-HERE",
        "occurred_at": "2026-01-09T09:00:00+08:00",
        "language": "ja",
        "turns": [{"speaker": "agent", "text": "行李"}],
    }
    calls.load("interactions", row)
    other = {"station_code": "THERE", "staff_no": "S-THERE", "language": "fr"}
    words = {"turns": [{"speaker": "agent", "text": "refund"}]}
    assert calls.load("interactions", row | other | words).updated == 1
    past = {
        "interaction": {"source": "pbx", "external_id": "told anew"},
        "checklist": "small",
        "version": 1,
        "inspector": "alice",
        "submitted_at": NOW.isoformat(),
        "answers": answers(HONEST=NO, HELLO=YES | {"note": "退款"}),
    }
    assert calls.load("inspections", past).added == 1


def staff_erased(calls):
    with calls.world.seeded.transaction() as session:
        session.get_one(Staff, calls.here.id).active = False
    erased(calls, erase_staff, staff_no="S-HERE")


def customer_erased(calls):
    erased(calls, erase_customer, reference="C-4711")


def erased(calls, service, **of_whom):
    with calls.world.seeded.transaction() as session:
        who = calls.world.seeded.administrator
        service(session, KEYS, who=who, reason="asked in writing", now=NOW, **of_whom)


def indexed_anew(calls):
    amended(calls)
    with calls.world.seeded.transaction() as session:
        search_index.reindex(session, lambda _done, _total: None)


@pytest.mark.parametrize(
    "deed",
    [
        *(nothing, amended, voided, scored_again, second_counts, transferred, imported_anew),
        *(staff_erased, customer_erased, indexed_anew),
    ],
)
def test_words_find_in_every_slice_what_reading_every_case_finds(calls, trainer, deed):
    deed(calls)
    met = 0
    with calls.world.seeded.reading() as session:
        for words in _WORDS:
            for narrowed in calls.slices():
                wanted = CaseFilter(words=words, **narrowed)
                every = by_reading_all(session, trainer, wanted)
                assert ids_with_words(session, trainer, wanted, limit=9) == every, wanted
                met += len(every)
    assert met > 0
