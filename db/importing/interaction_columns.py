"""The columns of an interactions file."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from core.checklist.model import CHANNELS
from core.i18n import N_
from db.importing import values
from db.importing.columns import Column
from db.importing.problems import Unfit
from db.importing.turns import SPEAKERS, inline_turns

_CASE_KINDS = ("none", "problem", "complaint", "work_order", "follow_up")
_SEVERITIES = ("urgent", "important", "ordinary")
_EVENT_SOURCES = ("system", "manual")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_ATTRIBUTES, _EVENTS = 100_000, 500
FIELDS = {
    "source": ("source",),
    "external_id": ("external_id",),
    "channel": ("channel",),
    "business_line": ("business_line",),
    "station_code": ("station_id",),
    "staff_no": ("staff_id",),
    "occurred_at": ("occurred_at",),
    "language": ("language",),
    "customer_ref": ("customer_ref",),
    "duration_seconds": ("duration_seconds",),
    "recording": ("recording",),
    "customer_rating": ("customer_rating",),
    "rating_scale": ("rating_low", "rating_high"),
    "case_kind": ("case_kind",),
    "severity": ("severity",),
    "is_repeat": ("is_repeat",),
    "consent": ("consent",),
    "events": ("events",),
    "attributes": ("attributes",),
    "turns": ("turn_count",),
}
"""The attributes of an encounter that hold a column; turns have a table besides."""
_JSON_TURNS = f'JSON list of {{"speaker": {" | ".join(SPEAKERS)}, "text", "start_seconds"}}'


def columns(now: datetime) -> tuple[Column, ...]:
    moment = values.moment(now)
    code = values.line(64)
    return (
        Column("source", code, N_("System the record comes from"), required=True),
        Column("external_id", values.line(128), N_("Its number in that system"), required=True),
        Column("channel", values.choice(CHANNELS), ", ".join(CHANNELS), required_if_new=True),
        Column("business_line", code, N_("Such as airline"), default="airline"),
        Column("station_code", code, N_("Code of an imported station"), required_if_new=True),
        Column("staff_no", code, N_("Number of an imported person")),
        Column(
            "occurred_at", moment, N_("Such as 2026-06-08T09:00:00+08:00"), required_if_new=True
        ),
        Column("language", _language, N_("Such as zh-TW"), default=""),
        Column("customer_ref", values.line(200), N_("Stored as a pseudonym only")),
        Column("duration_seconds", values.number(0, 1_000_000), N_("Length in seconds")),
        Column("recording", values.line(2000), N_("File or address of the recording")),
        Column("customer_rating", values.number(-1000, 1000), N_("What the customer gave")),
        Column("rating_scale", _scale, N_("Lowest and highest rating, such as [1, 5]")),
        Column("case_kind", values.choice(_CASE_KINDS), ", ".join(_CASE_KINDS), default="none"),
        Column("severity", values.choice(_SEVERITIES), ", ".join(_SEVERITIES)),
        Column("is_repeat", values.flag, N_("true or false"), default=False),
        Column("consent", values.flag, N_("Consent to recording: true or false")),
        Column("events", _events(moment), 'JSON list of {"name", "at", "source"}', default=[]),
        Column("attributes", _attributes, N_("JSON object, anything else"), default={}),
        Column("turns", inline_turns, _JSON_TURNS, default=()),
    )


def _language(given: object) -> str:
    value = str(given).strip()
    if not _LANGUAGE.fullmatch(value):
        raise Unfit("This must be a language code such as zh-TW.")
    return value


def _scale(given: object) -> tuple[float, float]:
    ends = values.json_list(given)
    if len(ends) != 2:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    low, high = (values.number(-1000, 1000)(end) for end in ends)
    if low >= high:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    return low, high


def _attributes(given: object) -> dict[str, Any]:
    value = values.json_object(given)
    if len(str(value)) > _ATTRIBUTES:
        raise Unfit("The text is longer than {limit} characters.", limit=_ATTRIBUTES)
    return value


def _events(moment: values.Parser) -> values.Parser:
    def parse(given: object) -> list[dict[str, str]]:
        events = values.json_list(given)
        if len(events) > _EVENTS:
            raise Unfit("There are more than {limit} events.", limit=_EVENTS)
        return [_event(event, f"[{number}]", moment) for number, event in enumerate(events, 1)]

    return parse


def _event(given: object, place: str, moment: values.Parser) -> dict[str, str]:
    if not isinstance(given, dict):
        raise Unfit("An event must be a JSON object.", column=place)
    parts: dict[str, values.Parser] = {
        "name": values.line(64),
        "at": moment,
        "source": values.choice(_EVENT_SOURCES),
    }
    event: dict[str, Any] = {}
    for name, parse in parts.items():
        try:
            event[name] = parse(given.get(name))
        except Unfit as error:
            error.column = f"{place}.{name}"
            raise
    return {**event, "at": event["at"].isoformat()}
