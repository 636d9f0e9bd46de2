"""No process with another key than the database's touches it, on both databases."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.errors import SettingError
from db.__main__ import COMMANDS
from db.encounters.models import ClearSpan
from db.migrations import migrate
from db.safekeeping.database_key import begin_change, end_change, keys_for, take_over
from db.safekeeping.log_sealing import Sealer
from db.safekeeping.models import AuditSeal, Customer, DatabaseKey
from db.safekeeping.nightly_duties import Duties
from db.sign_in.models import Authenticator
from db.store import keys as keys_module
from db.store.config import load_settings
from db.store.files import files_of
from db.store.keys import KeyUnusable, key_file, load_keys, stored_keys
from db.store.session import reading, transaction
from db.upkeep import prepare
from pages.ui.kit import wiring
from pages.web.routes import routes
from tests.support.clock import NOW
from tests.support.house.portal import free_port
from tests.support.inspection.pads import wired_to
from tests.support.requirements import ROOT
from tests.support.safekeeping.nora import REFERENCE
from tests.support.safekeeping.stored_keys import everything, stored

ARGUMENTS = {
    "create-user": ("wu", "Wu Mei", "staff"),
    "import": ("interactions", "FOLDER/rows.jsonl"),
    "export": ("inspections", "FOLDER/out.jsonl"),
    "person": ("export", "customer", REFERENCE, "--file", "FOLDER/out.json", "--reason", "asked"),
    "file": ("crm", "C-1"),
    "measure": ("score", "202601-202601"),
    "effect": ("score", "202601-202601", "202603-202603", "--station", "D1"),
    "demo": (),
}
"""What a command must be given besides; a new one that needs nothing stands nowhere."""
NEEDS_NO_KEY = {
    "migrate": "changes tables only",
    "check": "compares tables only",
    "restore": "goes into an empty database only",
    "version": "reads the revision only",
}
MORE = {
    "person": [
        ("erase", "customer", REFERENCE, "--reason", "asked"),
        ("erase", "staff", "S-QUILL", "--reason", "asked"),
        ("repeat",),
    ],
    "verify-audit": [("--seal",)],
    "rotate-key": [("--go-on",)],
    "worker": [("--while-open",)],
}
CASES = [
    (name, arguments)
    for name in COMMANDS
    if name not in NEEDS_NO_KEY
    for arguments in (ARGUMENTS.get(name, ()), *MORE.get(name, []))
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_a_command_with_another_key_stops_with_both_named(
    keyed, command, tmp_path, name, arguments
):
    """Also a command that somebody adds, until it stands among those that need no key."""
    wrong = load_keys(tmp_path / "wrong")
    before = everything(keyed.engine)
    status, told = command(tmp_path / "wrong", name, *arguments)
    assert status == 2
    assert told == (
        f"The key at {key_file(tmp_path / 'wrong')} is {wrong.id}, but the database is written"
        f" with key {keyed.keys.id}: set VAR_DIR to the folder that holds this key, or put the"
        " key there.\n"
    )
    assert everything(keyed.engine) == before
    assert stored_keys(tmp_path / "wrong") == wrong
    assert not (tmp_path / "out.json").exists()
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_a_command_without_a_key_makes_none(keyed, command, tmp_path, name, arguments):
    before = everything(keyed.engine)
    status, told = command(tmp_path / "nowhere", name, *arguments)
    assert status == 2
    assert told == (
        f"There is no key at {key_file(tmp_path / 'nowhere')}, and the database is written with"
        f" key {keyed.keys.id}: set VAR_DIR to the folder that holds this key, or put the key"
        " there.\n"
    )
    assert everything(keyed.engine) == before
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["migrate", "check"])
def test_what_needs_no_key_asks_for_none(keyed, command, tmp_path, name):
    command(keyed.settings.var_dir, "migrate")  # what was stored without a program is indexed
    assert command(tmp_path / "nowhere", name) == (0, "")
    assert not (tmp_path / "nowhere").exists()


def test_the_commands_of_the_right_folder_go_on_as_ever(keyed, command):
    before = stored(keyed.engine)
    for name in ("rebuild", "remask", "retain", "backup", "test-restore", "verify-audit"):
        assert command(keyed.settings.var_dir, name) == (0, ""), name
    assert stored(keyed.engine) == before == (keyed.keys.id, None)


def test_a_folder_that_is_named_otherwise_is_the_same_folder(keyed, command):
    """What counts is the key, not the path: a copy of the key serves a second machine."""
    named_otherwise = keyed.settings.var_dir.parent / "other name"
    named_otherwise.symlink_to(keyed.settings.var_dir)
    assert command(named_otherwise, "retain")[0] == 0


def test_a_relative_folder_starts_at_the_portal_wherever_a_command_is_run(monkeypatch, tmp_path):
    """A cron job in another folder would else make a second key there."""
    monkeypatch.setenv("VAR_DIR", "somewhere/below")
    monkeypatch.setenv("BACKUP_DIR", "saved")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///somewhere/portal.db")
    seen = []
    for folder in (ROOT, tmp_path):
        monkeypatch.chdir(folder)
        settings = load_settings()
        seen.append((settings.var_dir, settings.backups, settings.database_url))
    url = f"sqlite:///{ROOT}/somewhere/portal.db"
    at_portal = (ROOT / "somewhere/below", ROOT / "saved", url)
    assert seen == [at_portal, at_portal]


# --- taking over -------------------------------------------------------------------------------


def test_the_first_process_stores_the_id_and_makes_the_key(engine, tmp_path):
    keys = take_over(engine, tmp_path)
    assert stored(engine) == (keys.id, None)
    assert take_over(engine, tmp_path) == keys_for(engine, tmp_path) == keys == load_keys(tmp_path)
    assert re.fullmatch("[0-9a-f]{16}", keys.id)


def test_looking_at_the_key_stores_nothing(engine, tmp_path):
    load_keys(tmp_path)
    keys_for(engine, tmp_path)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(DatabaseKey)) == 0


def test_an_older_database_takes_its_key_over_after_the_migration(nora, command, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", nora.settings.database_url)
    migrate.downgrade(nora.engine, "0001")
    assert "python -m db migrate" in command(nora.settings.var_dir, "rebuild")[1]
    assert command(nora.settings.var_dir, "migrate")[0] == 0
    with reading(nora.engine) as session:
        assert session.get(DatabaseKey, 1) is None
    assert command(nora.settings.var_dir, "rebuild")[0] == 0
    assert stored(nora.engine) == (nora.keys.id, None)


def test_of_many_that_start_at_once_with_one_folder_all_have_its_key(engine, tmp_path):
    together = Barrier(8)

    def start(_number):
        together.wait()
        return take_over(engine, tmp_path).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(start, range(8)))
    assert ids == {stored(engine)[0]} == {load_keys(tmp_path).id}


def test_of_many_that_start_at_once_with_folders_of_their_own_one_stays(engine, tmp_path):
    together = Barrier(8)

    def start(number):
        load_keys(tmp_path / str(number))
        together.wait()
        try:
            return take_over(engine, tmp_path / str(number)).id
        except KeyUnusable as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(start, range(8)))
    (winner,) = [end for end in ends if len(end) == 16]
    assert stored(engine) == (winner, None)
    assert sum(f"is written with key {winner}" in end for end in ends) == 7


def only(nora, *kept):
    """A database without an id in which a key has left traces of some kinds only."""
    with transaction(nora.engine) as session:
        for model in {ClearSpan, Customer, Authenticator} - set(kept):
            session.execute(delete(model))
        if Authenticator in kept:
            session.add(
                Authenticator(
                    user_id=nora.bob.user_id, secret=nora.keys.encrypt("code"), begun_in=0
                )
            )
    if AuditSeal in kept:
        assert Sealer(nora.engine, nora.keys, files_of(nora.settings)).seal(now=NOW)


@pytest.mark.parametrize("trace", [ClearSpan, Customer, Authenticator, AuditSeal])
@pytest.mark.parametrize("folder", ["wrong", "nowhere"])
def test_a_key_that_does_not_open_what_is_stored_is_not_taken_over(
    nora, command, monkeypatch, tmp_path, trace, folder
):
    monkeypatch.setenv("DATABASE_URL", nora.settings.database_url)
    only(nora, trace)
    load_keys(tmp_path / "wrong")
    before = everything(nora.engine)
    status, told = command(tmp_path / folder, "rebuild")
    assert (status, "holds what another key has encrypted or sealed" in told) == (2, True)
    assert str(key_file(tmp_path / folder)) in told
    assert everything(nora.engine) == before
    assert not (tmp_path / "nowhere").exists()
    assert command(nora.settings.var_dir, "rebuild")[0] == 0
    assert stored(nora.engine) == (nora.keys.id, None)


def test_a_database_is_not_even_migrated_with_another_key(nora, tmp_path, monkeypatch):
    migrate.downgrade(nora.engine, "0001")
    load_keys(tmp_path / "wrong")
    wrong = nora.settings.model_copy(update={"var_dir": tmp_path / "wrong"})
    with pytest.raises(KeyUnusable, match="another key has encrypted"):
        prepare.prepare(nora.engine, wrong)
    assert migrate.revision(nora.engine) == "0001"


@pytest.mark.parametrize("content", ["", "no key\n", "é\n"])
def test_a_broken_key_file_is_one_sentence(keyed, command, tmp_path, content, monkeypatch):
    monkeypatch.setattr(keys_module, "_PATIENCE_SECONDS", 0.1)
    key_file(tmp_path / "broken").parent.mkdir(parents=True)
    key_file(tmp_path / "broken").write_text(content, encoding="utf-8")
    told = f"{key_file(tmp_path / 'broken')} holds no key.\n"
    assert command(tmp_path / "broken", "rebuild") == (2, told)


def test_a_start_without_room_leaves_no_empty_key_behind(tmp_path):
    """The next one, with room, makes the key; an empty file would be taken for a broken one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            load_keys(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(key_file(tmp_path).parent.iterdir()) == []
    assert load_keys(tmp_path) == stored_keys(tmp_path)
    assert list(key_file(tmp_path).parent.iterdir()) == [key_file(tmp_path)]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_settings_in_another_encoding_are_one_sentence(tmp_path, encoding):
    (tmp_path / ".env").write_text("VAR_DIR=caf\u00e9\n", encoding=encoding)
    with pytest.raises(SettingError, match="is not in UTF-8"):
        load_settings(tmp_path / ".env")


# --- running processes -------------------------------------------------------------------------


@pytest.fixture
def running(keyed, monkeypatch):
    """The portal's routes, whose process has used its key already."""
    with wired_to(keyed.engine, keyed.settings.var_dir, monkeypatch):
        wiring.keys()
        yield TestClient(Starlette(routes=routes))


def ready(client):
    reply = client.get("/readyz")
    return reply.status_code, reply.text


def test_a_running_portal_is_not_ready_once_the_databases_key_is_another(keyed, running):
    assert ready(running) == (200, "ok")
    fresh = begin_change(keyed.engine, keyed.settings.var_dir)
    reason = f"the key of this process is {keyed.keys.id}, that of the database {fresh.id}"
    assert ready(running) == (503, reason)
    with transaction(keyed.engine) as session:
        end_change(session, fresh)
    assert ready(running) == (503, reason)
    assert running.get("/healthz").status_code == 200
    with transaction(keyed.engine) as session:  # as a backup brings it back
        session.execute(update(DatabaseKey).values(key_id=keyed.keys.id))
    assert ready(running) == (200, "ok")


def test_a_portal_with_another_key_is_not_ready(keyed, tmp_path, monkeypatch):
    wrong = load_keys(tmp_path / "wrong")
    with wired_to(keyed.engine, tmp_path / "wrong", monkeypatch):
        status, reason = ready(TestClient(Starlette(routes=routes)))
    assert status == 503
    assert wrong.id in reason
    assert keyed.keys.id in reason


@pytest.mark.parametrize("duty", ["seal", "check", "retain", "backup"])
def test_a_running_worker_does_nothing_once_the_databases_key_is_another(keyed, duty):
    duties = Duties(keyed.settings, keyed.engine)
    begin_change(keyed.engine, keyed.settings.var_dir)
    before = everything(keyed.engine)
    with pytest.raises(KeyUnusable, match="not finished"):
        getattr(duties, duty)()
    assert everything(keyed.engine) == before


@pytest.mark.parametrize("program", [("pages.web",), ("streamlit", "run", "app.py")])
@pytest.mark.parametrize("folder", ["wrong", "nowhere"])
def test_the_portal_itself_does_not_start(keyed, tmp_path, program, folder):
    load_keys(tmp_path / "wrong")
    before = everything(keyed.engine)
    port = str(free_port())
    ended = subprocess.run(
        [sys.executable, "-m", *program, *(["--server.port", port] if program[1:] else [])],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path / folder), "PORT": port, "PUBLIC_URL": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 2
    assert f"is written with key {keyed.keys.id}:" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert everything(keyed.engine) == before
    assert not (tmp_path / "nowhere").exists()
