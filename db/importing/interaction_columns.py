"""The columns of an encounter in a file, and how those are read that hold more than one value."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from core.checklist.choice import CASE_KINDS
from core.checklist.model import CHANNELS
from core.clock import Level
from core.encounters.language_tags import language_tag
from core.i18n import N_
from db.importing.turns import SPEAKERS, inline_turns
from db.tabular import values
from db.tabular.columns import FileColumn
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unfit

_SEVERITIES = tuple(Level)
_EVENT_SOURCES = ("system", "manual")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_ATTRIBUTES, _EVENTS = 100_000, 500
_parse_line = values.line(64)
_JSON_TURNS = f'JSON list of {{"speaker": {" | ".join(SPEAKERS)}, "text", "start_seconds"}}'


def columns(now: datetime, choices: FileChoices) -> tuple[FileColumn, ...]:
    moment = values.moment(now, choices)

    def code(name: str, limit: int) -> values.Parser:
        return values.code(limit, literal=name in choices.literal)

    number = values.number(-1000, 1000, choices)
    return (
        FileColumn("source", code("source", 64), N_("System the record comes from"), required=True),
        FileColumn(
            "external_id", code("external_id", 128), N_("Its number in that system"), required=True
        ),
        FileColumn("channel", values.choice(CHANNELS), ", ".join(CHANNELS), required_if_new=True),
        FileColumn("business_line", values.line(64), N_("Such as airline"), default="airline"),
        FileColumn(
            "station_code",
            code("station_code", 64),
            N_("Code of an imported station"),
            required_if_new=True,
        ),
        FileColumn("staff_no", code("staff_no", 64), N_("Number of an imported person")),
        FileColumn(
            "occurred_at", moment, N_("Such as 2026-06-08T09:00:00+08:00"), required_if_new=True
        ),
        FileColumn("language", _language, N_("Such as zh-TW"), default=""),
        FileColumn("customer_ref", code("customer_ref", 200), N_("Stored as a pseudonym only")),
        FileColumn(
            "duration_seconds",
            values.seconds(1_000_000, choices),
            N_("Length in seconds, or as 0:02:05"),
        ),
        FileColumn("recording", values.line(2000), N_("File or address of the recording")),
        FileColumn("customer_rating", number, N_("What the customer gave")),
        FileColumn(
            "rating_scale", _scale, N_("Lowest and highest rating, such as [1, 5]"), nested=True
        ),
        FileColumn("case_kind", values.choice(CASE_KINDS), ", ".join(CASE_KINDS), default="none"),
        FileColumn("checklist", code("checklist", 64), N_("Key of a checklist that is here")),
        FileColumn("severity", values.choice(_SEVERITIES), ", ".join(_SEVERITIES)),
        FileColumn("is_repeat", values.flag, N_("true or false"), default=False),
        FileColumn("consent", values.flag, N_("Consent to recording: true or false")),
        FileColumn(
            "events",
            _events(moment),
            'JSON list of {"name", "at", "source"}',
            default=[],
            nested=True,
        ),
        FileColumn(
            "attributes", _attributes, N_("JSON object, anything else"), default={}, nested=True
        ),
        FileColumn("turns", inline_turns, _JSON_TURNS, default=(), nested=True),
    )


def _language(cell: object) -> str:
    value = _parse_line(cell)
    if not _LANGUAGE.fullmatch(value):
        raise Unfit("This must be a language code such as zh-TW.")
    return language_tag(value)


def _scale(cell: object) -> tuple[float, float]:
    ends = values.json_list(cell)
    if len(ends) != 2:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    low, high = (values.number(-1000, 1000)(end) for end in ends)
    if low >= high:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    return low, high


def _attributes(cell: object) -> dict[str, Any]:
    value = values.json_object(cell)
    if len(str(value)) > _ATTRIBUTES:
        raise Unfit("The text is longer than {limit} characters.", limit=_ATTRIBUTES)
    return value


def _events(moment: values.Parser) -> values.Parser:
    def parse(cell: object) -> list[dict[str, str]]:
        events = values.json_list(cell)
        if len(events) > _EVENTS:
            raise Unfit("There are more than {limit} events.", limit=_EVENTS)
        return [_event(event, f"[{number}]", moment) for number, event in enumerate(events, 1)]

    return parse


def _event(raw_event: object, location: str, moment: values.Parser) -> dict[str, str]:
    if not isinstance(raw_event, dict):
        raise Unfit("An event must be a JSON object.", column=location)
    parts: dict[str, values.Parser] = {
        "name": values.line(64),
        "at": moment,
        "source": values.choice(_EVENT_SOURCES),
    }
    event: dict[str, Any] = {}
    for name, parse in parts.items():
        try:
            event[name] = parse(raw_event.get(name))
        except Unfit as error:
            error.column = f"{location}.{name}"
            raise
    return {**event, "at": event["at"].isoformat()}
