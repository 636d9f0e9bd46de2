"""What the rules see becomes warnings: counts against the own past, shares, numbers, events."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from core.periods import first_day, shift
from core.warning.rules import RuleKey
from core.warning.states import WarningState
from core.warning.terms import ClosingCause
from db.__main__ import main
from db.encounters.models import Interaction
from db.files.models import File, FileStep
from db.importing.import_run import Order, run_import
from db.people.models import Staff
from db.warning.models import EarlyWarning, WarningSign, WarningStep
from db.warning.services.answering import Closing, close_warning, take_warning
from db.warning.services.looking import look_within
from db.warning.services.rules import RuleSetting, set_rule
from tests.factories import version_of
from tests.support.importing.files import KEYS, Desk, jsonl
from tests.support.inspection.inspecting import NO, at_once
from tests.support.training.trainees import scored, staff_ids, trainees
from tests.support.warning.watching import (
    DAY,
    EARLY_DECEMBER,
    EARLY_JANUARY,
    TOPIC,
    add_complaints,
    add_losses,
    stored_file,
)

pytestmark = pytest.mark.both
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
EARLY_APRIL = datetime(2027, 4, 2, 4, tzinfo=UTC)
CHANCE = Closing(ClosingCause.CHANCE, "Looked at all nine: nothing in common.")


def test_the_worked_example_is_suspected_and_then_raised(watching):
    """24 in 9,600: nine in 1,150 have p .0065, and eleven in 1,190, base unchanged, .0010."""
    watching.look()
    warning = watching.only()
    assert (warning.rule, warning.station_id) == (RuleKey.COMPLAINTS, watching.here)
    assert (warning.subject_key, warning.since) == (TOPIC, NOVEMBER)
    assert warning.state == WarningState.SUSPECTED
    watching.look(EARLY_JANUARY)
    warning = watching.only()
    assert (warning.state, warning.owner_id) == (WarningState.RAISED, watching.manny.user_id)
    with watching.seeded.reading() as session:
        rows = session.scalars(select(WarningSign).order_by(WarningSign.window_on)).all()
    assert [(row.window_on, round(row.p, 4)) for row in rows] == [
        (NOVEMBER, 0.0065),
        (DECEMBER, 0.0010),
    ]
    assert [(row.base_times, row.base_chances) for row in rows] == [(24, 9600), (24, 9600)]
    assert watching.steps() == ["suspect_warning", "raise_warning"]
    assert watching.logged() == ["suspect_warning", "raise_warning"]
    assert ("raise_warning", watching.manny.user_id) in watching.notices()


def everything(watching):
    with watching.seeded.reading() as session:
        return [
            [
                {c.key: getattr(row, c.key) for c in row.__table__.columns}
                for row in session.scalars(select(model).order_by(model.id))
            ]
            for model in (EarlyWarning, WarningSign, WarningStep)
        ]


def test_looking_again_changes_nothing(watching):
    watching.look(EARLY_JANUARY)
    before = everything(watching)
    for hours in range(3):
        assert watching.look(EARLY_JANUARY + timedelta(hours=hours)).moved == {}
    assert everything(watching) == before


def test_two_that_look_at_one_moment_find_one(watching):
    at_once(*[lambda: watching.look(EARLY_JANUARY)] * 2)
    assert watching.only().state == WarningState.RAISED
    assert watching.steps() == ["suspect_warning", "raise_warning"]


def correct(watching, tmp_path, numbers):
    """An import of complaints of November that were about a booking after all."""
    rows = [
        {"source": "crm", "external_id": f"202611-{number}", "class": "booking"}
        for number in numbers
    ]
    order = Order("files", Desk(watching.seeded.engine, tmp_path).file(jsonl(*rows)))
    report = run_import(watching.seeded.engine, KEYS, order, who=None, clock=lambda: EARLY_JANUARY)
    assert report.first_refusals == ()


def test_an_import_that_corrects_the_month_turns_the_suspicion_off(watching, tmp_path):
    """Five of nine are left: 5 in 1,150 after 24 in 9,600 have p .24."""
    watching.look()
    correct(watching, tmp_path, range(4))
    watching.look(EARLY_DECEMBER + DAY)
    warning = watching.only()
    assert (warning.state, warning.ended_at) == (WarningState.LAPSED, EARLY_DECEMBER + DAY)
    assert watching.steps() == ["suspect_warning", "correct_sign", "lapse_warning"]
    assert watching.signs() == [(NOVEMBER, 5, True)]
    with watching.seeded.reading() as session:
        assert session.scalars(select(WarningSign.first_times)).one() == 9
    watching.look(EARLY_DECEMBER + 2 * DAY)
    assert len(watching.steps()) == 3


def test_a_correction_taken_back_suspects_again_in_the_same_warning(watching, tmp_path):
    watching.look()
    correct(watching, tmp_path, range(4))
    watching.look(EARLY_DECEMBER + DAY)
    with watching.seeded.transaction() as session:
        session.execute(update(File).values(topic=TOPIC))
    watching.look(EARLY_DECEMBER + 2 * DAY)
    warning = watching.only()
    assert (warning.state, warning.ended_at) == (WarningState.SUSPECTED, None)
    assert watching.signs() == [(NOVEMBER, 9, False)]


def test_a_correction_closes_nothing_that_was_raised(watching, tmp_path):
    """Of eleven of December the sign stands; that of November is shown as corrected."""
    watching.look(EARLY_JANUARY)
    correct(watching, tmp_path, range(4))
    watching.look(EARLY_JANUARY + DAY)
    assert watching.only().state == WarningState.RAISED
    assert watching.signs() == [(NOVEMBER, 5, True), (DECEMBER, 11, False)]


def test_complaints_of_november_that_come_in_january_are_not_lost(watching):
    """Imported late: November alone is beyond .005, with 20, and has its warning in January."""
    watching.add(lambda session: session.execute(delete(FileStep)))
    watching.add(lambda session: session.execute(delete(File).where(File.topic == TOPIC)))
    for month in (shift(202511, k) for k in range(12)):
        watching.add(add_complaints, watching.here, month, 2)
    assert watching.look(EARLY_JANUARY).moved == {}
    watching.add(add_complaints, watching.here, 202611, 20)
    watching.look(EARLY_JANUARY + DAY)
    warning = watching.only()
    assert (warning.state, warning.since) == (WarningState.RAISED, NOVEMBER)


def test_a_month_without_encounters_raises_nothing_and_ends_nothing(watching):
    """January has none: neither is it quiet, nor is the warning of December over."""
    watching.look(EARLY_JANUARY)
    before = everything(watching)
    watching.look(datetime(2027, 2, 3, 4, tzinfo=UTC))
    assert everything(watching) == before
    assert not watching.only().is_subsided


def test_a_subsided_warning_stays_open_until_a_person_closes_it(watching):
    """February and March with 2 in 1,150 are quiet."""
    watching.look(EARLY_JANUARY)
    watching.look(EARLY_APRIL - 31 * DAY)
    assert not watching.only().is_subsided
    for days in range(0, 400, 100):
        watching.look(EARLY_APRIL + days * DAY)
        warning = watching.only()
        assert (warning.state, warning.is_subsided) == (WarningState.RAISED, True)
    values = {"warning_id": warning.id, "closing": CHANCE, "now": EARLY_APRIL}
    watching.do(close_warning, watching.bob, **values)
    assert watching.only().state == WarningState.CLOSED


def test_raised_again_within_three_months_it_is_the_same_warning(watching):
    """Closed in December by November's nine; December's eleven raise it again in January."""
    watching.look()
    values = {"warning_id": watching.only().id, "closing": CHANCE}
    watching.do(close_warning, watching.manny, **values)
    watching.look(EARLY_DECEMBER + DAY)
    assert watching.only().state == WarningState.CLOSED
    watching.look(EARLY_JANUARY)
    warning = watching.only()
    assert (warning.state, warning.cause, warning.ended_at) == (WarningState.RAISED, "", None)
    assert watching.steps() == ["suspect_warning", "close_warning", "raise_warning_again"]


def test_after_three_months_it_is_a_new_one(watching):
    """Closed on 2 December by November's nine; nobody looks until April, with 20 in March."""
    watching.look()
    watching.do(close_warning, watching.manny, warning_id=watching.only().id, closing=CHANCE)
    watching.add(add_complaints, watching.here, 202703, 18, source="other")
    watching.look(EARLY_APRIL)
    old, new = watching.warnings()
    assert (old.state, new.state) == (WarningState.CLOSED, WarningState.RAISED)
    assert watching.signs(new.id) == [(DECEMBER, 11, False), (date(2027, 3, 1), 20, False)]


def test_its_owner_is_told_of_another_sign(watching):
    watching.look()
    watching.do(take_warning, watching.bob, warning_id=watching.only().id)
    watching.look(EARLY_JANUARY)
    warning = watching.only()
    assert (warning.state, warning.owner_id) == (WarningState.TAKEN, watching.bob.user_id)
    assert ("another_sign", watching.bob.user_id) in watching.notices()


USUAL = {shift(202511, k): (4 + k % 3, 100) for k in range(12)}


def test_an_item_beyond_its_limit_is_raised_at_once_and_one_within_it_is_not(watching):
    """Lost 4 to 6 times in 100, then 20: raised. At the other station 9: within the limit."""
    watching.add(add_losses, watching.here, "HELLO", USUAL | {202611: (20, 100)})
    watching.add(add_losses, watching.there, "HELLO", USUAL | {202611: (9, 100)})
    watching.look()
    [raised] = [row for row in watching.warnings() if row.rule == RuleKey.LOST_ITEMS]
    assert (raised.station_id, raised.subject_key) == (watching.here, "HELLO")
    assert (raised.state, raised.since) == (WarningState.RAISED, NOVEMBER)
    looked = {rule.rule: rule for rule in watching.look().rules}
    assert looked[RuleKey.LOST_ITEMS].cells == 2


@pytest.mark.parametrize(("people", "raised"), [(12, ["FAST"]), (1, [])], ids=["many", "one"])
def test_one_persons_losses_raise_no_warning_of_the_station(databases, people, raised):
    """FAST was lost in 5 and 6 of 100 calls in turn, and in February in 12 of 52."""
    before = {shift(202504, k): (5 + k % 2, 100) for k in range(6)}
    with trainees(databases) as session:
        staff = staff_ids(session)
        station = session.get_one(Staff, staff[0]).station_id
        version = version_of(session, "small")
        add_losses(session, station, "FAST", before, checklist_version_id=version)
        for day in range(1, 13):
            scored(session, staff[day % people], 14, day, FAST=NO)
        look_within(session, now=datetime(2026, 3, 2, 4, tzinfo=UTC))
        lost = select(EarlyWarning.subject_key).where(EarlyWarning.rule == RuleKey.LOST_ITEMS)
        assert list(session.scalars(lost)) == raised


def test_steps_too_late_are_looked_at_by_weeks(watching):
    """Of 40 first answers a week 4 are late, in the last week 20."""
    monday = datetime(2026, 11, 23, 2, tzinfo=UTC)
    with watching.seeded.transaction() as session:
        for week in range(13):
            for number in range(40):
                is_late = number < (20 if week == 0 else 4)
                received = monday - week * timedelta(days=7) + timedelta(minutes=number)
                outcome = "late" if is_late else "met"
                name = f"w{week}-{number}"
                row = stored_file(watching.here, name, received, topic="flight", answered=outcome)
                session.add(row)
    watching.look()
    [late] = [row for row in watching.warnings() if row.rule == RuleKey.LATE_STEPS]
    assert (late.state, late.subject_key) == (WarningState.RAISED, "first_response")
    assert watching.signs(late.id) == [(date(2026, 11, 23), 20, False)]


def overdue(watching, n):
    due = EARLY_DECEMBER - DAY
    with watching.seeded.transaction() as session:
        for number in range(n):
            changed = {"state": "open", "answered": "open", "answer_due_at": due}
            row = stored_file(watching.there, f"o{number}", due - DAY, topic="flight", **changed)
            session.add(row)


@pytest.mark.parametrize(("n", "limit", "is_raised"), [(5, 5, False), (6, 5, True), (5, 4, True)])
def test_more_overdue_files_than_the_limit_are_raised(watching, n, limit, is_raised):
    overdue(watching, n)
    setting = RuleSetting(is_on=True, limit=limit, owner_id=None)
    watching.do(set_rule, watching.bob, rule=RuleKey.OVERDUE_FILES, setting=setting)
    watching.look()
    found = [row for row in watching.warnings() if row.rule == RuleKey.OVERDUE_FILES]
    assert [row.state for row in found] == [WarningState.RAISED] * is_raised
    assert all(row.owner_id == watching.norma.user_id for row in found)


def test_overdue_files_that_are_answered_close_no_warning(watching):
    overdue(watching, 6)
    watching.look()
    watching.add(lambda session: session.execute(update(File).values(answered="met")))
    watching.look(EARLY_DECEMBER + DAY)
    [warning] = [row for row in watching.warnings() if row.rule == RuleKey.OVERDUE_FILES]
    assert (warning.state, warning.is_subsided) == (WarningState.RAISED, True)


@pytest.mark.parametrize(
    ("mark", "is_raised"), [("safety", True), ("personal_data", True), ("media", False)]
)
def test_one_severe_event_is_enough(watching, mark, is_raised):
    received = EARLY_DECEMBER - DAY
    row = stored_file(watching.there, "S1", received, marks=[mark])
    watching.add(lambda session: session.add(row))
    watching.look()
    found = [row for row in watching.warnings() if row.rule == RuleKey.SEVERE_EVENTS]
    assert [(row.state, row.since) for row in found] == [
        (WarningState.RAISED, date(2026, 12, 1))
    ] * is_raised


def test_a_rule_that_is_off_looks_no_more_and_its_warnings_stay(watching):
    watching.look()
    setting = RuleSetting(is_on=False, limit=None, owner_id=None)
    watching.do(set_rule, watching.bob, rule=RuleKey.COMPLAINTS, setting=setting)
    looked = watching.look(EARLY_JANUARY)
    assert RuleKey.COMPLAINTS not in {rule.rule for rule in looked.rules}
    assert watching.only().state == WarningState.SUSPECTED


def test_the_command_looks_and_prints_what_there_is(watching, capsys, monkeypatch, tmp_path):
    url = watching.seeded.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    told = []
    for _ in range(2):
        assert main(["warnings", "--at", EARLY_JANUARY.isoformat(), "--station", "T1"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["moved"] == {"raise_warning": 1}
    assert told[1]["moved"] == {}
    assert told[0]["warnings"] == told[1]["warnings"]
    [warning] = told[0]["warnings"]
    assert (warning["state"], warning["about"], warning["owner"]) == ("raised", TOPIC, "manny")
    assert [round(sign["p"], 4) for sign in warning["signs"]] == [0.0065, 0.0010]
    looked = {rule["rule"]: rule for rule in told[0]["looked"]}
    assert looked["complaints"] == {"rule": "complaints", "window": "2026-12-01", "cells": 1}


def test_encounters_that_are_kept_no_longer_end_no_warning(watching):
    watching.look(EARLY_JANUARY)
    watching.add(lambda session: session.execute(delete(Interaction)))
    before = everything(watching)
    watching.look(EARLY_JANUARY + DAY)
    assert everything(watching) == before


def test_the_example_has_the_encounters_it_tells_of(watching):
    with watching.seeded.reading() as session:
        begin, end = (
            datetime.combine(first_day(month), datetime.min.time(), UTC)
            for month in (202511, 202611)
        )
        during = (Interaction.occurred_at >= begin, Interaction.occurred_at < end)
        assert session.scalar(select(func.count()).where(*during)) == 9600
