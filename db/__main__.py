"""The command line: `python -m db --help`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from core.errors import PortalError
from db.cli import (
    backup,
    check,
    create_user,
    demo,
    export,
    import_,
    migrate,
    person,
    rebuild,
    remask,
    rescore,
    restore,
    retain,
    rotate_key,
    sync_standards,
    test_restore,
    verify_audit,
    worker,
)
from db.cli.output import complain


class Command(Protocol):
    """A module under db.cli: its first docstring line is the help, `run` gives the exit status."""

    __doc__: str | None

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, args: Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "migrate": migrate,
    "check": check,
    "sync-standards": sync_standards,
    "create-user": create_user,
    "demo": demo,
    "import": import_,
    "export": export,
    "rebuild": rebuild,
    "rescore": rescore,
    "backup": backup,
    "restore": restore,
    "rotate-key": rotate_key,
    "remask": remask,
    "person": person,
    "retain": retain,
    "test-restore": test_restore,
    "verify-audit": verify_audit,
    "worker": worker,
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
        complain(f"{error.strerror}: {error.filename}")
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
        summary = (command.__doc__ or "").splitlines()[0]
        subparser = commands.add_parser(name, help=summary, description=summary)
        command.add_arguments(subparser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
