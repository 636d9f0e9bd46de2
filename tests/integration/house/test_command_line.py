"""The command line: what it prints, and the status it ends with."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from sqlalchemy import delete, func, select, update

from core.access import Role
from db.__main__ import COMMANDS, main
from db.demo import load
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.migrations import migrate
from db.people.models import Staff, User
from db.people.services.identities import identity_of
from db.results.models import StationMonth
from db.store.session import reading
from tests.support.importing.files import call, csv_of, jsonl
from tests.support.importing.partial import ENCOUNTER, OF_THE_IMPORT, changes, everything, only
from tests.support.requirements import ROOT

STAFF = b"staff_no,name,station_code\n7,Wu,D1\n"
BAD_ROW = b"8,Li,D9\n"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run a command on an engine's database; gives status, standard output, standard error."""

    def run(engine, *arguments):
        url = engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        status = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def counts(output):
    return json.loads(output.splitlines()[-1])


def test_an_import_of_some_columns_leaves_the_others_as_they_are(seeded, run, tmp_path):
    path, place = tmp_path / "rows", {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}
    path.write_bytes(jsonl(ENCOUNTER | place))
    assert run(seeded.engine, "import", "interactions", path)[0] == 0
    before = everything(seeded.engine)
    path.write_bytes(csv_of(only(ENCOUNTER, "source", "external_id") | {"severity": "ordinary"}))
    status, told, _ = run(seeded.engine, "import", "interactions", path)
    assert (status, counts(told)["updated"]) == (0, 1)
    assert changes(before, everything(seeded.engine)) == {"severity"} | OF_THE_IMPORT
    assert counts(run(seeded.engine, "import", "interactions", path)[1])["unchanged"] == 1


def test_help_names_every_command():
    shown = subprocess.run(
        [sys.executable, "-m", "db", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in COMMANDS:
        assert f"\n    {name}" in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert "usage: python -m db" in capsys.readouterr().out


def test_migrate_makes_a_database_that_check_finds_right(empty_engine, run):
    status, _, told = run(empty_engine, "check")
    assert (status, "python -m db migrate" in told) == (2, True)
    assert run(empty_engine, "migrate")[0] == 0
    assert run(empty_engine, "migrate")[1] == "The database is up to date.\n"
    assert run(empty_engine, "check")[:2] == (0, "The database is up to date and as described.\n")


def test_check_names_what_differs(engine, run):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE staff ADD COLUMN shoe_size INTEGER")
    status, _, told = run(engine, "check")
    assert status == 1
    assert "shoe_size" in told


def test_sync_standards_can_be_repeated(engine, run):
    assert run(engine, "sync-standards")[1].startswith("392 items written, 12 checklists new")
    assert run(engine, "sync-standards")[1].startswith("0 items written, 0 checklists new, 0 ver")


def test_an_import_tells_its_counts_last(desk, run):
    status, printed, _ = run(desk.engine, "import", "staff", desk.file(STAFF))
    assert status == 0
    assert counts(printed) == {"read": 1, "added": 1, "unchanged": 0, "updated": 0, "refused": 0}
    status, printed, _ = run(desk.engine, "import", "staff", desk.file(STAFF))
    assert (status, counts(printed)["unchanged"]) == (0, 1)


def test_some_refused_rows_end_with_status_1_and_stand_in_a_file(desk, run):
    refused = desk.folder / "refused.csv"
    status, printed, told = run(
        desk.engine, "import", "staff", desk.file(STAFF + BAD_ROW), "--refused", refused
    )
    assert (status, counts(printed)["refused"]) == (1, 1)
    reason = "There is no station with this code; import stations first."
    assert f"line 3, station_code: {reason}" in told
    assert refused.read_text(encoding="utf-8-sig").splitlines() == [
        "line,column,reason",
        f"3,station_code,{reason}",
    ]


def test_only_refused_rows_end_with_status_2(desk, run):
    rows = desk.file(STAFF.splitlines(keepends=True)[0] + BAD_ROW)
    assert run(desk.engine, "import", "staff", rows)[0] == 2


def test_strict_with_a_refused_row_ends_with_status_2(desk, run):
    rows = desk.file(STAFF + BAD_ROW)
    status, printed, _ = run(desk.engine, "import", "staff", rows, "--strict")
    assert (status, counts(printed)["added"]) == (2, 0)
    assert desk.count(Staff) == 1


def test_an_unreadable_file_ends_with_status_2(desk, run):
    status, printed, told = run(desk.engine, "import", "staff", desk.folder / "nothing.csv")
    assert (status, counts(printed)["read"]) == (2, 0)
    assert told == "The file cannot be opened: No such file or directory.\n"


def test_turns_come_from_a_second_file(desk, run):
    row = call()
    del row["turns"]
    turns = b"source,external_id,turn,speaker,text\npbx,call-1,1,agent,Hello\n"
    arguments = ("--turns", desk.file(turns, "turns.csv"))
    status, _, _ = run(desk.engine, "import", "interactions", desk.file(jsonl(row)), *arguments)
    assert status == 0
    assert desk.all(Interaction.turn_count) == [(1,)]


def test_unknown_columns_are_named(desk, run):
    rows = STAFF.replace(b"code\n", b"code,shoe size\n").replace(b"D1\n", b"D1,42\n")
    status, _, told = run(desk.engine, "import", "staff", desk.file(rows))
    assert (status, told) == (0, "Columns not known and left out: shoe size\n")


def test_create_user_makes_someone_who_can_sign_in(desk, run, monkeypatch):
    monkeypatch.setenv("PORTAL_PASSWORD", "three blue parcels")
    arguments = ("create-user", "wu", "Wu Mei", "staff", "station_manager")
    places = ("--station", "D1", "--staff-no", "S1", "--language", "zh_TW")
    assert run(desk.engine, *arguments, *places)[:2] == (0, "wu can sign in.\n")
    with reading(desk.engine) as session:
        user = session.scalars(select(User)).one()
        who = identity_of(session, user)
    assert who.roles == {Role.STAFF, Role.STATION_MANAGER}
    assert who.station_ids == {desk.station("D1").id}
    assert (user.language, user.staff_id is not None) == ("zh_TW", True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--station", "D9"), "There is no station D9."),
        (("--staff-no", "S9"), "There is nobody with the staff number S9."),
    ],
)
def test_create_user_needs_what_exists(desk, run, monkeypatch, arguments, reason):
    monkeypatch.setenv("PORTAL_PASSWORD", "three blue parcels")
    status, _, told = run(desk.engine, "create-user", "wu", "Wu", "inspector", *arguments)
    assert (status, told) == (2, f"{reason}\n")


def test_create_user_asks_twice_for_the_password(desk, run, monkeypatch):
    monkeypatch.delenv("PORTAL_PASSWORD", raising=False)
    given = iter(["three blue parcels", "three blue parrots"] + ["three blue parcels"] * 2)
    monkeypatch.setattr("db.cli.setting_up.getpass", lambda _prompt: next(given))
    assert run(desk.engine, "create-user", "wu", "Wu", "inspector")[2] == (
        "The two passwords differ.\n"
    )
    assert run(desk.engine, "create-user", "wu", "Wu", "inspector")[0] == 0


def test_rebuild_computes_every_derived_figure_anew(world, run):
    world.scored()
    before = world.derived()
    with world.seeded.transaction() as session:
        session.execute(delete(StationMonth))
    status, printed, _ = run(world.seeded.engine, "rebuild")
    told = "1 inspections read, every derived figure computed anew.\n"
    assert (status, printed, world.derived()) == (0, told, before)


def test_rescoring_tells_what_came_out_differently(world, run):
    world.scored()
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).values(score=1.0))
    told = "1 inspections scored again, 1 scores changed.\n"
    follow = "Findings and rollups follow with: python -m db rebuild\n"
    assert run(world.seeded.engine, "rescore")[:2] == (0, told + follow)
    assert run(world.seeded.engine, "rescore")[:2] == (0, told.replace("1 scores", "0 scores"))


def test_a_wrong_setting_is_one_sentence(desk, run, monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    status, _, told = run(desk.engine, "check")
    assert status == 2
    assert told.startswith("The setting PORT=eighty is wrong")


def test_the_demo_goes_into_an_empty_database_only(sqlite_databases, run, monkeypatch):
    monkeypatch.setitem(load.load.__kwdefaults__, "size", load.Size(12, 2))
    with sqlite_databases.like("empty", migrate.upgrade) as engine:
        status, out, _ = run(engine, "demo")
        assert status == 0
        assert re.search(r"^ +ins01 +demo +inspector$", out, re.MULTILINE)
        with reading(engine) as session:
            assert session.scalar(select(func.count()).select_from(Inspection)) >= 12
        status, _, err = run(engine, "demo")
    assert (status, err) == (2, "The database is in use: the demo goes into an empty one only.\n")


def test_demo_accounts_are_refused_beyond_this_machine(run, engine, monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    status, _, err = run(engine, "demo")
    assert (status, err) == (2, "Beyond this machine demo accounts need DEMO_ACCOUNTS=1.\n")


def test_make_names_commands_that_exist():
    named = re.findall(r"python -m db ([a-z-]+)", (ROOT / "Makefile").read_text())
    assert named
    assert set(named) <= set(COMMANDS)
