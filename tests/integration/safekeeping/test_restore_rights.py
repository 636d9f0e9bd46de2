"""Trying a restore where the role of the database lacks a right."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core.errors import InvalidInput
from core.settings import Settings
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import try_restore
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
