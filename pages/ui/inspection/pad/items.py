"""A checklist as the pad shows it: texts, options, effects, clocks with the times known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from core.checklist import Checklist, Clock, Effect, Item, Option
from core.checklist.conditions import condition_data
from core.checklist.model import level_of
from core.inspection.clock_times import Recorded, recorded_pauses, recorded_times
from core.text.cache_keys import Same
from db.encounters.queries.encounter import recorded_of
from db.inspection.queries.desk import Desk
from pages.ui.kit.messages import _, language, text_of
from pages.ui.kit.terms import effect_name, source_name, usual_answer

Data = dict[str, Any]


def checklist_data(desk: Desk) -> Data:
    """The checklist's data. Do not change it: encounters of the same checklist share it."""
    laid_out = _laid_out(Same(desk.checklist), Same(desk.sources), desk.version, language())
    recorded = recorded_of(desk.encounter)
    return _with_times(laid_out, desk, recorded) if _tells(recorded) else laid_out


def _tells(recorded: Recorded) -> bool:
    return bool(recorded.happenings or recorded.waits)


@lru_cache(maxsize=64)
def _laid_out(
    checklist: Same[Checklist],
    sources: Same[Mapping[str, str]],
    version: int,
    _language: str,  # tells the same checklist in other languages apart
) -> Data:
    return {
        "title": f"{text_of(checklist.thing.title)} {version}",
        "sections": [
            {
                "key": section.key,
                "title": text_of(section.title),
                "when": condition_data(section.when) if section.when else None,
                "items": [_item(item, sources.thing.get(item.key)) for item in section.items],
            }
            for section in checklist.thing.sections
        ],
    }


def _with_times(laid_out: Data, desk: Desk, recorded: Recorded) -> Data:
    """The checklist's data with the recorded times of each clock."""
    clocks = {item.key: item.clock for item in desk.checklist.items() if item.clock}
    timed = {key: _prefilled(clock, recorded) for key, clock in clocks.items()}
    sections = [
        section
        | {"items": [item | {"prefilled": timed.get(item["key"])} for item in section["items"]]}
        for section in laid_out["sections"]
    ]
    return laid_out | {"sections": sections}


def happened_at(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(event["at"]))


def _item(item: Item, source: str | None) -> Data:
    code = item.key if source is not None else ""
    effects = [_consequence(item, option) for option in item.options if option.effect]
    options = [_option(item, option) for option in item.options] if item.kind != "clock" else []
    return {
        "key": item.key,
        "code": code,
        "name": code or text_of(item.term) or text_of(item.text)[:16] or item.key,
        "kind": item.kind,
        "term": text_of(item.term),
        "text": text_of(item.text) or text_of(item.term) or item.key,
        "guidance": text_of(item.guidance),
        "good": text_of(item.good_example),
        "bad": text_of(item.bad_example),
        "source": source_name(source or ""),
        "options": options,
        "effects": effects,
        "critical": item.is_critical,
        "keyMoment": item.key_moment,
        "excluded": item.excluded,
        "informs": item.clock is not None and item.clock.limit_minutes is None,
        "required": item.required,
        "na": item.na_allowed,
        "naReason": item.needs_na_reason,
        "yes": item.yes,
        "no": item.no,
        "scored": item.scored,
        "decimals": item.decimals,
        "low": min((score_range.low for score_range in item.ranges), default=None),
        "high": max((score_range.high for score_range in item.ranges), default=None),
        "clock": _clock(item.clock) if item.clock else None,
        "prefilled": None,
        "when": condition_data(item.when) if item.when else None,
    }


def _option(item: Item, option: Option) -> Data:
    return {
        "key": option.key,
        "text": _option_text(item, option),
        "points": option.points,
        "effect": _short(option.effect) if option.effect else None,
    }


def _option_text(item: Item, option: Option) -> str:
    """The option's own words; a level without any is known by its number."""
    is_level = level_of(item, option.key) is not None
    return text_of(option.text) or ("" if is_level else usual_answer(option.key))


def _short(effect: Effect) -> str:
    return {
        "form_zero": _("score 0"),
        "section_zero": _("section 0"),
        "cap": _("at most {cap}", cap=f"{effect.cap or 0:g}"),
        "flag": _("flagged"),
    }[effect.kind]


def _consequence(item: Item, option: Option) -> str:
    assert option.effect is not None
    text = _option_text(item, option) or option.key
    return f"{text}: {effect_name(option.effect.kind)} ({_short(option.effect)})"


def _clock(clock: Clock) -> Data:
    return {
        "pauses": clock.pauses,
        "start": text_of(clock.start) or _("Begin"),
        "stop": text_of(clock.stop) or _("End"),
        "limit": clock.limit_minutes,
        "limitText": _limit(clock.limit_minutes),
    }


def _limit(minutes: float | None) -> str:
    if minutes is None:
        return _("no limit is set; not scored")
    if minutes >= 72 * 60 and minutes % (24 * 60) == 0:
        return _("{count} days", count=f"{minutes / 24 / 60:g}")
    if minutes >= 60 and minutes % 60 == 0:
        return _("{count} h", count=f"{minutes / 60:g}")
    return _("{count} min", count=f"{minutes:g}")


def _prefilled(clock: Clock, recorded: Recorded) -> Data | None:
    """Start and stop from the encounter's turns or events."""
    times = recorded_times(clock, recorded)
    if times is None:
        return None
    waiting = _("Waiting for the customer")
    return {
        "start": times["start"],
        "stop": times["stop"],
        "kind": times["evidence_kind"],
        "pauses": [span | {"reason": waiting} for span in recorded_pauses(clock, recorded)],
    }
