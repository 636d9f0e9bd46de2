"""The upload route: who may send, how much, and where it goes."""

from __future__ import annotations

import os
import time
from datetime import datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db.importing.import_job import Job, refused_file
from db.importing.uploaded_files import Spool, drop_old
from db.upkeep.jobs import Jobs
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.importing import uploads
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
def spool(wired):
    return Spool.of(wiring.settings().var_dir, wired.administrator.user_id)


def test_an_upload_waits_to_be_imported(client_of, spool):
    answer = client_of("administrator").post(UPLOAD, content=b"a,b\n1,2\n")
    waiting = spool.waiting("rows")
    assert answer.json() == {"token": waiting.token, "name": "team.csv", "size": 8}
    assert waiting.path.read_bytes() == b"a,b\n1,2\n"


def test_a_second_upload_takes_the_place_of_the_first(client_of, spool):
    client = client_of("administrator")
    client.post(UPLOAD, content=b"first")
    client.post(UPLOAD, content=b"second")
    client.post(UPLOAD.replace("rows", "turns"), content=b"turns")
    assert spool.waiting("rows").path.read_bytes() == b"second"
    assert spool.waiting("turns").path.read_bytes() == b"turns"
    assert len(list(spool.folder.iterdir())) == 4  # two files, two notes


def test_only_the_owner_of_the_account_may_read_the_folder(client_of, spool):
    client_of("administrator").post(UPLOAD, content=b"x")
    assert spool.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("username", "status", "reason"),
    [("", 401, "You are signed out"), ("alice", 403, "Your role"), ("bob", 403, "Your role")],
)
def test_who_may_not_import_may_not_upload(client_of, spool, username, status, reason):
    for client, ask in (
        (client_of(username), lambda client: client.post(UPLOAD, content=b"x")),
        (client_of(username), lambda client: client.get("/api/imports/door")),
        (client_of(username), lambda client: client.get("/api/imports/1/refused.csv")),
    ):
        answer = ask(client)
        assert answer.status_code == status
        assert answer.json()["error"].startswith(reason)
    assert list(spool.folder.iterdir()) == []


def test_an_upload_without_the_pages_token_is_refused(client_of, spool):
    client = client_of("administrator")
    del client.headers["x-csrf-token"]
    assert client.post(UPLOAD, content=b"x").status_code == 403
    assert spool.waiting("rows") is None


def test_the_door_tells_token_and_limit(client_of):
    client = client_of("administrator")
    token = client.headers.pop("x-csrf-token")
    assert client.get("/api/imports/door").json() == {"token": token, "limit": 200_000_000}


def test_too_much_is_refused_when_announced_and_while_it_comes_in(client_of, spool, monkeypatch):
    monkeypatch.setattr(uploads, "_limit", lambda: 1000)
    client = client_of("administrator")
    announced = client.post(UPLOAD, content=b"x" * 1001)
    streamed = client.post(UPLOAD, content=(b"x" * 100 for _ in range(11)))
    for answer in (announced, streamed):
        assert answer.status_code == 422
        assert answer.json() == {"error": "The file is larger than 200 MB."}
    assert list(spool.folder.iterdir()) == []
    assert client.post(UPLOAD, content=(b"x" * 100 for _ in range(10))).status_code == 200


@pytest.mark.parametrize("query", ["?slot=other&name=x", "?name=x", "?slot=../rows&name=x"])
def test_an_unknown_slot_is_refused(client_of, spool, query):
    answer = client_of("administrator").post(f"/api/imports/upload{query}", content=b"x")
    assert answer.status_code == 422
    assert list(spool.folder.iterdir()) == []


def test_an_empty_file_is_refused(client_of):
    answer = client_of("administrator").post(UPLOAD, content=b"")
    assert answer.json() == {"error": "The file is empty."}


def test_refused_rows_are_given_back(client_of, wired):
    path = refused_file(wiring.settings().var_dir, 7)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("line,column,reason\n")
    client = client_of("administrator")
    answer = client.get("/api/imports/7/refused.csv")
    assert answer.text == "line,column,reason\n"
    assert answer.headers["content-disposition"] == 'attachment; filename="refused-7.csv"'
    assert client.get("/api/imports/8/refused.csv").status_code == 404


def test_the_worker_removes_it_every_hour_though_nobody_uploads_anything(spool, wired):
    old = spool.new_part()
    old.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    huey = Jobs(wiring.settings(), wired.engine)._huey
    due = [
        task
        for minute in range(60)
        for task in huey.read_periodic(datetime(2026, 3, 16, 9, minute))
        if task.name == "drop_uploads"
    ]
    assert len(due) == 1
    huey.execute(due[0])
    assert not old.exists()


def test_what_lies_about_for_a_day_is_removed(spool, wired):
    job = Job.of(wiring.settings().var_dir, wired.administrator.user_id)
    job.folder.mkdir(parents=True)
    stopped, old, new = job.folder / "rows", spool.new_part(), spool.new_part()
    yesterday = time.time() - 90_000
    for path in (stopped, old, new):
        path.write_bytes(b"x")
        os.utime(path, (yesterday, yesterday) if path != new else None)
    drop_old(wiring.settings().var_dir, time.time())
    assert [path.exists() for path in (stopped, old, new)] == [False, False, True]
