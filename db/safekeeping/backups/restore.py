"""Bringing a backup back into an empty place, and trying that out on a copy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, make_url, text, update

from core.errors import InvalidInput
from core.settings import Settings
from db.safekeeping.backups import archive, dumps
from db.safekeeping.backups.archive import Archive
from db.safekeeping.backups.backup import note
from db.sign_in.models import LoginSession
from db.store.files import FileKey, FileKind, files_of
from db.store.keys import stored_keys
from db.store.session import make_engine, transaction


def restore(settings: Settings, folder: Path) -> Archive:
    """Fill the empty database and folder of the settings from a backup.

    Sessions that were open then are ended.

    Raises:
        InvalidInput: the backup is not whole, or the place is not empty.
    """
    saved = archive.read(folder)
    archive.check(saved)
    files, keys = files_of(settings), _saved_files(folder / archive.FILES)
    for key in keys.values():
        if files.about(key) is not None:
            raise InvalidInput("{file} exists already; restore into an empty place.", file=key)
    dumps.bring_back(folder, settings.database_url)
    for path, key in keys.items():
        with path.open("rb") as saved_file, files.writing(key) as file:
            shutil.copyfileobj(saved_file, file)
    engine = make_engine(settings.database_url)
    with transaction(engine) as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
        )
    engine.dispose()
    return saved


def _saved_files(folder: Path) -> dict[Path, FileKey]:
    """The files in a backup, and what each is for."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = {path: path.relative_to(folder).parts for path in paths}
    return {path: FileKey(FileKind(kind), "/".join(name)) for path, (kind, *name) in named.items()}


def has_right_key(settings: Settings, saved: Archive) -> bool:
    """Whether the key file is the one that encrypted and sealed what the backup holds."""
    keys = stored_keys(settings.var_dir)
    return keys is not None and keys.id == saved.manifest.key_id


def try_restore(engine: Engine, settings: Settings, backups: Path) -> Archive:
    """Restore the newest backup aside, compare every table's rows, note the outcome.

    Raises:
        InvalidInput: there is no backup, or what came back is not what was saved.
    """
    started = datetime.now(UTC)
    name = ""
    try:
        newest = _newest(backups)
        name = newest.folder.name
        _compare(newest, engine, settings)
    except Exception as error:
        with transaction(engine) as session:
            note(session, "restore_test", name, started, problem=str(error))
        raise
    with transaction(engine) as session:
        note(session, "restore_test", name, started, size=newest.size)
    return newest


def _newest(backups: Path) -> Archive:
    archives = archive.archives(backups)
    if not archives:
        raise InvalidInput("There is no backup yet.")
    return archives[0]


def _compare(newest: Archive, engine: Engine, settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as folder, _aside(engine, Path(folder)) as url:
        place = {"database_url": url, "var_dir": Path(folder) / "var"}
        restore(settings.model_copy(update=place), newest.folder)
        copy = make_engine(url)
        with copy.connect() as connection:
            rows = dumps.row_counts(connection)
        copy.dispose()
    wrong = sorted(name for name, count in newest.manifest.rows.items() if rows.get(name) != count)
    if wrong:
        raise InvalidInput("Rows are missing after restoring: {tables}.", tables=", ".join(wrong))


@contextmanager
def _aside(engine: Engine, folder: Path) -> Iterator[str]:
    """An empty database of the same kind, for a while."""
    if engine.dialect.name == "sqlite":
        yield f"sqlite:///{folder / 'copy.db'}"
        return
    name = f"portal_restore_test_{uuid4().hex[:8]}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _check_may_create(connection)
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        try:
            connection.execute(text(f"ALTER DATABASE {name} SET search_path FROM CURRENT"))
            url = make_url(engine.url).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _check_may_create(connection: Connection) -> None:
    """Say what the role lacks before anything is tried.

    Raises:
        InvalidInput: it may not create a database.
    """
    rights = text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not connection.scalar(rights):
        raise InvalidInput(
            "Trying a restore needs a database aside, and the role {role} may not create one: let"
            " an administrator of PostgreSQL run ALTER ROLE {role} CREATEDB, or restore into an"
            " empty database by hand.",
            role=connection.scalar(text("SELECT current_user")),
        )
