"""The upload route: who may send, how much, and where it goes."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db.importing import uploaded_files
from db.importing.import_job import drop_strays, refused_file
from db.importing.models import UploadedFile
from db.importing.uploaded_files import drop_old
from db.jobs.models import Job
from db.store.files import FileKey, FileKind
from db.upkeep.jobs import Jobs
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.importing import uploads
from tests.support.importing.jobs import OwnImport, stored, uploaded
from tests.support.sign_in.sessions import session_token

UPLOAD = "/api/imports/upload?slot=rows&name=team.csv"


@pytest.fixture
def client_of(wired):
    """A client with somebody's session cookie and the token of their page."""

    def client_of(username):
        client = TestClient(Starlette(routes=uploads.routes))
        if username:
            with wiring.transaction() as session:
                token = session_token(session, username, now=wiring.now())
            client.cookies.set(cookies.SESSION, token)
            client.headers["x-csrf-token"] = cookies.api_token(token)
        return client

    return client_of


@pytest.fixture
def waiting(wired):
    """What the administrator's slot holds, and its bytes."""

    def waiting(slot="rows"):
        with wiring.reading() as session:
            upload = uploaded_files.waiting(session, wired.administrator, slot)
        return upload and (upload, wiring.files().read(upload.key))

    return waiting


def kept():
    """How many uploads are known, and their files."""
    with wiring.reading() as session:
        known = session.scalar(select(func.count()).select_from(UploadedFile))
    return known, len(stored("uploads"))


def test_an_upload_waits_to_be_imported(client_of, waiting):
    answer = client_of("administrator").post(UPLOAD, content=b"a,b\n1,2\n")
    upload, content = waiting()
    assert answer.json() == {"token": upload.token, "name": "team.csv", "size": 8}
    assert content == b"a,b\n1,2\n"


def test_a_second_upload_takes_the_place_of_the_first(client_of, waiting):
    client = client_of("administrator")
    client.post(UPLOAD, content=b"first")
    client.post(UPLOAD, content=b"second")
    client.post(UPLOAD.replace("rows", "turns"), content=b"turns")
    assert waiting("rows")[1] == b"second"
    assert waiting("turns")[1] == b"turns"
    assert kept() == (2, 2)


def test_only_the_owner_of_the_account_may_read_the_folder(client_of, waiting):
    client_of("administrator").post(UPLOAD, content=b"x")
    with wiring.files().local(waiting()[0].key) as path:
        assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("username", "status", "reason"),
    [("", 401, "You are signed out"), ("alice", 403, "Your role"), ("bob", 403, "Your role")],
)
def test_who_may_not_import_may_not_upload(client_of, username, status, reason):
    for client, ask in (
        (client_of(username), lambda client: client.post(UPLOAD, content=b"x")),
        (client_of(username), lambda client: client.get("/api/imports/door")),
        (client_of(username), lambda client: client.get("/api/imports/1/refused.csv")),
    ):
        answer = ask(client)
        assert answer.status_code == status
        assert answer.json()["error"].startswith(reason)
    assert kept() == (0, 0)


def test_an_upload_without_the_pages_token_is_refused(client_of, waiting):
    client = client_of("administrator")
    del client.headers["x-csrf-token"]
    assert client.post(UPLOAD, content=b"x").status_code == 403
    assert waiting() is None


def test_the_door_tells_token_and_limit(client_of):
    client = client_of("administrator")
    token = client.headers.pop("x-csrf-token")
    assert client.get("/api/imports/door").json() == {"token": token, "limit": 200_000_000}


def test_too_much_is_refused_when_announced_and_while_it_comes_in(client_of, monkeypatch):
    monkeypatch.setattr(uploads, "_limit", lambda: 1000)
    client = client_of("administrator")
    announced = client.post(UPLOAD, content=b"x" * 1001)
    streamed = client.post(UPLOAD, content=(b"x" * 100 for _ in range(11)))
    for answer in (announced, streamed):
        assert answer.status_code == 422
        assert answer.json() == {"error": "The file is larger than 200 MB."}
    assert kept() == (0, 0)
    assert client.post(UPLOAD, content=(b"x" * 100 for _ in range(10))).status_code == 200


@pytest.mark.parametrize("query", ["?slot=other&name=x", "?name=x", "?slot=../rows&name=x"])
def test_an_unknown_slot_is_refused(client_of, query):
    answer = client_of("administrator").post(f"/api/imports/upload{query}", content=b"x")
    assert answer.status_code == 422
    assert kept() == (0, 0)


def test_an_empty_file_is_refused(client_of):
    answer = client_of("administrator").post(UPLOAD, content=b"")
    assert answer.json() == {"error": "The file is empty."}


def test_refused_rows_are_given_back(client_of, wired):
    wiring.files().write(refused_file(7), b"line,column,reason\n")
    client = client_of("administrator")
    answer = client.get("/api/imports/7/refused.csv")
    assert answer.text == "line,column,reason\n"
    assert answer.headers["content-disposition"] == 'attachment; filename="refused-7.csv"'
    assert client.get("/api/imports/8/refused.csv").status_code == 404


def yesterday():
    return wiring.now() - timedelta(hours=25)


def stray(name, at):
    """A file that no row knows, written then."""
    key = FileKey(FileKind.UPLOADS, name)
    wiring.files().write(key, b"x")
    with wiring.files().local(key) as path:
        os.utime(path, (at.timestamp(),) * 2)
    return key


def test_the_worker_removes_it_every_hour_though_nobody_uploads_anything(wired):
    old = uploaded(wired.administrator, b"x", at=yesterday())
    huey = Jobs(wiring.settings(), wired.engine)._queue._huey
    due = [
        task
        for minute in range(60)
        for task in huey.read_periodic(datetime(2026, 3, 16, 9, minute))
        if task.name == "drop_uploads"
    ]
    assert len(due) == 1
    huey.execute(due[0])
    assert wiring.files().about(old.key) is None


def test_what_lies_about_for_a_day_is_removed(wired):
    """A stopped import's, what waits, what no row knows; not what came in just now."""
    admin, own = wired.administrator, OwnImport(wired.administrator)
    stopped = uploaded(admin, b"x", at=yesterday())
    own.begin(stopped)
    own.went_away()
    old = uploaded(admin, b"x", slot="turns", at=yesterday())
    lost = stray("7/rows-1", yesterday())
    new = uploaded(admin, b"x")
    assert drop_old(wired.engine, wiring.files(), now=wiring.now()) == 3
    about = [wiring.files().about(key) for key in (stopped.key, old.key, lost, new.key)]
    assert [file is not None for file in about] == [False, False, False, True]
    assert kept() == (1, 1)


def test_what_a_job_works_on_stays_however_long_it_takes(wired):
    own, rows = OwnImport(wired.administrator), uploaded(wired.administrator, b"x", at=yesterday())
    own.begin(rows)
    assert drop_old(wired.engine, wiring.files(), now=wiring.now()) == 0
    assert wiring.files().read(rows.key) == b"x"


def test_what_forgotten_jobs_and_former_versions_left_is_removed_and_refused_rows_stay(wired):
    OwnImport(wired.administrator).begin(uploaded(wired.administrator, b"x"))
    with wiring.reading() as session:
        token = session.scalars(select(Job.token)).one()
    names = [f"{token}.json", "forgotten.json", "7/rows", "refused-7.csv", "refused-7a.csv.part"]
    for name in names:
        wiring.files().write(FileKey(FileKind.IMPORTS, name), b"x")
    now = wiring.now()
    assert drop_strays(wired.engine, wiring.files(), now=now) == 0
    assert drop_strays(wired.engine, wiring.files(), now=now + timedelta(days=2)) == 3
    assert stored("imports") == sorted([f"{token}.json", "refused-7.csv"])
