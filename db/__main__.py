"""The command line: `python -m db --help`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from core.errors import PortalError
from db.cli import (
    backups,
    file_exchange,
    files,
    measures,
    recomputing,
    safekeeping,
    setting_up,
    warnings,
    worker,
)
from db.cli.command import Command, complain

COMMANDS: dict[str, Command] = {
    **setting_up.COMMANDS,
    **file_exchange.COMMANDS,
    **files.COMMANDS,
    **measures.COMMANDS,
    **warnings.COMMANDS,
    **recomputing.COMMANDS,
    **backups.COMMANDS,
    **safekeeping.COMMANDS,
    **worker.COMMANDS,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong is one sentence on standard error and status 2."""
    args = _parser().parse_args(arguments)
    try:
        return COMMANDS[args.command].run(args)
    except PortalError as error:
        complain(str(error))
    except SQLAlchemyError as error:
        complain(f"The database does not answer as it should: {error.__cause__ or error}")
    except OSError as error:
        complain(": ".join(str(said) for said in (error.strerror, error.filename) if said))
    except KeyboardInterrupt:
        complain("\nInterrupted. What was finished stays; the command can be repeated.")
        return 130
    return 2


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "python -m db",
        description="Look after the portal's database. DATABASE_URL, or a .env file, names it.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.summary, description=command.summary)
        command.add_arguments(subparser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
