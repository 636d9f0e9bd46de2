"""Showing the figure of a measure, and whether it changed, for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from core.measures import MEASURES, measure_of
from core.measures.stored_effect import Data, effect_data, figure_data
from core.periods import Period
from db.cli import database
from db.cli.command import Command, say
from db.measures.queries import Spans, effect_at, measure_at
from db.store.session import reading


def _measure_arguments(parser: ArgumentParser) -> None:
    _key_argument(parser)
    parser.add_argument("period", help="its months, such as 202604-202606")
    parser.add_argument(
        "--station", metavar="CODE", default="", help="of this station; otherwise of all"
    )


def _effect_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        "Print whether a measure changed at some stations, as JSON: before, after, the difference\n"
        "with its interval, and the verdict (effective, not_shown, worse, cannot_tell). With a\n"
        "control group the change there is taken off. Leave out of the months before those by\n"
        "which the station was picked: what was picked for being bad gets better by itself."
    )
    _key_argument(parser)
    parser.add_argument("before", help="months before it was done, such as 202601-202603")
    parser.add_argument("after", help="months after it was done, such as 202605-202607")
    parser.add_argument(
        "--station",
        metavar="CODE",
        action="append",
        required=True,
        help="where it was done; more than once for several",
    )
    parser.add_argument(
        "--control", metavar="CODE", action="append", default=[], help="where it was not done"
    )


def _key_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "measure",
        metavar="MEASURE",
        help=f"one of {', '.join(MEASURES)}, or item_lost: and the key of an item",
    )


def show_measure(args: Namespace) -> int:
    """Print a measure as JSON: value, n, interval, and why there is no value."""
    period = Period.parse(args.period)
    with database.ready() as engine, reading(engine) as session:
        figure = measure_at(
            session, args.measure, period, station_code=args.station, now=database.now()
        )
    return _said(args.measure, figure_data(figure))


def show_effect(args: Namespace) -> int:
    """Print whether a measure changed at some stations, beside a control group."""
    spans = Spans(Period.parse(args.before), Period.parse(args.after))
    with database.ready() as engine, reading(engine) as session:
        judged = effect_at(
            session,
            args.measure,
            spans,
            stations=args.station,
            control=args.control,
            now=database.now(),
        )
    return _said(args.measure, effect_data(judged))


def _said(key: str, data: Data) -> int:
    head = {"measure": key, "unit": measure_of(key).unit.value}
    say(json.dumps(head | data, ensure_ascii=False))
    return 0


COMMANDS = {
    "measure": Command(show_measure, _measure_arguments),
    "effect": Command(show_effect, _effect_arguments),
}
