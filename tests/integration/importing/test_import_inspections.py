"""History from other systems is scored and rolled up like what is scored here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.appeals.models import Appeal
from db.appeals.services.raising import raise_appeal
from db.encounters.models import Interaction
from db.importing.forecast import AgreementNeeded
from db.importing.import_run import Order, run_import
from db.importing.inspections import Inspections
from db.inspection.models import Amendment, Inspection
from db.inspection.services.amendments import amend, void
from db.people.models import Staff
from db.store.models import AuditEvent
from db.tabular.file_choices import FileChoices
from tests.factories import make_interaction
from tests.support.clock import NOW
from tests.support.databases import postgres_only, sqlite_only
from tests.support.importing.files import KEYS, csv_of, jsonl
from tests.support.inspection.inspecting import NO, YES, answers


class History:
    """The world of inspections, and files that are imported into it."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        with world.seeded.transaction() as session:
            staff = session.get_one(Staff, world.seeded.staff_id)
            self.calls = [
                make_interaction(session, staff=staff, external_id=f"old-{number}")
                for number in range(3)
            ]

    def row(self, number=0, **changed):
        return {
            "interaction": {"source": "test", "external_id": f"old-{number}"},
            "checklist": "small",
            "version": 1,
            "inspector": "alice",
            "submitted_at": NOW.isoformat(),
            "answers": answers(),
        } | changed

    def load(self, content, **options):
        path = self.folder / "rows"
        path.write_bytes(content)
        order = Order("inspections", path, **options)
        return run_import(self.world.seeded.engine, KEYS, order, who=None, clock=lambda: NOW)

    def counts(self, content):
        counts = self.load(content).counts
        return counts.read, counts.added, counts.unchanged, counts.updated, counts.refused

    def refusals(self, content):
        found = self.load(content).first_refusals
        return [(refusal.line, refusal.column, str(refusal)) for refusal in found]

    def stored(self):
        return self.world.all(Inspection.score, Inspection.purpose, Inspection.state)


@pytest.fixture
def history(world, tmp_path):
    return History(world, tmp_path)


def test_history_is_scored_and_rolled_up(history):
    # old-0 all yes: 100. old-1 not RIGHT: greeting 40, solution 60 * 2/4 = 30, together 70.
    rows = jsonl(history.row(0), history.row(1, answers=answers(RIGHT=NO)))
    assert history.counts(rows) == (2, 2, 0, 0, 0)
    assert sorted(history.stored()) == [(70, "record", "valid"), (100, "record", "valid")]
    assert history.world.station_month() == [(2, 170, 170, 0)]
    assert [finding[1] for finding in history.world.findings()] == ["RIGHT"]
    derived = history.world.derived()
    assert history.world.rebuilt() == derived


def test_day_and_month_are_those_of_the_station(history):
    # 17:00 UTC on 31 January is 01:00 on 1 February in Taipei.
    at = NOW.replace(month=1, day=31, hour=17, minute=0)
    with history.world.seeded.transaction() as session:
        session.execute(update(Interaction).values(occurred_at=at))
    history.load(jsonl(history.row()))
    assert [
        (str(day), month) for day, month in history.world.all(Inspection.day, Inspection.month)
    ] == [("2026-02-01", 202602)]


def test_history_need_not_say_why_a_critical_item_did_not_apply(history):
    """What another system did not ask for cannot be told now. Without HONEST: 40 + 60."""
    rows = jsonl(history.row(answers=answers(HONEST={"na": True})))
    assert history.counts(rows) == (1, 1, 0, 0, 0)
    assert history.stored() == [(100, "record", "valid")]


def test_repeating_an_import_changes_nothing(history):
    rows = jsonl(history.row(0), history.row(1))
    history.load(rows)
    before = history.world.derived()
    assert history.counts(rows) == (2, 0, 2, 0, 0)
    assert history.world.derived() == before


def test_what_was_written_is_masked_and_the_same_again_is_unchanged(history):
    told = answers(HELLO=YES | {"note": "call 13812345678"})
    rows = jsonl(history.row(0, answers=told, note="she gave 13812345678"))
    history.load(rows)
    [(given, note)] = history.world.all(Inspection.answers, Inspection.note)
    assert given["HELLO"]["note"] == "call ███████████"
    assert note == "she gave ███████████"
    assert history.counts(rows) == (1, 0, 1, 0, 0)


def test_a_changed_row_replaces_the_inspection_and_keeps_the_old_one(history):
    history.load(jsonl(history.row(0)))
    assert history.counts(jsonl(history.row(0, answers=answers(RIGHT=NO)))) == (1, 0, 0, 1, 0)
    assert sorted(history.stored()) == [(70, "record", "valid"), (100, "record", "amended")]
    assert history.world.station_month() == [(1, 70, 70, 0)]
    assert history.world.all(
        Amendment.inspection_id, Amendment.new_inspection_id, Amendment.kind
    ) == [(1, 2, "reimport")]
    assert history.counts(jsonl(history.row(0))) == (1, 0, 1, 0, 0)
    derived = history.world.derived()
    assert history.world.rebuilt() == derived


def test_a_changed_row_closes_the_open_appeal_against_the_older_one(history):
    history.load(jsonl(history.row(answers=answers(HELLO=NO))))
    [(inspection_id,)] = history.world.all(Inspection.id)
    given = {"inspection_id": inspection_id, "reasons": {"HELLO": "I greeted."}}
    history.world.do(raise_appeal, history.world.charlie, **given)
    history.load(jsonl(history.row()))
    assert history.world.all(Appeal.state, Appeal.ended_at) == [("closed", NOW)]


def test_what_was_amended_or_voided_here_stays(history):
    history.load(jsonl(history.row(0), history.row(1)))
    values = {"reason": "It was wrong"}
    history.world.do(amend, history.world.bob, inspection_id=1, answers=answers(FAST=NO), **values)
    history.world.do(void, history.world.bob, inspection_id=2, **values)
    before = history.stored()
    assert history.counts(jsonl(history.row(0), history.row(1))) == (2, 0, 2, 0, 0)
    changed = [history.row(number, answers=answers(NAME=NO)) for number in (0, 1)]
    assert {reason for _, _, reason in history.refusals(jsonl(*changed))} == {
        "It was amended or voided in the portal and stays as it is there."
    }
    assert history.stored() == before


@postgres_only
def test_what_is_amended_while_an_import_looks_it_up_stays_as_amended(history, monkeypatch):
    """Both want to replace the inspection of old-0 (100): the amendment (FAST no) was first."""
    history.load(jsonl(history.row(0), history.row(1)))
    plan = Inspections.plan
    fast = {"answers": answers(FAST=NO), "reason": "It was wrong"}
    meanwhile = [lambda: history.world.do(amend, history.world.bob, inspection_id=1, **fast)]

    def planned(self, session, items):
        made = plan(self, session, items)
        while meanwhile:
            meanwhile.pop()()
        return made

    monkeypatch.setattr(Inspections, "plan", planned)
    changed = [history.row(number, answers=answers(NAME=NO)) for number in (0, 1)]
    [(line, _, reason)] = history.refusals(jsonl(*changed))
    assert (line, reason) == (1, "It was amended or voided in the portal and stays as it is there.")
    replaced = history.world.all(Amendment.inspection_id, Amendment.kind)
    assert sorted(replaced) == [(1, "amend"), (2, "reimport")]
    assert history.world.rebuilt() == history.world.derived()


def test_a_replaced_inspection_stands_in_the_log(history):
    history.load(jsonl(history.row(0), history.row(1)))
    history.load(jsonl(history.row(0, note="as told"), history.row(1, answers=answers(FAST=NO))))
    logged = (AuditEvent.action, AuditEvent.object_type, AuditEvent.object_id)
    rows = [row for row in history.world.all(*logged) if row.action == "reimport"]
    assert rows == [("reimport", "inspection", "1"), ("reimport", "inspection", "2")]


def test_a_second_inspection_of_an_interaction_counts_for_agreement_only(history):
    history.world.inspector("dora")
    history.load(jsonl(history.row(0), history.row(0, inspector="dora", answers=answers(RIGHT=NO))))
    assert sorted(history.stored()) == [(70, "second", "valid"), (100, "record", "valid")]
    assert history.world.station_month() == [(1, 100, 100, 0)]


def test_an_interaction_in_someones_queue_is_theirs_to_record(history):
    assignment = history.world.assigned(external_id="queued")
    assert assignment
    history.load(
        jsonl(history.row(interaction={"source": "test", "external_id": "queued"}, inspector="bob"))
    )
    assert history.stored() == [(100, "second", "valid")]


def test_a_table_carries_answers_as_json(history):
    row = history.row(0)
    row |= row.pop("interaction")
    assert history.counts(csv_of(row)) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        (
            {"interaction": {"source": "test", "external_id": "no"}},
            "",
            "There is no such interaction",
        ),
        ({"interaction": None}, "source", "This is required"),
        ({"interaction": "x"}, "interaction", "This is not valid JSON"),
        ({"checklist": "no"}, "checklist", "There is no such version"),
        ({"version": 9}, "checklist", "There is no such version"),
        ({"version": "new"}, "version", "This must be a number"),
        ({"inspector": "nobody"}, "inspector", "There is no user"),
        ({"inspector": "charlie"}, "inspector", "Nobody scores their own work"),
        (
            {"submitted_at": (NOW - timedelta(days=9)).isoformat()},
            "submitted_at",
            "This lies before",
        ),
        ({"answers": {"HELLO": YES}}, "answers", "Required items are unanswered: NAME"),
        ({"answers": answers(Wang=YES)}, "answers", "An answer is to no item of this checklist"),
        (
            {"answers": answers(NAME={"value": "Wang"})},
            "answers",
            "The answer to NAME does not fit",
        ),
        ({"answers": "yes"}, "answers", "This is not valid JSON"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_one_reason(history, changed, column, reason):
    [(line, refused, told)] = history.refusals(jsonl(history.row(1), history.row(0, **changed)))
    assert (line, refused) == (2, column)
    assert told.startswith(reason)
    assert "Wang" not in told
    assert len(history.stored()) == 1


@pytest.mark.parametrize("lacking", ["version", "submitted_at", "answers", "note"])
def test_a_column_that_a_row_lacks_is_as_it_was_imported(history, lacking):
    """Of four columns three come again, one of them with another value."""
    full = history.row(0, answers=answers(RIGHT=NO), note="as told", version=1)
    history.load(jsonl(full))
    same = {name: value for name, value in full.items() if name != lacking}
    assert history.counts(jsonl(same)) == (1, 0, 1, 0, 0)
    assert history.counts(csv_of(_flat(same))) == (1, 0, 1, 0, 0)
    other = {"note": "told again"} if lacking != "note" else {"answers": answers(FAST=NO)}
    assert history.counts(jsonl(same | other)) == (1, 0, 0, 1, 0)
    kept = (Inspection.submitted_at, Inspection.answers, Inspection.note)
    assert history.world.one(
        lambda session: session.execute(select(*kept).order_by(Inspection.id.desc()).limit(1)).one()
    ) == (
        NOW,
        other.get("answers", answers(RIGHT=NO)),
        other.get("note", "as told"),
    )
    assert history.counts(jsonl(same | other)) == (1, 0, 1, 0, 0)
    assert history.world.rebuilt() == history.world.derived()


@pytest.mark.parametrize("lacking", ["version", "submitted_at", "answers"])
def test_a_new_inspection_needs_every_required_column(history, lacking):
    row = history.row(0)
    del row[lacking]
    for content, line in ((jsonl(row), 1), (csv_of(_flat(row)), 2)):
        assert history.refusals(content) == [(line, lacking, "This is required.")]


def test_a_part_of_what_was_amended_here_is_known_again(history):
    history.load(jsonl(history.row(0, note="as told")))
    values = {"reason": "It was wrong", "answers": answers(FAST=NO)}
    history.world.do(amend, history.world.bob, inspection_id=1, **values)
    part = history.row(0)
    assert history.counts(jsonl(part)) == (1, 0, 1, 0, 0)
    del part["answers"]
    assert history.counts(jsonl(part)) == (1, 0, 1, 0, 0)
    [(_, _, reason)] = history.refusals(jsonl(part | {"note": "told again"}))
    assert reason == "It was amended or voided in the portal and stays as it is there."


def _flat(row):
    """A row of a table, which names the interaction in two columns."""
    return {name: value for name, value in row.items() if name != "interaction"} | row[
        "interaction"
    ]


@sqlite_only
def test_only_inspections_that_hold_are_what_a_tenth_is_of(history):
    """Of ten notes ten go: those of the nine imports before, which were replaced, count no more."""
    with history.world.seeded.transaction() as session:
        staff = session.get_one(Staff, history.world.seeded.staff_id)
        for number in range(3, 10):
            make_interaction(session, staff=staff, external_id=f"old-{number}")
    for time in range(10):
        history.load(jsonl(*(history.row(n, note=f"Heard {time} times") for n in range(10))))
    assert len(history.stored()) == 100
    notes = jsonl(*(history.row(number, note="") for number in range(10)))
    with pytest.raises(AgreementNeeded, match=r"note \(10\)"):
        history.load(notes, choices=FileChoices(empty="clears"))
