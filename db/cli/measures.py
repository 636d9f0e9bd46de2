"""Showing the figure of a measure, for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from core.measures import MEASURES
from core.periods import Period
from db.cli import database
from db.cli.command import Command, say
from db.measures.queries import measure_at
from db.store.session import reading


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("measure", choices=list(MEASURES), metavar="MEASURE", help="its key")
    parser.add_argument("period", help="its months, such as 202604-202606")
    parser.add_argument(
        "--station", metavar="CODE", default="", help="of this station; otherwise of all"
    )


def show_measure(args: Namespace) -> int:
    """Print a measure as JSON: value, n, interval, and why there is no value."""
    period = Period.parse(args.period)
    with database.ready() as engine, reading(engine) as session:
        figure = measure_at(
            session, args.measure, period, station_code=args.station, now=database.now()
        )
    data = {
        "measure": args.measure,
        "unit": MEASURES[args.measure].unit.value,
        "value": figure.value,
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
        "reason": str(figure.reason) if figure.reason else None,
    }
    say(json.dumps(data, ensure_ascii=False))
    return 0


COMMANDS = {"measure": Command(show_measure, _arguments)}
