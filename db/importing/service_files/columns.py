"""The columns of files and of their events, and how a file's own list of events is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.checklist.model import CHANNELS
from core.clock import Level
from core.files.course import Mark
from core.files.kinds import ON_FROM_THE_START, Kind
from core.files.order import MOST_EVENTS
from core.files.steps import Step
from core.i18n import N_
from db.tabular import values
from db.tabular.columns import FileColumn
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unfit

_SOURCES = ("system", "manual")
_KINDS = ", ".join(kind for kind in Kind if kind in ON_FROM_THE_START)
_CONTENT, _NOTE, _NAME = 20_000, 2_000, 200


def file_columns(now: datetime, choices: FileChoices) -> tuple[FileColumn, ...]:
    moment = values.moment(now, choices)
    return (
        *_keys(choices),
        FileColumn("kind", values.choice(Kind), _KINDS, required_if_new=True),
        FileColumn(
            "station_code",
            _code("station_code", 64, choices),
            N_("Code of an imported station"),
            required_if_new=True,
        ),
        FileColumn(
            "received_at", moment, N_("Such as 2026-06-08T09:00:00+08:00"), required_if_new=True
        ),
        FileColumn("channel", values.choice(CHANNELS), ", ".join(CHANNELS), default=""),
        FileColumn("business_line", values.line(64), N_("Such as airline"), default="airline"),
        FileColumn("class", values.line(64), N_("What it is about"), default=""),
        FileColumn("sub_topic", values.line(64), N_("More closely what it is about"), default=""),
        FileColumn("severity", values.choice(Level), ", ".join(Level)),
        FileColumn("marks", _marks, f"JSON list of {', '.join(Mark)}", default=[], nested=True),
        FileColumn(
            "customer_ref",
            _code("customer_ref", 200, choices),
            N_("Stored as a pseudonym only"),
        ),
        FileColumn(
            "content",
            values.text(_CONTENT),
            N_("What happened, in words"),
            default="",
            spoken=True,
        ),
        FileColumn(
            "demand",
            values.text(_NOTE),
            N_("What the customer asks for"),
            default="",
            spoken=True,
        ),
        FileColumn(
            "events",
            _events(moment),
            'JSON list of {"step", "at", "source", "by", "note", "severity"}',
            default=[],
            nested=True,
        ),
    )


def event_columns(now: datetime, choices: FileChoices) -> tuple[FileColumn, ...]:
    return (
        *_keys(choices),
        FileColumn("step", values.choice(Step), ", ".join(Step), required=True),
        FileColumn(
            "at",
            values.moment(now, choices),
            N_("Such as 2026-06-08T09:00:00+08:00"),
            required=True,
        ),
        FileColumn("event_source", values.choice(_SOURCES), ", ".join(_SOURCES)),
        FileColumn(
            "note", values.text(_NOTE), N_("What was noted with it"), default="", spoken=True
        ),
        FileColumn("severity", values.choice(Level), N_("Of severity_set: the level it sets")),
    )


def _keys(choices: FileChoices) -> tuple[FileColumn, ...]:
    return (
        FileColumn(
            "source",
            _code("source", 64, choices),
            N_("System the record comes from"),
            required=True,
        ),
        FileColumn(
            "external_id",
            _code("external_id", 128, choices),
            N_("Its number in that system"),
            required=True,
        ),
    )


def _code(name: str, limit: int, choices: FileChoices) -> values.Parser:
    return values.code(limit, literal=name in choices.literal)


def _marks(cell: object) -> list[str]:
    parse = values.choice(Mark)
    return sorted({parse(mark) for mark in values.json_list(cell)})


def _events(moment: values.Parser) -> values.Parser:
    def parse(cell: object) -> list[dict[str, Any]]:
        events = values.json_list(cell)
        if len(events) > MOST_EVENTS:
            raise Unfit("There are more than {limit} events.", limit=MOST_EVENTS)
        return [_event(event, f"[{number}]", moment) for number, event in enumerate(events, 1)]

    return parse


def _event(raw_event: object, location: str, moment: values.Parser) -> dict[str, Any]:
    if not isinstance(raw_event, dict):
        raise Unfit("An event must be a JSON object.", column=location)
    needed: dict[str, values.Parser] = {"step": values.choice(Step), "at": moment}
    more: dict[str, values.Parser] = {
        "source": values.choice(_SOURCES),
        "by": values.line(_NAME),
        "note": values.text(_NOTE),
        "severity": values.choice(Level),
    }
    event: dict[str, Any] = {"source": None, "by": "", "note": "", "severity": None}
    for name, parse in (needed | more).items():
        if name in more and raw_event.get(name) in (None, ""):
            continue
        try:
            event[name] = parse(raw_event.get(name))
        except Unfit as error:
            error.column = f"{location}.{name}"
            raise
    try:
        check_level(event)
    except Unfit as error:
        error.column = f"{location}.{error.column}"
        raise
    return event


def check_level(event: Mapping[str, Any]) -> None:
    """Refuse a level beside a step that sets none: it would go without a word.

    Raises:
        Unfit: names the column.
    """
    if event["severity"] is not None and event["step"] != Step.SEVERITY_SET:
        raise Unfit("Only {step} sets a severity.", step=Step.SEVERITY_SET, column="severity")
