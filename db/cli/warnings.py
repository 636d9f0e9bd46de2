"""Looking for warnings now, and showing them, for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.command import Command, say
from db.cli.files import moment
from db.store.session import reading
from db.warning.as_data import warnings_as_data
from db.warning.services.looking import look_for_warnings


def _arguments(parser: ArgumentParser) -> None:
    parser.description = (
        "Look for warnings as the worker does each night, and print as JSON what the rules looked\n"
        "at and every warning with its signs. Done again at once it changes nothing."
    )
    parser.add_argument(
        "--station", metavar="CODE", default="", help="print those of this station only"
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        default="",
        help="as if it were then, such as 2026-12-01T09:00:00+08:00; without offset it is UTC",
    )


def look(args: Namespace) -> int:
    """Look for warnings, and print them as JSON with the signs they were raised by."""
    now = moment(args.at) if args.at else database.now()
    with database.ready() as engine:
        looked = look_for_warnings(engine, now=now)
        with reading(engine) as session:
            listed = warnings_as_data(session, station_code=args.station)
    rules = [
        {"rule": rule.rule.value, "window": rule.on.isoformat(), "cells": rule.cells}
        for rule in looked.rules
    ]
    answer = {"looked": rules, "moved": dict(looked.moved), "warnings": listed}
    say(json.dumps(answer, ensure_ascii=False))
    return 0


COMMANDS = {"warnings": Command(look, _arguments)}
