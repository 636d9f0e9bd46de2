"""Showing the figure of a measure, and whether it changed, for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import Any

from core.measures import MEASURES, Figure, measure_of
from core.measures.change import Change
from core.periods import Period
from core.results.figures import DifferenceInterval
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
    head = {"measure": args.measure, "unit": measure_of(args.measure).unit.value}
    say(json.dumps(head | _figure(figure), ensure_ascii=False))
    return 0


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
    data = {
        "measure": args.measure,
        "unit": measure_of(args.measure).unit.value,
        "own": _change(judged.own),
        "control": _change(judged.control) if judged.control else None,
        "effect": _span(judged.effect),
        "verdict": judged.verdict.value,
        "sentence": str(judged.sentence),
    }
    say(json.dumps(data, ensure_ascii=False))
    return 0


def _figure(figure: Figure) -> dict[str, Any]:
    return asdict(figure) | {"reason": str(figure.reason) if figure.reason else None}


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": _figure(change.before),
        "after": _figure(change.after),
        "difference": _span(change.difference),
    }


def _span(span: DifferenceInterval | None) -> dict[str, float | None] | None:
    return None if span is None else span._asdict()


COMMANDS = {
    "measure": Command(show_measure, _measure_arguments),
    "effect": Command(show_effect, _effect_arguments),
}
