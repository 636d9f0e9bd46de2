"""Add a user. The password is asked for, or taken from PORTAL_PASSWORD."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from getpass import getpass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.access import PEOPLE, Identity, Role
from core.errors import InvalidInput, NotFound
from core.i18n import LANGUAGES
from db.cli import database
from db.cli.output import say
from db.people.models import Staff, Station
from db.sign_in.services import users
from db.store.session import transaction

_OPERATOR = Identity(
    user_id=0, username="operator", name="Operator", roles=frozenset({Role.ADMINISTRATOR})
)


def add_arguments(parser: ArgumentParser) -> None:
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


def run(args: Namespace) -> int:
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
    station_id = session.scalar(select(Station.id).where(Station.code == code))
    if station_id is None:
        raise NotFound("There is no station {code}.", code=code)
    return station_id


def _staff_id(session: Session, number: str | None) -> int | None:
    if number is None:
        return None
    staff_id = session.scalar(select(Staff.id).where(Staff.staff_no == number))
    if staff_id is None:
        raise NotFound("There is nobody with the staff number {number}.", number=number)
    return staff_id
