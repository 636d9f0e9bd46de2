"""What remains outside the rows after an erasure: files, the index's leftovers, old pages."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.settings import Settings
from db.people.models import Staff
from db.safekeeping.database_key import keys_for
from db.safekeeping.personal_texts import personal_models
from db.safekeeping.services import erasure
from db.safekeeping.services.erasure import Erased
from db.store.base import table_of
from db.store.files import FileKey, FileKind, Files, files_of
from db.store.keys import Keys
from db.store.session import transaction

_WORKING = (FileKind.IMPORTS, FileKind.UPLOADS)
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_SHORTEST = 4  # shorter values stand in too many files
_LOG = "erasures.jsonl"
_OF_PEOPLE = ("turn", "clear_span", "interaction", "customer", "staff", "user_account")


class ErasureTrace(NamedTuple):
    """An erasure as it is remembered beside the backups, for those made before it."""

    kind: str
    key: str
    at: str


def burn(session: Session) -> None:
    """Have SQLite write over what this connection deletes."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))


def remove(engine: Engine, settings: Settings, erased: Erased, *, now: datetime) -> None:
    """Once the rows are committed: files, working files that name the person, leftovers."""
    files = files_of(settings)
    files.remove([*erased.files, *_naming(files, erased)])
    for key in (erased.key, *erased.former):
        _remember(settings.backups, ErasureTrace(kind=erased.kind, key=key, at=now.isoformat()))
    clean(engine)


def repeat(engine: Engine, settings: Settings, *, now: datetime) -> int:
    """Erase again what a restored backup brought back; how many persons that were."""
    keys, done = keys_for(engine, settings.var_dir), 0
    for trace in _remembered(settings.backups):
        with suppress(NotFound):
            with transaction(engine) as session:
                burn(session)
                erased = _again(session, keys, trace, now)
            remove(engine, settings, erased, now=now)
            done += 1
    return done


def _again(session: Session, keys: Keys, trace: ErasureTrace, now: datetime) -> Erased:
    if trace.kind == erasure.CUSTOMER:
        return erasure.erase_pseudonym(session, keys, trace.key, now=now)
    staff = session.get(Staff, int(trace.key))
    if staff is None or staff.staff_no == f"erased-{staff.id}":
        raise NotFound("Nothing is stored of this person.")
    return erasure.erase_staff_member(session, keys, staff, now=now)


def _naming(files: Files, erased: Erased) -> Iterator[FileKey]:
    """Working files with a value of the person in them, in the encodings that people send.

    What is no plain text, such as a workbook, cannot be searched and goes in any case.
    """
    values = [value for value in erased.values if len(value) >= _SHORTEST]
    spellings = {
        written.encode(encoding, "ignore")
        for value in values
        for written in (value, json.dumps(value)[1:-1])
        for encoding in _ENCODINGS
    }
    for stored in (stored for kind in _WORKING for stored in files.list(kind)):
        if _may_hold(files.read(stored.key) or b"", spellings):
            yield stored.key


def _may_hold(content: bytes, spellings: Collection[bytes]) -> bool:
    return b"\x00" in content or any(value in content for value in spellings if value)


def _remember(backups: Path, trace: ErasureTrace) -> None:
    if any(
        (earlier.kind, earlier.key) == (trace.kind, trace.key) for earlier in _remembered(backups)
    ):
        return
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (backups / _LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(trace._asdict()) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _remembered(backups: Path) -> list[ErasureTrace]:
    try:
        lines = (backups / _LOG).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [ErasureTrace(**json.loads(line)) for line in lines if line.endswith("}")]


def clean(engine: Engine) -> None:
    """Merge the index and write the log of changes over, so that no old page keeps a value."""
    if engine.dialect.name == "sqlite":
        with transaction(engine) as session:
            burn(session)
            session.execute(
                text("INSERT INTO search_document (search_document) VALUES ('optimize')")
            )
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted({*_OF_PEOPLE, *(table_of(model).name for model in personal_models())}):
            connection.execute(text(f"VACUUM {table}"))
