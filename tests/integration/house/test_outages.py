"""Disk full, database read-only or gone: one sentence, nothing lost, and it goes on by itself."""

from __future__ import annotations

import errno
from functools import cache
from logging import getLogger
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.errors import Unavailable
from db.inspection.models import Draft, Inspection
from db.store import claims
from db.store.files import FolderFiles
from db.store.outage import full_disk_explained, outage_explained, writing_problem
from db.store.session import make_engine
from pages.ui.kit import wiring
from pages.web.availability import OutageAnswer
from pages.web.gate import Gate
from pages.web.routes import routes
from pages.web.worker import _Keeper
from tests.support.databases import postgres_only, sqlite_only
from tests.support.inspection.inspecting import answers

WORK = {"version": 0, "answers": answers(), "evidence": [], "note": "", "active_seconds": 1}


def always(statement):
    """Say this to SQLite with every new connection of the portal; gives how to stop."""

    def tell(connection, _record):
        connection.execute(statement)

    wiring.engine().dispose()
    event.listen(wiring.engine(), "connect", tell)

    def stop():
        event.remove(wiring.engine(), "connect", tell)
        wiring.engine().dispose()

    return stop


@sqlite_only
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("PRAGMA max_page_count=1", "disk of the portal is full"),
        ("PRAGMA query_only=ON", "cannot be written to"),
    ],
)
def test_a_submission_that_cannot_be_stored_says_why_and_is_stored_later(
    world, alice, statement, sentence
):
    with wiring.transaction() as session:  # so that a submission needs a new page
        session.execute(text("CREATE TABLE filler (x)"))
        session.execute(text("DROP TABLE filler"))
        session.execute(text("SELECT 1"))
    stop = always(statement)
    padded = WORK | {"note": "x" * 9_000}
    answer = alice.post("submit", padded)
    assert answer.status_code == 503
    assert sentence in answer.json()["error"]
    assert world.count(Inspection) == world.count(Draft) == 0
    stop()
    assert alice.post("submit", padded).status_code == 200
    assert world.count(Inspection) == 1


@postgres_only
def test_a_read_only_server_says_so_and_takes_the_work_when_it_is_writable_again(world, alice):
    set_read_only(world, "on")
    answer = alice.post("save", WORK)
    assert answer.status_code == 503
    assert "cannot be written to" in answer.json()["error"]
    set_read_only(world, "off")
    assert alice.post("save", WORK).status_code == 200
    assert world.count(Draft) == 1


def set_read_only(world, state):
    name = world.seeded.engine.url.database
    with world.seeded.engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(
            text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}')
        )
        connection.commit()
    wiring.engine().dispose()


@postgres_only
def test_an_operator_is_told_of_a_read_only_server(world, alice):
    set_read_only(world, "on")
    assert readiness() == (503, "the database cannot be written: it is read-only")
    set_read_only(world, "off")
    assert readiness() == (200, "ok")


@sqlite_only
def test_an_operator_is_told_of_a_disk_of_the_database_that_takes_nothing(alice, monkeypatch):
    """It may be another one than that of the files."""
    assert readiness() == (200, "ok")
    full = OSError(errno.ENOSPC, "No space left on device")
    folder = Path(wiring.engine().url.database).parent
    really_open = Path.open

    def open_where_there_is_room(path, *arguments, **values):
        if path.parent == folder and path.name.startswith("probe-"):
            raise full
        return really_open(path, *arguments, **values)

    monkeypatch.setattr(Path, "open", open_where_there_is_room)
    assert readiness() == (503, "the database cannot be written: no space left on device")


def test_a_database_whose_folder_is_gone_takes_nothing(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'gone' / 'portal.db'}")
    assert writing_problem(engine) is None
    (tmp_path / "gone").rmdir()
    told = "the database cannot be written: no such file or directory"
    assert writing_problem(engine) == told


@sqlite_only
def test_the_keeper_of_the_worker_says_once_why_it_waits(alice, caplog, monkeypatch):
    """Ten seconds apart, into a log that may stand on the disk that is full."""
    keeper, log = _Keeper(), getLogger("pages.web.worker")
    monkeypatch.setattr(log, "disabled", False)  # whatever a test before this one left
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    monkeypatch.setattr(log, "propagate", False)
    stop = always("PRAGMA max_page_count=1")
    with caplog.at_level("WARNING"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "take_lease", grow)
        assert [keeper._holds_lease() for _ in range(3)] == [False] * 3
    stop()
    told = [record for record in caplog.records if record.name == "pages.web.worker"]
    assert [(record.exc_info, "disk" in record.getMessage()) for record in told] == [(None, True)]
    assert keeper._holds_lease()


def grow(session, *_arguments, **_values):
    """Write what needs another page."""
    session.execute(text("CREATE TABLE filler (x)"))


def readiness():
    app = Starlette(routes=routes, middleware=[Middleware(OutageAnswer), Middleware(Gate)])
    with TestClient(app, "http://localhost:8501") as visitor:
        answer = visitor.get("/readyz")
    return answer.status_code, answer.text


@sqlite_only
def test_pages_answer_with_a_sentence_in_the_readers_language(alice, monkeypatch):
    """The address of the database leads nowhere; the gate cannot even look the session up."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    wiring.engine().dispose()
    wiring.settings.cache_clear()
    wiring.engine.cache_clear()
    app = Starlette(routes=routes, middleware=[Middleware(OutageAnswer), Middleware(Gate)])
    with TestClient(app, "http://localhost:8501", cookies=alice.http.cookies) as visitor:
        headers = {"Accept": "text/html", "Accept-Language": "zh-TW"}
        page = visitor.get("/stations", headers=headers)
        ready = visitor.get("/readyz")
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "資料庫" in page.text
    assert (ready.status_code, ready.text) == (503, "the database is not reachable")


def test_a_folder_that_takes_no_files_is_told_to_the_operator_and_in_a_sentence(
    alice, monkeypatch, tmp_path
):
    """Where the folder should be, a file stands: nothing can be stored below it."""
    (tmp_path / "no folder").write_text("")
    files = FolderFiles(tmp_path / "no folder" / "var")
    monkeypatch.setattr(wiring, "files", cache(lambda: files))
    app = Starlette(routes=routes, middleware=[Middleware(OutageAnswer), Middleware(Gate)])
    with TestClient(app, "http://localhost:8501") as visitor:
        ready = visitor.get("/readyz")
    assert (ready.status_code, ready.text) == (503, "files cannot be stored: not a directory")

    def closed(*_arguments, **_values):
        raise PermissionError(errno.EACCES, "Permission denied", "/srv/var")

    monkeypatch.setattr("pages.web.inspection.pad.drafts.save_draft", closed)
    answer = alice.post("save", WORK)
    assert answer.status_code == 503
    assert "cannot store files" in answer.json()["error"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "disk of the portal is full"), (errno.EROFS, "cannot store files")],
)
def test_a_disk_that_takes_nothing_is_put_into_words(number, sentence):
    with pytest.raises(Unavailable, match=sentence), full_disk_explained():
        raise OSError(number, "no")
    with pytest.raises(FileNotFoundError), full_disk_explained():
        raise FileNotFoundError(errno.ENOENT, "no")


def test_a_full_disk_of_postgresql_is_recognised():
    problem = psycopg.errors.DiskFull('could not extend file "base/1": No space left on device')
    with pytest.raises(Unavailable, match="disk of the portal is full"), outage_explained():
        raise OperationalError("INSERT", {}, problem)


def test_mistakes_of_ours_are_not_mistaken_for_an_outage():
    with pytest.raises(ProgrammingError), outage_explained():
        raise ProgrammingError("SELEC", {}, psycopg.errors.SyntaxError("syntax error"))
