"""What the pad shows, as JSON in the reader's language; the browser only lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.clock.days import at_wall_clock
from core.clock.turn_waits import TurnWait
from core.inspection.clock_times import late_waits, limit_of_turns
from core.inspection.evidence import Lacking
from core.scoring import ItemScore, ScoreSheet
from db.encounters.queries.encounter import Encounter, recorded_of
from db.inspection.queries.desk import Desk, DraftState
from pages.ui.inspection.ledger import floors_line
from pages.ui.inspection.pad.items import happened_at
from pages.ui.kit.messages import _, moment, number, zone_name
from pages.ui.kit.terms import (
    case_kind_name,
    channel_name,
    effect_name,
    event_name,
    fact_name,
    fact_value,
    speaker_name,
)

Data = dict[str, Any]


def heading(desk: Desk) -> Data:
    encounter = desk.encounter
    phrases = [
        _in_zone(encounter.occurred_at, encounter.timezone),
        channel_name(encounter.channel),
        _length(encounter.duration_seconds),
        encounter.language.replace("_", "-"),
        _case_kind(encounter),
    ]
    return {
        "title": " · ".join(filter(None, (encounter.station, desk.staff, encounter.case))),
        "subtitle": " · ".join(phrase for phrase in phrases if phrase),
    }


def _in_zone(value: datetime, zone: str) -> str:
    """Where the pad says whose time all of its times are."""
    return _("{time} (time of {zone})", time=moment(value, zone), zone=zone_name(zone))


def encounter_data(desk: Desk) -> Data:
    encounter = desk.encounter
    waits = recorded_of(encounter).waits
    answered = {wait.position: wait for wait in waits}
    limit = limit_of_turns(desk.checklist)
    staff = [{"name": _("Staff number"), "value": desk.staff}] if desk.staff else []
    recording = f"/api/recording/{encounter.interaction_id}"
    return {
        "channel": encounter.channel,
        "zone": encounter.timezone,
        "duration": encounter.duration_seconds,
        "recording": recording if encounter.has_recording else "",
        "observed": any(event.get("name") == "observed" for event in encounter.events),
        "began": _local(encounter.occurred_at, encounter.timezone),
        "facts": [*staff, *_facts(encounter.facts), *_waits(desk, waits), *_events(encounter)],
        "events": [_event(event, encounter.timezone) for event in encounter.events],
        "turns": [
            {
                "position": turn.position,
                "speaker": turn.speaker,
                "speaker_name": speaker_name(turn.speaker),
                "text": turn.text,
                "start": turn.start_seconds,
                "wait": _wait(answered.get(turn.position), limit),
            }
            for turn in encounter.turns
        ],
    }


def draft_data(draft: DraftState, timezone: str) -> Data:
    return {
        "version": draft.version,
        "answers": draft.answers or {},
        "evidence": list(draft.evidence),
        "note": draft.note,
        "active_seconds": draft.active_seconds,
        "saved_at": moment(draft.saved_at, timezone) if draft.saved_at else None,
    }


def sheet_data(sheet: ScoreSheet, lacking: Lacking) -> Data:
    """The figures as they are shown: one decimal, None for unknown."""
    return {
        "score": score_text(sheet.score),
        "before": score_text(sheet.score_before_critical),
        "floors": floors_line(sheet) or None,
        "reason": _(sheet.reason) if sheet.reason else None,
        "missing": list(sheet.missing),
        "unproven": list(lacking.required),
        "wanted": list(lacking.recommended),
        "sections": {
            section.key: number(section.score)
            for section in sheet.sections
            if section.score is not None
        },
        "items": {item.key: loss for item in sheet.items if (loss := _result(item))},
    }


def _facts(facts: Mapping[str, Any]) -> list[Data]:
    return [
        {"name": fact_name(key), "value": _json_text(fact_value(key, value))}
        for key, value in facts.items()
    ]


def _waits(desk: Desk, waits: Sequence[TurnWait]) -> list[Data]:
    """How long the customer waited for each answer, and how many waits are over the limit."""
    if not waits:
        return []
    value = " · ".join(_length(wait.seconds) for wait in waits)
    limit = limit_of_turns(desk.checklist)
    if limit is not None:
        late, allowed = len(late_waits(waits, limit)), _length(limit * 60)
        value += f" ({_('{late} of {all} over {limit}', late=late, all=len(waits), limit=allowed)})"
    return [{"name": _("Waits for an answer"), "value": value}]


def _wait(wait: TurnWait | None, limit: float | None) -> Data | None:
    """What stands beside the turn that answers."""
    if wait is None:
        return None
    return {
        "text": _("after {time}", time=_length(wait.seconds)),
        "late": limit is not None and bool(late_waits([wait], limit)),
    }


def _events(encounter: Encounter) -> list[Data]:
    by_hand = _("entered by hand")
    return [
        {
            "name": event_name(str(event.get("name"))),
            "value": moment(happened_at(event), encounter.timezone)
            + ("" if event.get("source") == "system" else f" ({by_hand})"),
        }
        for event in encounter.events
    ]


def _event(event: Mapping[str, Any], timezone: str) -> Data:
    time = happened_at(event)
    return {
        "key": str(event.get("name")),
        "name": event_name(str(event.get("name"))),
        "at": time.isoformat(timespec="seconds"),
        "shown": moment(time, timezone),
        "kind": "system" if event.get("source") == "system" else "manual",
    }


def _local(time: datetime, timezone: str) -> str:
    """A moment in the form that a field for local time takes."""
    local = at_wall_clock(time, timezone).replace(tzinfo=None)
    return local.isoformat(timespec="seconds")


def _json_text(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_json_text(inner) for inner in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_json_text(inner)}" for name, inner in value.items())
    return "—" if value is None else str(value)


def _case_kind(encounter: Encounter) -> str:
    kind = case_kind_name(encounter.case_kind)
    return " ".join(
        phrase for phrase in (kind, _("repeated") if encounter.is_repeat else "") if phrase
    )


def _length(seconds: float | None) -> str:
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def score_text(value: float | None) -> str | None:
    return None if value is None else number(value)


def _result(item: ItemScore) -> Data | None:
    lost = number(item.points_lost) if item.points_lost else ""
    effect = effect_name(item.effect)
    return {"lost": lost, "effect": effect} if lost or effect else None
