"""A temporary table on disk, so that what must be remembered of a file needs no memory."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import NamedTuple


class StoredTurn(NamedTuple):
    number: int
    line: int
    speaker: str
    text: str
    start_seconds: float | None


class Scratch:
    """Remembers keys, transcript turns and rows for the length of one import.

    SQLite keeps a nameless database in a file that is removed as soon as it is opened.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;"
            "CREATE TABLE seen (key BLOB PRIMARY KEY, line INT) WITHOUT ROWID;"
            "CREATE TABLE turn (key BLOB, number INT, line INT, speaker TEXT, text TEXT,"
            " start REAL, PRIMARY KEY (key, number)) WITHOUT ROWID;"
            "CREATE TABLE refused_turn (key BLOB PRIMARY KEY, line INT) WITHOUT ROWID;"
            "CREATE TABLE wanted (key BLOB PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE batch (number INTEGER PRIMARY KEY, data BLOB, lines TEXT);"
        )

    def first_line(self, key: str, line: int) -> int:
        """The line a key was first seen in, which is this one unless it was seen before."""
        digest = _digest(key)
        self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, line))
        cursor = self._db.execute("SELECT line FROM seen WHERE key = ?", (digest,))
        return int(cursor.fetchone()[0])

    def keep_turn(self, key: str, turn: StoredTurn) -> bool:
        """Keep a turn; False when its number is taken already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO turn VALUES (?, ?, ?, ?, ?, ?)", (_digest(key), *turn)
        )
        return cursor.rowcount == 1

    def refuse_turn(self, key: str, line: int) -> None:
        self._db.execute("INSERT OR IGNORE INTO refused_turn VALUES (?, ?)", (_digest(key), line))

    def refused_turn(self, key: str) -> int | None:
        """The line of the first refused turn of an interaction."""
        query = "SELECT line FROM refused_turn WHERE key = ?"
        row = self._db.execute(query, (_digest(key),)).fetchone()
        return row[0] if row else None

    def turns(self, key: str) -> Sequence[StoredTurn]:
        """The first 10,000 turns of an interaction in order of their number."""
        digest = _digest(key)
        self._db.execute("INSERT OR IGNORE INTO wanted VALUES (?)", (digest,))
        rows = self._db.execute(
            "SELECT number, line, speaker, text, start FROM turn WHERE key = ? ORDER BY number"
            " LIMIT 10000",
            (digest,),
        )
        return [StoredTurn(*row) for row in rows]

    def orphans(self) -> Iterator[int]:
        """The first lines of turns that no row of the file asked for."""
        rows = self._db.execute(
            "SELECT min(line) FROM turn WHERE key NOT IN (SELECT key FROM wanted)"
            " GROUP BY key ORDER BY 1"
        )
        return (int(row[0]) for row in rows)

    def keep_batch(self, data: bytes, lines: Collection[int]) -> None:
        """Keep a batch of rows, and the lines of some of them."""
        written = json.dumps(sorted(lines))
        self._db.execute("INSERT INTO batch (data, lines) VALUES (?, ?)", (data, written))

    def batches(self) -> Iterator[tuple[bytes, frozenset[int]]]:
        """The batches in the order in which they were kept."""
        for data, lines in self._db.execute("SELECT data, lines FROM batch ORDER BY number"):
            yield data, frozenset(json.loads(lines))


@contextmanager
def scratch() -> Iterator[Scratch]:
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        yield Scratch(connection)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
