"""Alembic, configured in Python: bring a database up to date, or say whether it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db.models import Model
from db.search_index import is_model


def upgrade(engine: Engine, revision: str = "head") -> None:
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return revision(engine) == head


def revision(engine: Engine) -> str | None:
    """The revision the database is at; None when it has no tables."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def problem(engine: Engine) -> str | None:
    """Why the database cannot serve now, in a few words; None when it can."""
    try:
        return None if is_current(engine) else "the database is not migrated"
    except SQLAlchemyError:
        return "the database is not reachable"


def differences(engine: Engine) -> list[str]:
    """What separates the tables from the models, empty when nothing does."""
    with engine.connect() as connection:
        options = {"compare_type": False, "include_name": is_model}
        context = MigrationContext.configure(connection, opts=options)
        return [str(difference) for difference in compare_metadata(context, Model.metadata)]


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration from the difference between models and database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
