"""Why a database is not used as it is: each one sentence for who looks after the portal."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import PortalError

_AT_MOST = 10


class WrongSchema(PortalError):
    """The tables are not what their revision says; `differences` are the lines that say how."""

    def __init__(self, differences: Sequence[str], *, revision: str | None, undone: bool) -> None:
        self.differences = tuple(differences)
        super().__init__(
            "The database is not what its revision {revision} says{undone}:\n{lines}",
            revision=revision,
            undone=", so nothing was changed in it" if undone else "",
            lines=listed(self.differences),
        )


class UnknownRevision(PortalError):
    """A newer version of the portal, or another program, changed the database."""

    def __init__(self, revision: str, newest: str) -> None:
        super().__init__(
            "The database is at revision {revision}, which this version of the portal does not"
            " know: its own newest is {newest}. Start the version that the database comes from.",
            revision=revision,
            newest=newest,
        )


class NoRevision(PortalError):
    """There are tables of the portal, and nothing says of which revision."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(
            "The database has tables of the portal but no revision, so it cannot be brought up to"
            " date. They are: {tables}.",
            tables=", ".join(tables[:_AT_MOST]) + " …" * (len(tables) > _AT_MOST),
        )


def listed(differences: Sequence[str]) -> str:
    """At most ten of them, one a line, and how many more there are."""
    more = len(differences) - _AT_MOST
    lines = [f"  {line}" for line in differences[:_AT_MOST]]
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)
