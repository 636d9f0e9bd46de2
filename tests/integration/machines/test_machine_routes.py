"""The routes other systems hand files to: who gets in, what is taken, what is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import anyio
import pytest
from sqlalchemy import select, update

from db.importing import machine_files, uploaded_files
from db.importing.import_job import ImportTask
from db.importing.models import UploadedFile
from db.machines import services
from db.machines.models import ServiceKey
from db.people.models import User
from db.people.services.identities import identity_of
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.importing import uploads
from tests.support.importing.jobs import stored, uploaded
from tests.support.machines.files import STAFF, bearer, hand_in, make_key
from tests.support.sign_in.sessions import session_token

pytestmark = pytest.mark.usefixtures("idle")


@pytest.fixture
def seeded(seeded_sqlite):
    """The kind of database makes no difference to who gets in and what is taken."""
    return seeded_sqlite


@pytest.fixture
def crm(wired, key):
    """The account behind the key."""
    with wired.reading() as session:
        user = session.scalars(select(User).filter_by(username="crm")).one()
        return identity_of(session, user)


# Who gets in


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic YTpi", "qik_a", "Token qik_a"])
def test_without_a_key_nothing_opens(client, wired, sent):
    for answer in (
        client.post("/api/import/staff", content=STAFF, headers={"Authorization": sent}),
        client.get("/api/import/0123456789abcdef", headers={"Authorization": sent}),
        client.get("/api/import/0123456789abcdef/refused.csv", headers={"Authorization": sent}),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="import"'
        assert answer.json()["error"].startswith("Send a key in the header Authorization")


def test_a_persons_session_opens_nothing_here_not_even_with_the_pages_token(client, wired):
    with wiring.transaction() as session:
        token = session_token(session, "administrator", now=wiring.now())
    client.cookies.set(cookies.SESSION, token)
    answer = client.post(
        "/api/import/staff", content=STAFF, headers={"X-CSRF-Token": cookies.api_token(token)}
    )
    assert answer.status_code == 401
    for sent in (token, f"Bearer {token}"):
        answer = client.post(
            "/api/import/staff", content=STAFF, headers={"Authorization": f"Bearer {sent}"}
        )
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/", "/people", "/imports", "/api/imports/door", "/api/imports/1/refused.csv"],
)
def test_a_key_opens_nothing_else(client, wired, key, path):
    for value in (key, f"Bearer {key}"):
        client.cookies.set(cookies.SESSION, value)
        assert client.get(path, headers=bearer(key)).status_code == 401
    client.cookies.clear()
    assert client.get(path, headers=bearer(key)).status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_page_cannot_use_a_key(client, wired, key, origin):
    assert hand_in(client, key, STAFF, Origin=origin).status_code == 403
    answer = client.post(
        "/api/import/staff", content=STAFF, headers=bearer(key) | {"Host": "evil.example"}
    )
    assert answer.status_code == 421


def test_an_expired_and_a_revoked_key_say_so(client, wired, key):
    old = make_key(wired, "pbx", days=1, now=wiring.now() - timedelta(days=2))
    answer = hand_in(client, old, STAFF)
    assert (answer.status_code, answer.json()["error"]) == (
        401,
        "This key has expired. Ask an administrator for a new one.",
    )
    with wired.transaction() as session:
        key_id = session.scalars(select(ServiceKey.id).filter_by(prefix=key[4:12])).one()
        services.revoke_key(session, who=wired.administrator, key_id=key_id, now=wiring.now())
    assert hand_in(client, key, STAFF).json()["error"].startswith("This key was revoked.")


def test_past_inspections_are_imported_by_people(client, wired, key):
    answer = hand_in(client, key, b"", "inspections")  # before anything is read
    assert (answer.status_code, answer.json()["error"]) == (
        403,
        "Files of this kind are imported by people only.",
    )
    with wired.reading() as session:
        refusal = session.scalars(select(AuditEvent).filter_by(action="refuse")).one()
    assert (refusal.object_type, refusal.object_id) == ("import", "inspections")


@pytest.mark.parametrize("kind", ["users", "Staff", "passwd"])
def test_there_is_no_import_of_another_kind(client, wired, key, kind):
    assert hand_in(client, key, STAFF, kind).status_code == 404


def test_a_job_is_told_to_its_own_account_only(client, wired, key):
    address = hand_in(client, key, STAFF).json()["address"]
    other = make_key(wired, "pbx")
    assert client.get(address, headers=bearer(key)).status_code == 200
    for path in (address, f"{address}/refused.csv", "/api/import/0123456789abcdef"):
        assert client.get(path, headers=bearer(other)).status_code == 404


@pytest.mark.parametrize("job", ["%2e%2e", "..%2f..", "a%00b", "*", "1" * 300])
def test_no_address_of_a_job_leads_out_of_its_folder(client, wired, key, job):
    hand_in(client, key, STAFF)
    assert client.get(f"/api/import/{job}", headers=bearer(key)).status_code in (401, 404)


# What is taken


def left_over():
    return stored("uploads")


def test_too_large_a_file_is_refused_as_announced_and_as_sent(client, wired, key, monkeypatch):
    monkeypatch.setattr(uploads, "_limit", lambda: 1000)
    announced = hand_in(client, key, b"x" * 1001)
    streamed = hand_in(client, key, (b"x" * 100 for _ in range(11)))
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["error"]) == (
            413,
            "The file is larger than 200 MB.",
        )
    assert left_over() == []


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00" * 20,
        b"\xd0\xcf\x11\xe0rest",
        b"\x1f\x8b\x08" + b"\x00\x01" * 50,
    ],
    ids=["program", "old workbook", "packed"],
)
def test_what_is_no_table_is_refused_by_its_bytes(client, wired, key, content):
    assert hand_in(client, key, content).status_code == 415
    assert left_over() == []


def test_a_table_in_utf16_is_taken(client, wired, key):
    assert hand_in(client, key, STAFF.decode().encode("utf-16")).status_code == 202


def test_a_form_is_not_taken_for_a_file(client, wired, key):
    answer = client.post(
        "/api/import/staff", files={"file": ("team.csv", STAFF)}, headers=bearer(key)
    )
    assert (answer.status_code, answer.json()["error"]) == (
        415,
        "Send the bytes of the file as they are, not as a form.",
    )


@pytest.mark.parametrize("content", [b"", b"name\nWu\n", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_used_is_refused_at_once(client, wired, key, content):
    answer = hand_in(client, key, content)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert left_over() == []


def test_two_files_that_came_in_at_once_are_not_both_begun(wired, crm):
    first, second = (uploaded(crm, STAFF, slot=slot) for slot in ("rows", "turns"))
    task = ImportTask("staff", None, strict=False, language="en")
    with wired.transaction() as session:
        machine_files.begin(session, who=crm, task=task, rows=first, now=wiring.now())
    with wired.transaction() as session, pytest.raises(machine_files.StillRunning):
        machine_files.begin(session, who=crm, task=task, rows=second, now=wiring.now())


def test_while_a_file_comes_in_no_other_does(client, wired, key, crm):
    with wired.transaction() as session:
        machine_files.expect_file(session, crm, now=wiring.now())
    assert hand_in(client, key, STAFF).status_code == 429
    silent = wiring.now() - timedelta(seconds=61)  # nothing came for a minute: it is given up
    with wired.transaction() as session:
        session.execute(update(UploadedFile).values(heard_at=silent))
    assert hand_in(client, key, STAFF).status_code == 202


def test_a_file_that_takes_long_gives_signs_that_it_still_comes_in(wired, crm, monkeypatch):
    """Each chunk is a sign here: the one after a silent minute says that more is coming."""
    monkeypatch.setattr(uploads, "_SIGN_SECONDS", -1.0)
    seen = []

    def is_receiving():
        with wired.reading() as session:
            return uploaded_files.is_receiving(session, crm, now=wiring.now())

    class Slow:
        def __init__(self):
            self.headers = {}

        async def stream(self):
            yield STAFF
            with wired.transaction() as session:
                silent = wiring.now() - timedelta(seconds=61)
                session.execute(update(UploadedFile).values(heard_at=silent))
            seen.append(is_receiving())
            yield b"8,Li,TPE-PHONE\n"
            seen.append(is_receiving())

    with wired.transaction() as session:
        expected = machine_files.expect_file(session, crm, now=wiring.now())
    with ThreadPoolExecutor(1) as apart:
        received = apart.submit(anyio.run, uploads.receive, Slow(), expected).result()
    assert seen == [False, True]
    assert received.size == len(wiring.files().read(expected.key)) == len(STAFF) + 15


def test_what_was_handed_in_long_ago_is_forgotten(client, wired, key, monkeypatch):
    monkeypatch.setattr(machine_files, "_REMEMBERED", 2)
    monkeypatch.setattr("db.jobs.queries.LEASE", timedelta(seconds=-1))
    answers = [hand_in(client, key, STAFF).json()["address"] for _ in range(3)]
    found = [client.get(address, headers=bearer(key)).status_code for address in answers]
    assert found == [404, 200, 200]


def test_a_job_whose_process_went_away_says_so(client, wired, key, monkeypatch):
    address = hand_in(client, key, STAFF).json()["address"]
    assert client.get(address, headers=bearer(key)).json()["state"] == "running"
    monkeypatch.setattr("db.jobs.queries.LEASE", timedelta(seconds=-1))
    assert client.get(address, headers=bearer(key)).json()["state"] == "stopped"
    assert hand_in(client, key, STAFF).status_code == 202


def test_sentences_come_in_the_language_of_the_account(client, wired, key):
    with wired.transaction() as session:
        user = session.scalars(select(User).filter_by(username="crm")).one()
        user.language = "zh_TW"
    assert hand_in(client, key, b"").json()["error"] == "檔案是空的。"


def test_only_these_methods_are_answered(client, wired, key):
    assert client.put("/api/import/staff", content=STAFF, headers=bearer(key)).status_code == 405
    assert client.delete("/api/import/staff", headers=bearer(key)).status_code == 405
