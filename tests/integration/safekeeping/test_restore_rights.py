"""Saving and restoring with the roles, schemas and programs that operators really have."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text

from core.errors import InvalidInput
from core.settings import Settings
from db.safekeeping.backups import dumps
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.dumps import DumpFailed
from db.safekeeping.backups.restore import restore, try_restore
from db.store.keys import load_keys
from db.store.session import make_engine
from tests.support.databases import postgres_only


@pytest.fixture
def settings(world, tmp_path):
    url = world.seeded.engine.url.render_as_string(hide_password=False)
    load_keys(tmp_path / "var")
    return Settings(database_url=url, var_dir=tmp_path / "var")


@postgres_only
def test_a_role_that_may_not_create_a_database_is_told_so(world, settings, tmp_path):
    """As the README's role is, which owns its database and nothing else."""
    backup(world.seeded.engine, settings, tmp_path / "backups")
    url = world.seeded.engine.url
    with world.seeded.engine.connect() as connection:
        for statement in (
            "DROP ROLE IF EXISTS only_owner",
            "CREATE ROLE only_owner LOGIN",
            f'ALTER DATABASE "{url.database}" OWNER TO only_owner',
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO only_owner",
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO only_owner",
        ):
            connection.execute(text(statement))
        connection.commit()
    engine = make_engine(url.set(username="only_owner").render_as_string(hide_password=False))
    with pytest.raises(InvalidInput, match="ALTER ROLE only_owner CREATEDB"):
        try_restore(engine, settings, tmp_path / "backups")
    engine.dispose()


@contextmanager
def signed_in(engine, role, *statements):
    """An engine of this role, which is made anew; the statements are run before."""
    url = engine.url
    with engine.connect() as connection:
        for statement in (f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} LOGIN", *statements):
            connection.execute(text(statement.format(database=f'"{url.database}"', role=role)))
        connection.commit()
    engine.dispose()
    other = make_engine(url.set(username=role).render_as_string(hide_password=False))
    try:
        yield other
    finally:
        other.dispose()


def of(engine, settings):
    url = engine.url.render_as_string(hide_password=False)
    return settings.model_copy(update={"database_url": url})


@postgres_only
def test_a_schema_of_its_own_is_saved_alone_and_found_again(world, settings, tmp_path):
    """Beside it stands another, which the role may not read; the path belongs to the database."""
    statements = (
        "ALTER ROLE {role} CREATEDB",
        'ALTER SCHEMA public RENAME TO "My desk"',
        'GRANT ALL ON SCHEMA "My desk" TO {role}',
        'GRANT ALL ON ALL TABLES IN SCHEMA "My desk" TO {role}',
        'GRANT ALL ON ALL SEQUENCES IN SCHEMA "My desk" TO {role}',
        'ALTER DATABASE {database} SET search_path = "My desk"',
        "CREATE SCHEMA secret",
        "CREATE TABLE secret.salary (amount int)",
    )
    with signed_in(world.seeded.engine, "desk_keeper", *statements) as engine:
        made = backup(engine, settings, tmp_path / "backups")
        assert made.manifest.rows["station"] > 0
        assert "salary" not in made.manifest.rows
        assert try_restore(engine, settings, tmp_path / "backups").folder == made.folder


@postgres_only
def test_rights_of_somebody_who_is_nowhere_else_do_not_stop_a_restore(
    world, settings, databases, tmp_path
):
    statements = ("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",)
    with signed_in(world.seeded.engine, "reporting", *statements):
        made = backup(world.seeded.engine, settings, tmp_path / "backups")
    with world.seeded.engine.connect() as connection:
        connection.execute(text("DROP OWNED BY reporting"))
        connection.execute(text("DROP ROLE reporting"))
        connection.commit()
    with databases.empty() as engine:
        restore(of(engine, settings.model_copy(update={"var_dir": tmp_path / "new"})), made.folder)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM station")) > 0


@postgres_only
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("REVOKE ALL ON SCHEMA public FROM PUBLIC", "run GRANT CREATE ON SCHEMA public TO guest"),
        ("ALTER ROLE {role} SET search_path = elsewhere", "SET search_path = public"),
    ],
)
def test_what_a_role_lacks_to_restore_is_said_before_anything_is_written(
    world, settings, databases, tmp_path, statement, told
):
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    rights = ("GRANT ALL ON SCHEMA public TO PUBLIC", "GRANT ALL ON DATABASE {database} TO {role}")
    with databases.empty() as empty, signed_in(empty, "guest", *rights, statement) as engine:
        with pytest.raises(InvalidInput, match=told):
            restore(of(engine, settings.model_copy(update={"var_dir": tmp_path})), made.folder)
        with empty.connect() as connection:
            tables = text("SELECT count(*) FROM pg_tables WHERE tablename = 'station'")
            assert connection.scalar(tables) == 0
            connection.execute(text("DROP OWNED BY guest"))
            connection.commit()


@postgres_only
def test_a_program_older_than_the_server_is_named_before_it_is_tried(
    world, settings, tmp_path, monkeypatch
):
    (tmp_path / "pg_dump").write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(DumpFailed, match="pg_dump is of version 9 and saves no server of version"):
        backup(world.seeded.engine, settings, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_postgresqls_programs_connect_as_the_portal_does():
    """Without the certificate's settings they would take any server for the right one."""
    url = make_url(
        "postgresql+psycopg://desk:secret@db.example.com:6432/portal?sslmode=verify-full"
        "&sslrootcert=/etc/ca.pem&options=-csearch_path%3Ddesk&connect_timeout=3"
    )
    told = {name: value for name, value in dumps._environment(url).items() if name[:2] == "PG"}
    assert told.items() >= {
        ("PGHOST", "db.example.com"),
        ("PGPORT", "6432"),
        ("PGUSER", "desk"),
        ("PGPASSWORD", "secret"),
        ("PGDATABASE", "portal"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "/etc/ca.pem"),
        ("PGOPTIONS", "-csearch_path=desk"),
        ("PGCONNECT_TIMEOUT", "3"),
    }
    two = make_url("postgresql+psycopg://desk@/portal?host=one:5432&host=two:5433")
    assert dumps._environment(two)["PGHOST"] == "one,two"
