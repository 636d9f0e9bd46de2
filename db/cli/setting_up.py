"""Setting a portal up: the database, the shipped standards, the demo, the first users."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from getpass import getpass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access import PEOPLE, Identity, Role
from core.errors import InvalidInput, NotFound
from core.i18n import LANGUAGES
from core.settings import Settings
from db.checklists.services.standards import sync_standards
from db.cli import database
from db.cli.command import Command, ProgressLine, complain, say
from db.migrations import migrate
from db.people.identifiers import staff_id, station_id
from db.sign_in.services import users
from db.store.config import load_settings, portal_version
from db.store.session import alone, make_engine, transaction
from db.upkeep import prepare
from db.upkeep.copying import copy_database

_OPERATOR = Identity(
    user_id=0, username="operator", name="Operator", roles=frozenset({Role.ADMINISTRATOR})
)


def run_migrate(_args: Namespace) -> int:
    """Bring the database up to date."""
    with database.opened() as engine, alone(engine):
        changed = migrate.bring_up_to_date(engine)
        prepare.index_anew_where_needed(engine)
    say(f"The database {'has been brought' if changed else 'is'} up to date.")
    return 0


def run_check(_args: Namespace) -> int:
    """Say whether the database is up to date and as the models describe it."""
    with database.migrated() as engine:
        differences = migrate.differences(engine)
    for difference in differences:
        complain(difference)
    if not differences:
        say("The database is up to date and as described.")
    return 1 if differences else 0


def _copy_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{parser.description} Stop the portal first; VAR_DIR stays as it is. Afterwards"
        " DATABASE_URL names the new database."
    )
    parser.add_argument(
        "target",
        nargs="?",
        metavar="URL",
        default=os.environ.get("TARGET_DATABASE_URL", ""),
        help="postgresql://…; TARGET_DATABASE_URL keeps its password out of the list of processes",
    )


def run_copy_to(args: Namespace) -> int:
    """Copy the SQLite database of the portal into an empty PostgreSQL one, and compare both."""
    url = Settings.parse({"DATABASE_URL": args.target}).database_url
    line, target = ProgressLine(), make_engine(url)
    try:
        with database.ready() as source:
            database.refuse_while_served(source)
            rows = copy_database(source, target, lambda done, of: line.show(done / (of or 1), done))
    finally:
        line.end()
        target.dispose()
    say(f"{sum(rows.values())} rows of {len(rows)} tables copied, and compared one by one.")
    return 0


def run_version(_args: Namespace) -> int:
    """Say which version this is, and the revision of the database it is used with."""
    newest = migrate.newest_revision()
    say(f"Portal {portal_version()}, for databases of revision {newest}.")
    with database.opened() as engine:
        revision = migrate.revision(engine) or "none: it is not migrated"
        say(f"The database ({engine.dialect.name}) has revision {revision}.")
    return 0


def run_sync_standards(_args: Namespace) -> int:
    """Bring the shipped standards and checklists into the database."""
    with database.ready() as engine, transaction(engine) as session:
        synced = sync_standards(session, now=database.now())
    say(
        f"{synced.items} items written, {synced.checklists} checklists new, "
        f"{synced.versions} versions new or changed."
    )
    return 0


def run_demo(_args: Namespace) -> int:
    """Load the demo into an empty database and print its accounts."""
    with database.opened() as engine:
        accounts = prepare.load_demo(engine, load_settings())
    say(prepare.account_table(accounts))
    return 0


def _create_user_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("username", help="what the person signs in with")
    parser.add_argument("name", help="the person's full name")
    parser.add_argument(
        "roles",
        nargs="+",
        metavar="role",
        choices=PEOPLE,
        help=f"one or more of: {', '.join(PEOPLE)}",
    )
    parser.add_argument("--station", metavar="CODE", help="top of what a station manager sees")
    parser.add_argument("--staff-no", metavar="NUMBER", help="whose own results the person sees")
    parser.add_argument("--language", choices=list(LANGUAGES), help="language of the pages")


def run_create_user(args: Namespace) -> int:
    """Add a user. The password is asked for, or taken from PORTAL_PASSWORD."""
    with database.ready() as engine:
        _add(engine, args, os.environ.get("PORTAL_PASSWORD") or _ask())
    say(f"{args.username} can sign in.")
    return 0


def _add(engine: Engine, args: Namespace, password: str) -> None:
    with transaction(engine) as session:
        data = users.UserData(
            username=args.username,
            name=args.name,
            roles=frozenset(Role(role) for role in args.roles),
            station_id=_station_id(session, args.station),
            staff_id=_staff_id(session, args.staff_no),
            language=args.language,
        )
        users.save_user(
            session, who=_OPERATOR, user_id=None, data=data, password=password, now=database.now()
        )


def _ask() -> str:
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise InvalidInput("The two passwords differ.")
    return password


def _station_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    row_id = station_id(session, code)
    if row_id is None:
        raise NotFound("There is no station {code}.", code=code)
    return row_id


def _staff_id(session: Session, number: str | None) -> int | None:
    if number is None:
        return None
    row_id = staff_id(session, number)
    if row_id is None:
        raise NotFound("There is nobody with the staff number {number}.", number=number)
    return row_id


COMMANDS = {
    "version": Command(run_version),
    "migrate": Command(run_migrate),
    "copy-to": Command(run_copy_to, _copy_arguments),
    "check": Command(run_check),
    "sync-standards": Command(run_sync_standards),
    "demo": Command(run_demo),
    "create-user": Command(run_create_user, _create_user_arguments),
}
