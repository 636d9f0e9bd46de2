"""Showing a file with its clocks, for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from core.errors import InvalidInput
from db.cli import database
from db.cli.command import Command, say
from db.files.reading import file_as_data
from db.store.session import reading


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", help="the system the file comes from")
    parser.add_argument("external_id", help="its number in that system")
    parser.add_argument(
        "--at",
        metavar="TIME",
        default="",
        help="as it stood then, such as 2026-03-05T09:00:00+08:00; without offset it is UTC",
    )


def show_file(args: Namespace) -> int:
    """Print a file with its clocks and steps as JSON."""
    at = moment(args.at) if args.at else database.now()
    with database.ready() as engine, reading(engine) as session:
        data = file_as_data(session, source=args.source, external_id=args.external_id, at=at)
    say(json.dumps(data, ensure_ascii=False))
    return 0


def moment(text: str) -> datetime:
    """The moment that an argument names; without offset in UTC.

    Raises:
        InvalidInput: it names none.
    """
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("This must be a time such as 2026-06-08T09:00:00+08:00.") from None
    return named if named.tzinfo else named.replace(tzinfo=UTC)


COMMANDS = {"file": Command(show_file, _arguments)}
