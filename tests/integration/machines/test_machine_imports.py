"""Files that other systems hand in, imported by the real job, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from db.encounters.models import ImportBatch, Interaction
from db.machines import services
from db.machines.models import ServiceKey
from db.machines.services import ServiceData
from db.people.models import Staff, User
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from tests.factories import make_interaction
from tests.support.importing.files import call, csv_of, jsonl, workbook
from tests.support.importing.partial import ENCOUNTER, OF_THE_IMPORT, changes, everything, only
from tests.support.importing.recordings import WAV, archive_of
from tests.support.machines.files import (
    STAFF,
    WITH_A_BAD_ROW,
    bearer,
    finished,
    hand_in,
    make_key,
    quick_jobs,
)

PLACE = {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}
ROWS = [call(n, station_code="TPE-PHONE", staff_no="S-CHARLIE") for n in range(2)]


@pytest.fixture
def quick(wired, monkeypatch):
    with quick_jobs(monkeypatch):
        yield


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


# What takes from what is stored

TEAM = [
    {
        "staff_no": f"P{n}",
        "name": f"Wu Mei {n}",
        "station_code": "TPE-PHONE",
        "uniform_variant": "cap",
    }
    for n in range(12)
]
BARE = csv_of(*({"staff_no": f"P{n}", "uniform_variant": ""} for n in range(12)))
CLEARS = "?empty=clears"


@pytest.fixture
def team(client, wired, key, quick):
    finished(client, key, hand_in(client, key, csv_of(*TEAM)))


def variants(wired):
    with wired.reading() as session:
        query = select(Staff.uniform_variant).where(Staff.staff_no.startswith("P"))
        return set(session.scalars(query))


def confirm(client, key, told):
    return client.post(told["confirm"], headers=bearer(key))


@pytest.mark.usefixtures("team")
def test_an_import_that_takes_much_waits_with_its_preview_until_it_is_confirmed(client, wired, key):
    told = finished(client, key, hand_in(client, key, BARE, query=CLEARS))
    assert told["state"] == "waiting"
    assert told["counts"]["updated"] == 12
    assert told["preview"]["losses"] == {"uniform_variant": 12}
    column = told["preview"]["columns"]["uniform_variant"]
    assert (column["added"], column["changed"], column["shrunk"], column["emptied"]) == (
        0,
        0,
        0,
        12,
    )
    assert column["examples"][0] == {"line": 2, "before": "cap", "after": ""}
    assert variants(wired) == {"cap"}
    with wired.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1
    done = finished(client, key, confirm(client, key, told))
    assert (done["state"], done["counts"]["updated"]) == ("finished", 12)
    assert variants(wired) == {""}
    assert confirm(client, key, told).status_code == 409


@pytest.mark.usefixtures("team")
def test_an_empty_cell_keeps_what_is_stored_unless_the_address_says_otherwise(client, wired, key):
    told = finished(client, key, hand_in(client, key, BARE))
    assert (told["state"], told["counts"]["unchanged"]) == ("finished", 12)
    assert variants(wired) == {"cap"}


@pytest.mark.usefixtures("team")
def test_an_account_that_is_allowed_it_beforehand_is_not_asked(client, wired, key):
    permit(wired, may_lose=True)
    assert finished(client, key, hand_in(client, key, BARE, query=CLEARS))["state"] == "finished"
    assert variants(wired) == {""}
    finished(client, key, hand_in(client, key, csv_of(*TEAM)))
    permit(wired, may_lose=False)
    assert finished(client, key, hand_in(client, key, BARE, query=CLEARS))["state"] == "waiting"
    with wired.reading() as session:
        deeds = session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.action.endswith("_losses"))
            .order_by(AuditEvent.id)
        ).all()
    assert deeds == ["permit_losses", "forbid_losses"]


def permit(wired, *, may_lose):
    with wired.transaction() as session:
        user_id = session.scalars(select(User.id).filter_by(username="crm")).one()
        services.save_service_account(
            session,
            who=wired.administrator,
            user_id=user_id,
            data=ServiceData("crm", "The CRM", may_lose=may_lose),
            now=wiring.now(),
        )


@pytest.mark.usefixtures("team")
def test_a_dry_run_waits_whatever_it_would_do_and_goes_on_when_it_is_confirmed(client, wired, key):
    new = csv_of(TEAM[0] | {"staff_no": "P99"})
    told = finished(client, key, hand_in(client, key, new, query="?dry-run=1"))
    assert (told["state"], told["counts"]["added"]) == ("waiting", 1)
    assert told["preview"]["losses"] == {}
    assert told["preview"]["columns"]["name"]["added"] == 1
    with wired.reading() as session:
        assert session.scalar(select(Staff).filter_by(staff_no="P99")) is None
    done = finished(client, key, confirm(client, key, told))
    assert (done["state"], done["counts"]["added"]) == ("finished", 1)


@pytest.mark.usefixtures("team")
def test_only_the_account_itself_confirms(client, wired, key):
    told = finished(client, key, hand_in(client, key, BARE, query=CLEARS))
    other = make_key(wired, "pbx")
    assert confirm(client, other, told).status_code == 404
    assert client.post(told["confirm"]).status_code == 401
    assert variants(wired) == {"cap"}


@pytest.mark.usefixtures("team")
def test_more_than_it_said_it_does_not_take(client, wired, key):
    """Between the preview and the consent one more got what the file empties."""
    told = finished(client, key, hand_in(client, key, BARE, query=CLEARS))
    with wired.transaction() as session:
        made = session.scalars(select(Staff).filter_by(staff_no="P0")).one()
        made.uniform_variant = ""
    done = finished(client, key, confirm(client, key, told))
    assert done["state"] == "finished"
    finished(client, key, hand_in(client, key, csv_of(*TEAM)))
    with wired.transaction() as session:
        session.scalars(select(Staff).filter_by(staff_no="P0")).one().uniform_variant = ""
    told = finished(client, key, hand_in(client, key, BARE, query=CLEARS))
    assert told["preview"]["losses"] == {"uniform_variant": 11}
    with wired.transaction() as session:
        session.scalars(select(Staff).filter_by(staff_no="P0")).one().uniform_variant = "cap"
    again = finished(client, key, confirm(client, key, told))
    assert (again["state"], again["preview"]["losses"]) == ("waiting", {"uniform_variant": 12})


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?empty=perhaps", "perhaps is no choice for empty: keeps, clears."),
        ("?encoding=klingon", "klingon is no choice for encoding"),
        ("?heading-line=x", "x is no choice for heading_line"),
        ("?zone=Moon/Base", "Moon/Base is no choice for zone"),
    ],
)
def test_a_choice_that_there_is_not_is_refused_at_once(client, wired, key, query, problem):
    answer = hand_in(client, key, STAFF, query=query)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(problem)


def test_a_file_is_read_with_the_choices_of_the_address(client, wired, key, quick):
    one = "staff_no,name,station_code\n7,林,TPE-PHONE\n".encode("cp950")
    assert hand_in(client, key, one).status_code == 422
    finished(client, key, hand_in(client, key, one, query="?encoding=cp950"))
    nan = b"staff_no,name,station_code\n8,NULL,TPE-PHONE\n"
    told = finished(client, key, hand_in(client, key, nan, query="?literal=name"))
    assert told["counts"]["added"] == 1
    with wired.reading() as session:
        names = session.scalars(select(Staff.name).where(Staff.staff_no.in_(("7", "8"))))
        assert sorted(names) == ["NULL", "林"]


def test_the_sheet_is_chosen_by_its_name(client, wired, key, quick):
    head = ("staff_no", "name", "station_code")
    book = workbook([head, ("7", "Wu", "TPE-PHONE")], [head, ("8", "Li", "TPE-PHONE")])
    told = finished(client, key, hand_in(client, key, book, query="?sheet=Sheet1"))
    assert told["counts"]["added"] == 1
    with wired.reading() as session:
        assert session.scalars(select(Staff.staff_no).where(Staff.staff_no == "8")).all() == ["8"]
    assert hand_in(client, key, book, query="?sheet=Sheet3").status_code == 422


@pytest.fixture
def calls(wired):
    with wired.transaction() as session:
        for name in ("a", "b"):
            make_interaction(session, source="pbx", external_id=name, turns=())


def recordings(wired):
    with wired.reading() as session:
        query = select(Interaction.external_id, Interaction.recording)
        rows = session.execute(query.where(Interaction.source == "pbx")).all()
    return {external_id: name is not None for external_id, name in rows}


def test_recordings_go_in_by_key_and_it_is_told_who_lacks_theirs(client, wired, key, quick, calls):
    content = archive_of({"pbx/a.mp3": WAV, "pbx/c.wav": WAV, "pbx/b.wav": b"<html>"})
    told = finished(client, key, hand_in(client, key, content, "recordings", "?name=calls.zip"))
    assert told["state"] == "finished"
    assert told["counts"] == {"read": 3, "added": 1, "updated": 0, "unchanged": 0, "refused": 2}
    assert {row["column"]: row["sentence"] for row in told["refused"]} == {
        "pbx/b.wav": "This is no sound that can be played: wav, mp3, ogg, m4a and webm are.",
        "pbx/c.wav": "No encounter has this name.",
    }
    assert told["notes"] == ["Encounters that still lack their recording: 1, such as pbx b."]
    assert recordings(wired) == {"a": True, "b": False}
    refused = client.get(told["all_refused"], headers=bearer(key)).text
    assert [line.split(",")[1] for line in refused.splitlines()[1:]] == ["pbx/b.wav", "pbx/c.wav"]
    again = finished(client, key, hand_in(client, key, content, "recordings"))
    assert (again["counts"]["added"], again["counts"]["unchanged"]) == (0, 1)


def test_a_dry_run_of_recordings_waits_and_goes_on(client, wired, key, quick, calls):
    content = archive_of({"pbx/a.wav": WAV})
    told = finished(client, key, hand_in(client, key, content, "recordings", "?dry-run=1"))
    assert (told["state"], told["counts"]["added"]) == ("waiting", 1)
    assert told["notes"] == ["Encounters that lack their recording today: 2, such as pbx a, pbx b."]
    assert recordings(wired) == {"a": False, "b": False}
    done = finished(client, key, client.post(told["confirm"], headers=bearer(key)))
    assert (done["state"], done["counts"]["added"]) == ("finished", 1)
    assert recordings(wired) == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("content", "query", "sentence"),
    [
        (b"no archive", "", "neither a folder, nor a ZIP archive, nor a sound"),
        (archive_of({"pbx/a.wav": WAV}), "?strict=1", "strict is for tables"),
    ],
)
def test_what_is_no_delivery_is_refused_at_once(client, key, content, query, sentence):
    answer = hand_in(client, key, content, "recordings", query)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
