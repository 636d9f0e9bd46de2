"""Figures that are read once and cached until inspections change or something is erased."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from db.results.queries.data_version import RowsVersion, rows_version
from pages.ui.kit import wiring

P = ParamSpec("P")
T = TypeVar("T")
_MOST_KEPT = 512


class Reader:
    """Reads of one script run, all of the same data version.

    What it returns is shared by everyone who looks: plain rows, never to be changed.
    """

    def __init__(self) -> None:
        with wiring.reading() as session:
            self._kept = rows_version(session)
        self.version = self._kept.data
        self._database = str(wiring.engine().url)

    def __call__(self, query: Callable[Concatenate[Any, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """The answer of a query of db, whose arguments can be compared."""
        named = tuple(sorted(kw.items()))
        return cast("T", _read((self._database, self._kept), query, args, named))


@lru_cache(maxsize=_MOST_KEPT)
def _read(
    _data: tuple[str, RowsVersion],
    query: Callable[..., object],
    args: tuple[object, ...],
    named: tuple[tuple[str, object], ...],
) -> object:
    with wiring.reading() as session:
        return query(session, *args, **dict(named))
