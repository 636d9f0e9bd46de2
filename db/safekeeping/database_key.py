"""The key that a database is written with: no process with another one touches it.

The database knows the id of its key. Where it knows none, as before its first start, it takes over
the id of the first process whose key opens what is stored.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from core.safekeeping.seals import Seal
from db.encounters.models import ClearSpan
from db.safekeeping.key_rotation import bring_into_form
from db.safekeeping.log_sealing import seal_of
from db.safekeeping.log_verification import is_as_sealed
from db.safekeeping.models import AuditSeal, Customer, DatabaseKey
from db.sign_in.models import Authenticator
from db.store.keys import Keys, KeyUnusable, add_secret, key_file, load_keys, stored_keys
from db.store.session import dialect_of, insert_into, reading, transaction

_ROW = 1
_CIPHERS = (
    select(ClearSpan.cipher).order_by(ClearSpan.id),
    select(Customer.cipher),
    select(Authenticator.secret),
)


def keys_for(engine: Engine, var_dir: Path) -> Keys:
    """The keys of a folder, for a database that is written with them; nothing is stored in it.

    The secret file is made only for a database that holds nothing encrypted or sealed yet.

    Raises:
        KeyUnusable: the key is missing, is not the database's or does not open what it holds, or
            a change of key is not finished.
    """
    with reading(engine) as session:
        row = _row(engine, session)
        keys = stored_keys(var_dir)
        if row is not None:
            return _checked(row, keys, key_file(var_dir))
        _check_opens(engine, session, keys, key_file(var_dir))
    return keys or load_keys(var_dir)


def take_over(engine: Engine, var_dir: Path) -> Keys:
    """The same, and a database that knows no key yet knows this one afterwards.

    Of two processes that come at once with different keys one stays and the other is refused.

    Raises:
        KeyUnusable: as in `keys_for`.
    """
    keys = keys_for(engine, var_dir)
    with reading(engine) as session:
        row = session.get(DatabaseKey, _ROW)
    if row is None:
        with transaction(engine) as session:
            insert = insert_into(DatabaseKey, dialect_of(session))
            session.execute(insert.on_conflict_do_nothing(), {"id": _ROW, "key_id": keys.id})
    keys = keys_for(engine, var_dir)  # another process may have been first, also before the look
    bring_into_form(engine, keys)
    return keys


def problem(engine: Engine, keys: Keys) -> str | None:
    """Why a process that runs with these keys must not serve any longer; None when it may."""
    with reading(engine) as session:
        row = session.get(DatabaseKey, _ROW)
    if row is None or (row.key_id == keys.id and row.next_id is None):
        return None
    newest = row.next_id or row.key_id
    return f"the key of this process is {keys.id}, that of the database {newest}"


def begin_change(engine: Engine, var_dir: Path) -> Keys:
    """A new secret, in front of the others; from here on only `go_on` opens the database.

    Raises:
        KeyUnusable: as in `keys_for`; no secret is added then.
    """
    take_over(engine, var_dir)
    add_secret(var_dir)
    return go_on(engine, var_dir)


def go_on(engine: Engine, var_dir: Path) -> Keys:
    """The keys with which a change of key that was cut off is finished.

    Raises:
        KeyUnusable: the file lacks the key that the database is written with.
    """
    path = key_file(var_dir)
    with reading(engine) as session:
        row = _row(engine, session)
    if row is None:
        return take_over(engine, var_dir)
    keys = stored_keys(var_dir)
    if keys is None:
        raise _missing(path, row.key_id)
    for needed in (row.key_id, row.next_id):
        if needed is not None and needed not in keys.ids_ever:
            raise _another(path, keys, needed)
    if row.key_id != keys.id:
        with transaction(engine) as session:
            session.get_one(DatabaseKey, _ROW).next_id = keys.id
    return keys


def is_changing(engine: Engine) -> bool:
    """Whether a change of key was begun and is not finished."""
    with reading(engine) as session:
        row = _row(engine, session)
    return row is not None and row.next_id is not None


def end_change(session: Session, keys: Keys) -> None:
    """Everything stands under today's secret."""
    row = session.get_one(DatabaseKey, _ROW)
    row.key_id, row.next_id = keys.id, None


def _row(engine: Engine, session: Session) -> DatabaseKey | None:
    """None also for a database that is not migrated yet."""
    has_table = inspect(engine).has_table(DatabaseKey.__tablename__)
    return session.get(DatabaseKey, _ROW) if has_table else None


def _checked(row: DatabaseKey, keys: Keys | None, path: Path) -> Keys:
    newest = row.next_id or row.key_id
    if keys is None:
        raise _missing(path, newest)
    if newest not in keys.ids_ever:
        raise _another(path, keys, newest)
    if row.next_id is not None or row.key_id != keys.id:
        raise KeyUnusable(
            "The database is written with key {stored}, and the change to key {own} of {file} is"
            " not finished: python -m db rotate-key --go-on finishes it.",
            stored=row.key_id,
            own=keys.id,
            file=path.absolute(),
        )
    return keys


def _check_opens(engine: Engine, session: Session, keys: Keys | None, path: Path) -> None:
    """Look at one value that a key has made: whose it is tells whose the database is."""
    if not inspect(engine).has_table(ClearSpan.__tablename__):
        return
    for query in _CIPHERS:
        cipher = session.scalar(query.limit(1))
        if cipher is not None:
            if keys is None or not keys.opens(cipher):
                raise _closed(path, keys)
            return
    seals = _first_and_last(session)
    if seals and not (keys and any(_is_own(session, keys, seal) for seal in seals)):
        raise _closed(path, keys)


def _first_and_last(session: Session) -> list[Seal]:
    """Two, because one may have been tampered with."""
    by_number = select(AuditSeal)
    first = session.scalar(by_number.order_by(AuditSeal.id).limit(1))
    last = session.scalar(by_number.order_by(AuditSeal.id.desc()).limit(1))
    return [seal_of(row) for row in (first, last) if row is not None]


def _is_own(session: Session, keys: Keys, seal: Seal) -> bool:
    former = session.get(AuditSeal, seal.number - 1)
    return is_as_sealed(session, keys, seal_of(former) if former else None, seal)


def _missing(path: Path, key_id: str) -> KeyUnusable:
    return KeyUnusable(
        "There is no key at {file}, and the database is written with key {stored}: set VAR_DIR to"
        " the folder that holds this key, or put the key there.",
        file=path.absolute(),
        stored=key_id,
    )


def _another(path: Path, keys: Keys, key_id: str) -> KeyUnusable:
    return KeyUnusable(
        "The key at {file} is {own}, but the database is written with key {stored}: set VAR_DIR to"
        " the folder that holds this key, or put the key there.",
        file=path.absolute(),
        own=keys.id,
        stored=key_id,
    )


def _closed(path: Path, keys: Keys | None) -> KeyUnusable:
    if keys is None:
        return KeyUnusable(
            "There is no key at {file}, and the database holds what another key has encrypted or"
            " sealed: set VAR_DIR to the folder that holds this key, or put the key there.",
            file=path.absolute(),
        )
    return KeyUnusable(
        "The key at {file} is {own}, but the database holds what another key has encrypted or"
        " sealed: set VAR_DIR to the folder that holds this key, or put the key there.",
        file=path.absolute(),
        own=keys.id,
    )
