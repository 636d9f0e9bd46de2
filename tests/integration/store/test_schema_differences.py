"""A database whose tables are not what its revision says: it is named how, and not used."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import String, event, text
from sqlalchemy.dialects import postgresql, sqlite
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db.migrations import migrate
from db.migrations.declared_schema import declared_schema
from db.migrations.migrate import NoRevision, UnknownRevision, listed
from pages.ui.kit import wiring
from pages.web.routes import routes
from tests.support.databases import postgres_only, sqlite_only
from tests.support.requirements import ROOT
from tests.support.store.damage import LACKING, altered, run

pytestmark = [pytest.mark.both, pytest.mark.sampled(6)]


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        LACKING,
        ("DROP TABLE recovery_code", "table recovery_code is missing"),
        ("DROP TABLE search_document", "table search_document is missing"),
        ("DROP INDEX ix_staff_station_id", "table staff: index ix_staff_station_id is missing"),
        (
            "DROP INDEX uq_inspection_record",
            "table inspection: unique index uq_inspection_record is missing",
        ),
        (
            "ALTER TABLE meta ADD COLUMN forgotten INTEGER",
            "table meta: column forgotten does not belong there",
        ),
        (
            "DROP INDEX ix_staff_station_id; CREATE INDEX ix_staff_station_id ON staff (name)",
            "table staff: index ix_staff_station_id is on (name), not on (station_id)",
        ),
        (
            (
                "DROP INDEX uq_inspection_record;"
                "CREATE UNIQUE INDEX uq_inspection_record ON inspection (interaction_id)"
                " WHERE purpose = 'practice' AND state = 'valid'"
            ),
            (
                "table inspection: index uq_inspection_record is unique on (interaction_id) where"
                " 'practice' 'valid' purpose state, not unique on (interaction_id) where"
                " 'record' 'valid' purpose state"
            ),
        ),
        (
            "CREATE UNIQUE INDEX one_name ON staff (name)",
            "table staff: unique index one_name (name) does not belong there",
        ),
    ],
)
def test_what_is_missing_or_too_much_is_named(engine, statements, told):
    run(engine, *statements.split(";"))
    assert told in migrate.differences(engine)


def _change_column(table, column, **change):
    def change_it(operations):
        with operations.batch_alter_table(table) as batch:
            batch.alter_column(column, **change)

    return change_it


def _drop(table, name, kind):
    def drop_it(operations):
        with operations.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_=kind)

    return drop_it


def _refer_otherwise(operations):
    with operations.batch_alter_table("turn") as batch:
        batch.drop_constraint("fk_turn_interaction_id", type_="foreignkey")
        batch.create_foreign_key("fk_turn", "interaction", ["interaction_id"], ["id"])


def _check(operations):
    with operations.batch_alter_table("staff") as batch:
        batch.create_check_constraint("short", text("length(name) < 3"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_change_column("staff", "name", nullable=True), "table staff: column name may be empty"),
        (
            _change_column("staff", "employed_from", nullable=False),
            "table staff: column employed_from must not be empty, but should be allowed to",
        ),
        (
            _change_column("meta", "value", type_=String(100)),
            "table meta: column value is {short} instead of",
        ),
        (
            _drop("staff", "fk_staff_station_id", "foreignkey"),
            "table staff: foreign key (station_id) to station (id) is missing",
        ),
        (
            _drop("staff", "uq_staff_staff_no", "unique"),
            "table staff: unique index uq_staff_staff_no is missing",
        ),
        (
            _drop("draft", "pk_draft", "primary"),
            "table draft: the primary key is () instead of (kind, task_id)",
        ),
        (
            _drop("inspection", "ck_inspection_score_not_negative", "check"),
            "table inspection: check ck_inspection_score_not_negative is missing",
        ),
        (_check, "table staff: check short does not belong there"),
        (
            _refer_otherwise,
            (
                "table turn: foreign key (interaction_id) to interaction (id) on delete cascade is"
                " missing"
            ),
        ),
    ],
)
def test_what_is_otherwise_is_named(engine, change, told):
    altered(engine, change)
    short = "varchar(100)" if engine.dialect.name == "sqlite" else "character varying(100)"
    told = told.format(short=short)
    assert [line for line in migrate.differences(engine) if line.startswith(told)]


def test_one_line_is_told_for_one_fault(engine):
    run(engine, LACKING[0], "DROP INDEX ix_staff_station_id")
    assert len(migrate.differences(engine)) == 2


@pytest.mark.parametrize(("table", "name"), sorted(declared_schema(sqlite.dialect()).triggers))
@sqlite_only
def test_every_guard_of_sqlite_is_missed(engine, table, name):
    run(engine, f"DROP TRIGGER {name}")
    assert migrate.differences(engine) == [f"table {table}: trigger {name} is missing"]


@pytest.mark.parametrize(("table", "name"), sorted(declared_schema(postgresql.dialect()).triggers))
@postgres_only
def test_every_guard_of_postgresql_is_missed(engine, table, name):
    run(engine, f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    assert migrate.differences(engine) == [f"table {table}: trigger {name} is switched off"]
    run(engine, f"DROP TRIGGER {name} ON {table}")
    assert migrate.differences(engine) == [f"table {table}: trigger {name} is missing"]


@sqlite_only
def test_a_guard_of_sqlite_that_does_nothing_is_named(engine):
    run(
        engine,
        "DROP TRIGGER audit_event_no_update",
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT 1; END",
    )
    told = "table audit_event: trigger audit_event_no_update does something else"
    assert migrate.differences(engine) == [told]


@postgres_only
def test_a_guard_of_postgresql_that_does_nothing_is_named(engine):
    run(
        engine,
        "CREATE OR REPLACE FUNCTION refuse_kept_event() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN OLD; END $$",
    )
    told = "table audit_event: trigger audit_event_kept does something else"
    assert migrate.differences(engine) == [told]


@sqlite_only
def test_a_search_index_of_another_kind_or_without_its_parts_is_named(engine):
    run(engine, "DROP TABLE search_document", "CREATE VIRTUAL TABLE search_document USING fts5(a)")
    assert migrate.differences(engine)[0] == (
        "table search_document is not the search index of this version"
    )


@postgres_only
def test_the_index_of_the_search_is_missed(engine):
    run(engine, "DROP INDEX ix_search_document_terms")
    told = "table search_document: index ix_search_document_terms is missing"
    assert migrate.differences(engine) == [told]


@postgres_only
def test_a_number_that_nobody_gives_is_named(engine):
    """Without its default PostgreSQL refuses the next row."""
    run(engine, "ALTER TABLE staff ALTER COLUMN id DROP DEFAULT")
    assert migrate.differences(engine) == ["table staff: column id has no default"]


def test_what_an_operator_added_does_not_count(engine):
    run(
        engine,
        "CREATE INDEX of_ours ON staff (name)",
        "CREATE INDEX of_ours_too ON staff (lower(name))",
        "CREATE TABLE report (id INTEGER PRIMARY KEY, staff_id BIGINT REFERENCES staff (id))",
        "CREATE VIEW names AS SELECT name FROM staff",
        "DROP INDEX ix_user_role_station_id",
        "CREATE INDEX renamed ON user_role (station_id)",
    )
    if engine.dialect.name == "sqlite":
        run(
            engine,
            "CREATE TRIGGER copied AFTER INSERT ON staff"
            " BEGIN INSERT INTO report (staff_id) VALUES (NEW.id); END",
        )
    else:
        run(
            engine,
            "CREATE TRIGGER audit_event_kept BEFORE DELETE ON report"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        )
    assert migrate.differences(engine) == []


def test_a_look_is_quick(engine):
    """0.03 s here; ten times that is the limit, for the quickest of three."""

    def seconds():
        begun = time.perf_counter()
        migrate.differences(engine)
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(3)) < 0.3


def test_ten_are_listed_and_the_rest_counted():
    lines = listed([f"line {number}" for number in range(13)]).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (11, "  line 0", "  and 3 more")
    assert listed(["line"] * 10).splitlines() == ["  line"] * 10


def test_migrate_and_commands_stop_and_check_tells_the_same(engine, command_on):
    run(engine, LACKING[0])
    told = f"  {LACKING[1]}\n"
    for name in (["migrate"], ["rebuild"], ["export", "inspections", "out.jsonl"], ["worker"]):
        status, err = command_on(engine, *name)
        assert (status, err.endswith(told), "Traceback" in err) == (2, True, False), name
    assert command_on(engine, "check") == (1, f"{LACKING[1]}\n")


def test_a_damaged_database_can_be_saved_and_proven(engine, command_on):
    run(engine, LACKING[0])
    assert command_on(engine, "backup")[0] == 0
    assert command_on(engine, "verify-audit")[0] == 0


def test_a_revision_of_a_newer_version_is_named_beside_our_own(engine, command_on):
    newest = migrate.newest_revision()
    run(engine, "UPDATE alembic_version SET version_num = '8888'")
    for name in ("migrate", "rebuild", "check", "backup"):
        status, err = command_on(engine, name)
        assert (status, len(err.splitlines())) == (2, 1)
        assert "revision 8888" in err
        assert f"newest is {newest}." in err
    assert migrate.problem(engine) == "the database belongs to another version"
    with pytest.raises(UnknownRevision):
        migrate.bring_up_to_date(engine)


def test_two_revisions_at_once_are_unknown_as_well(engine):
    run(engine, "INSERT INTO alembic_version VALUES ('8888')")
    with pytest.raises(UnknownRevision, match="8888"):
        migrate.bring_up_to_date(engine)


def test_tables_without_a_revision_are_left_alone(engine):
    run(engine, "DELETE FROM alembic_version")
    with pytest.raises(NoRevision, match="acknowledgement, amendment"):
        migrate.bring_up_to_date(engine)


def test_a_database_of_another_program_beside_ours_is_no_hindrance(empty_engine):
    run(empty_engine, "CREATE TABLE ledger (id INTEGER PRIMARY KEY)")
    assert migrate.bring_up_to_date(empty_engine)
    assert not migrate.bring_up_to_date(empty_engine)


@pytest.mark.parametrize("revision", migrate.revisions())
def test_a_portal_that_stands_at_any_revision_is_brought_up_to_date(empty_engine, revision):
    migrate.upgrade(empty_engine, revision)
    migrate.bring_up_to_date(empty_engine)
    assert migrate.differences(empty_engine) == []
    migrate.downgrade(empty_engine)


def test_the_start_stops_with_status_2_and_the_difference(engine, tmp_path):
    run(engine, LACKING[0])
    ended = subprocess.run(
        [sys.executable, "-m", "pages.web"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "VAR_DIR": str(tmp_path),
            "PUBLIC_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"The database is not what its revision {migrate.newest_revision()} says:\n  {LACKING[1]}\n"
    )


def test_readiness_says_no_and_looks_at_the_tables_once(engine, monkeypatch):
    monkeypatch.setattr(wiring, "engine", lambda: engine)
    visitor = TestClient(Starlette(routes=routes))
    run(engine, LACKING[0])
    ready = visitor.get("/readyz")
    assert (ready.status_code, ready.text) == (503, "the tables are not what their revision says")
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert visitor.get("/readyz").status_code == 503
    assert [one for one in statements if "pragma_" in one or "pg_attribute" in one] == []
