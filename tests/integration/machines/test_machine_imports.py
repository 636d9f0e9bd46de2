"""Files that other systems hand in, imported by the real job, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from db.encounters.models import ImportBatch, Interaction
from db.machines.models import ServiceKey
from db.people.models import Staff, User
from db.store.models import AuditEvent
from tests.support.importing.files import call, csv_of, jsonl
from tests.support.importing.partial import ENCOUNTER, OF_THE_IMPORT, changes, everything, only
from tests.support.machines.files import (
    STAFF,
    WITH_A_BAD_ROW,
    Quick,
    bearer,
    finished,
    hand_in,
    make_key,
)

PLACE = {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}
ROWS = [call(n, station_code="TPE-PHONE", staff_no="S-CHARLIE") for n in range(2)]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("db.jobs.engine.subprocess.Popen", Quick)


def count(wired, table):
    with wired.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_encounters_go_in_and_the_same_file_again_doubles_nothing(client, wired, key):
    first = finished(client, key, hand_in(client, key, jsonl(*ROWS), "interactions"))
    assert first["state"] == "finished"
    assert first["counts"] == {"read": 2, "added": 2, "unchanged": 0, "updated": 0, "refused": 0}
    again = finished(client, key, hand_in(client, key, jsonl(*ROWS), "interactions"))
    assert again["counts"] == {"read": 2, "added": 0, "unchanged": 2, "updated": 0, "refused": 0}
    assert count(wired, Interaction) == 2


def test_refused_rows_are_told_one_by_one_and_the_others_go_in(client, wired, key, quick):
    told = finished(client, key, hand_in(client, key, WITH_A_BAD_ROW, query="?name=team.csv"))
    assert (told["kind"], told["file"], told["state"]) == ("staff", "team.csv", "finished")
    assert (told["counts"]["added"], told["counts"]["refused"]) == (1, 1)
    (refused,) = told["refused"]
    assert (refused["row"], refused["column"]) == (3, "station_code")
    assert refused["sentence"].endswith(".")
    csv = client.get(told["all_refused"], headers=bearer(key))
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.text.splitlines()[1] == f"3,station_code,{refused['sentence']}"


def test_strict_lets_nothing_in_if_a_row_is_refused(client, wired, key, quick):
    before = count(wired, Staff)
    told = finished(client, key, hand_in(client, key, WITH_A_BAD_ROW, query="?strict=1"))
    assert (told["counts"]["added"], told["counts"]["refused"]) == (0, 1)
    assert count(wired, Staff) == before


def test_the_import_is_the_accounts_in_the_list_and_in_the_log(client, wired, key, quick):
    finished(client, key, hand_in(client, key, STAFF))
    with wired.reading() as session:
        batch = session.scalars(select(ImportBatch)).one()
        events = session.execute(
            select(AuditEvent.action, AuditEvent.user_id).where(
                AuditEvent.action.in_(["use_key", "import"])
            )
        ).all()
        used = session.scalars(select(ServiceKey.last_used_at)).one()
        crm = session.scalars(select(User.id).filter_by(username="crm")).one()
    assert batch.user_id == crm
    assert sorted(events) == [("import", crm), ("use_key", crm)]
    assert used is not None


def test_one_file_at_a_time_for_each_account(client, wired, key, idle):
    assert hand_in(client, key, STAFF).status_code == 202
    answer = hand_in(client, key, STAFF)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert hand_in(client, make_key(wired, "pbx"), STAFF).status_code == 202
    with wired.reading() as session:
        used = select(func.count()).where(AuditEvent.action == "use_key")
        assert session.scalar(used) == 2  # the refused file was not begun


def test_guessing_is_slowed_down_and_noted(client, wired, key, idle):
    answers = [
        hand_in(client, f"qik_{number:08d}_{'A' * 43}", STAFF).status_code for number in range(32)
    ]
    assert answers == [401] * 30 + [429] * 2
    last = hand_in(client, key, STAFF)
    assert (last.status_code, last.headers["retry-after"]) == (429, "900")
    with wired.reading() as session:
        noted = select(func.count()).where(AuditEvent.action == "refuse_key")
        assert session.scalar(noted) == 30


def test_a_file_with_some_columns_leaves_the_others_as_they_are(client, wired, key, quick):
    """A full file first; then the rating alone, in a table without the required columns."""
    finished(client, key, hand_in(client, key, jsonl(ENCOUNTER | PLACE), "interactions"))
    before = everything(wired.engine)
    part = csv_of(only(ENCOUNTER, "source", "external_id") | {"customer_rating": 5})
    told = finished(client, key, hand_in(client, key, part, "interactions"))
    assert told["counts"] == {"read": 1, "added": 0, "unchanged": 0, "updated": 1, "refused": 0}
    assert changes(before, everything(wired.engine)) == {"customer_rating"} | OF_THE_IMPORT
    again = finished(client, key, hand_in(client, key, part, "interactions"))
    assert again["counts"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("kind", "content"),
    [("staff", b"name,station_code\nWu,TPE-PHONE\n"), ("stations", b"name_en,kind\nX,shop\n")],
)
def test_a_table_that_does_not_say_what_its_rows_are_about_is_turned_away(
    client, key, idle, kind, content
):
    assert hand_in(client, key, content, kind).status_code == 422
