"""The record of processing says what the tables, the columns, the rules and the roles say."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from core.access import PERMISSIONS, Action, Role
from core.safekeeping.retention import MONTHS, RetainedKind
from db.__main__ import main
from db.people.models import Station
from db.safekeeping.personal_texts import personal_columns, personal_models
from db.safekeeping.processing_activities import ACTIVITIES
from db.safekeeping.processing_record import as_markdown, processing_record, readers
from db.safekeeping.services.keeping_rules import save_rules, save_station_rules
from db.store.base import Model, table_of
from tests.support.clock import NOW
from tests.support.databases import sqlite_only


def test_every_table_stands_in_one_activity():
    """A table of its own migration is the reason to fail here: say what it is for."""
    counted = Counter(table for activity in ACTIVITIES for table in activity.tables)
    assert set(counted) == set(Model.metadata.tables)
    assert max(counted.values()) == 1


def test_every_column_of_words_is_named_and_no_other(seeded_sqlite):
    with seeded_sqlite.reading() as session:
        named = [word for activity in processing_record(session) for word in activity.words]
    assert sorted(named) == sorted(
        f"{table_of(model).name}.{column.name}"
        for model in personal_models()
        for column in personal_columns(model)
    )


def test_every_time_of_keeping_ends_something():
    assert {kind for activity in ACTIVITIES for kind in activity.kept} == set(RetainedKind)
    assert all(activity.kept or activity.stays for activity in ACTIVITIES)


def test_the_times_are_those_set_in_this_portal(seeded_sqlite):
    months = {**MONTHS, RetainedKind.LOG: None, RetainedKind.RECORDINGS: 7}
    with seeded_sqlite.transaction() as session:
        save_rules(session, who=seeded_sqlite.administrator, months=months, now=NOW)
        record = {activity.name: activity for activity in processing_record(session)}
    assert record["Encounters"].kept == {"clear_values": 6, "recordings": 7, "transcripts": 24}
    text = as_markdown(list(record.values()))
    assert "recordings: 7 months" in text
    assert "log: for good" in text


def test_a_station_with_times_of_its_own_is_named_where_they_hold(seeded_sqlite):
    """Recordings stand under encounters, names under people; sign-ins have no place."""
    station = seeded_sqlite.station_id
    months = {RetainedKind.RECORDINGS: 3, RetainedKind.FORMER_STAFF: None}
    with seeded_sqlite.transaction() as session:
        who = seeded_sqlite.administrator
        save_station_rules(session, who=who, station_id=station, months=months, now=NOW)
        code = session.get_one(Station, station).code
        record = {activity.name: activity for activity in processing_record(session)}
    assert record["Encounters"].kept_at == {code: {"recordings": 3}}
    assert record["People and stations"].kept_at == {code: {"former_staff": None}}
    assert record["Signing in"].kept_at == {}
    page = as_markdown(list(record.values()))
    assert f"at {code} and below: recordings: 3 months" in page
    assert f"at {code} and below: former_staff: for good" in page


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity.name)
def test_readers_are_the_roles_that_may_do_one_of_its_actions(activity):
    may = {
        role.value
        for role in Role
        for action in activity.read_by
        if action in PERMISSIONS.get(role, {})
    }
    assert {reader.split(" ")[0] for reader in readers(activity.read_by)} == may
    assert may


def test_a_reader_is_named_with_how_far_it_reaches():
    assert "station_manager (subtree)" in readers((Action.SEE_CASES,))


@sqlite_only
def test_the_command_prints_a_page_or_data(keyed, capsys):
    assert main(["processing-record"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# Record of processing")
    assert main(["processing-record", "--json"]) == 0
    activities = json.loads(capsys.readouterr().out)
    assert [f"## {activity['name']}" in page for activity in activities] == [True] * len(ACTIVITIES)
