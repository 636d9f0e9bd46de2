"""Answers as they are stored, and what each says about its item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.checklist.data_reading import as_number
from core.checklist.model import UNSCORED_KINDS, Checklist, Clock, Item, level_of
from core.clock import (
    NO_LIMITS,
    ClockRules,
    ClockRun,
    ClockState,
    Limit,
    LimitLine,
    Limits,
    Wait,
    read,
)
from core.errors import InvalidInput

ANSWER_KEYS = frozenset(
    {"value", "values", "na", "reason", "start", "stop", "evidence_kind", "note"}
    | {"paused_seconds", "pauses"}
)
PAUSE_KEYS = frozenset({"from", "to", "reason"})
MOST_PAUSES = 20
EVIDENCE_KINDS = ("system", "manual")
_VERDICTS = frozenset({ClockState.MET, ClockState.LATE})


@dataclass(frozen=True)
class Answer:
    """One answer, checked against its item.

    Attributes:
        keys: the options chosen; a level counts as the option of that name, a clock as met or late.
        number: the number given, or the level.
        text: free text or an ISO date.
        na: the item does not apply here; `reason` says why.
        elapsed_seconds: what a clock measured, pauses taken off.
        by_hand: the clock's times, or its verdict, were entered by a person.
    """

    keys: tuple[str, ...] = ()
    number: float | None = None
    text: str | None = None
    na: bool = False
    reason: str = ""
    note: str = ""
    elapsed_seconds: float | None = None
    by_hand: bool = False

    @property
    def says_why(self) -> bool:
        """There is a reason that can be read: a letter or a digit of any script."""
        return any(character.isalnum() for character in self.reason)


def parse_answers(checklist: Checklist, data: Mapping[str, Any]) -> dict[str, Answer]:
    """Stored answers by item key; an answer of None is a blank.

    A section's key with {na: true} answers every item of the section that may be N/A.

    Raises:
        InvalidInput: names the item and what is wrong with its answer.
    """
    if not isinstance(data, Mapping):
        raise InvalidInput("Answers are a mapping of item keys to answers.")
    answers: dict[str, Answer] = {}
    for section in checklist.sections:
        if _is_na(data.get(section.key)):
            answers |= {item.key: Answer(na=True) for item in section.items if item.na_allowed}
    sections = {section.key for section in checklist.sections}
    for key, raw_answer in data.items():
        if raw_answer is None or (key in sections and _is_na(raw_answer)):
            continue
        if key not in checklist.by_key:
            raise InvalidInput("There is no item {item} in this checklist.", item=key)
        if answer := parse_answer(checklist.by_key[key], raw_answer):
            answers[key] = answer
    return answers


def parse_answer(item: Item, raw_answer: object) -> Answer | None:
    """One stored answer; None while it is blank.

    Raises:
        InvalidInput: names the item and what is wrong with its answer.
    """
    if not isinstance(raw_answer, Mapping):
        raise InvalidInput("Item {item}: the answer is not a mapping.", item=item.key)
    if unknown := [str(key) for key in raw_answer if key not in ANSWER_KEYS]:
        raise InvalidInput("Item {item}: answers have no {key}.", item=item.key, key=unknown[0])
    note = str(raw_answer.get("note") or "")
    if raw_answer.get("na"):
        return _not_applicable(item, raw_answer, note)
    if item.kind == "multi":
        return (
            None
            if raw_answer.get("values") is None
            else Answer(_option_keys(item, raw_answer), note=note)
        )
    if item.kind == "clock" and "value" not in raw_answer:
        return _clocked(item, raw_answer, note)
    value = raw_answer.get("value")
    return None if value in (None, "") else _valued(item, value, note)


def _is_na(raw_answer: object) -> bool:
    return isinstance(raw_answer, Mapping) and raw_answer.get("na") is True


def _valued(item: Item, value: object, note: str) -> Answer:
    if item.kind == "number":
        return Answer(number=_number(item, value), note=note)
    if item.kind in UNSCORED_KINDS:
        return Answer(text=_text(item, value), note=note)
    key = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, bool) or key not in item.by_option:
        raise _no_option(item, value)
    return Answer((key,), level_of(item, key), note=note, by_hand=item.kind == "clock")


def _not_applicable(item: Item, raw_answer: Mapping[str, Any], note: str) -> Answer:
    if raw_answer["na"] is not True or not item.na_allowed:
        raise InvalidInput("Item {item} may not be marked N/A.", item=item.key)
    return Answer(na=True, reason=str(raw_answer.get("reason") or "").strip(), note=note)


def _option_keys(item: Item, raw_answer: Mapping[str, Any]) -> tuple[str, ...]:
    values = raw_answer["values"]
    if not isinstance(values, list | tuple):
        raise InvalidInput("Item {item}: values is a list of options.", item=item.key)
    keys = tuple(str(value) for value in values)
    for key in keys:
        if key not in item.by_option:
            raise _no_option(item, key)
    if len(set(keys)) < len(keys):
        raise InvalidInput("Item {item}: an option is chosen twice.", item=item.key)
    return keys


def _no_option(item: Item, value: object) -> InvalidInput:
    return InvalidInput("Item {item}: {value} is none of its options.", item=item.key, value=value)


def _number(item: Item, value: object) -> float:
    number = as_number(value)
    if number is None:
        raise InvalidInput("Item {item}: {value} is not a number.", item=item.key, value=value)
    if not item.decimals and not number.is_integer():
        raise InvalidInput(
            "Item {item}: {value} is not a whole number.", item=item.key, value=value
        )
    if item.ranges and not any(range_.low <= number <= range_.high for range_ in item.ranges):
        raise InvalidInput(
            "Item {item}: {value} lies in none of its ranges.", item=item.key, value=value
        )
    return number


def _text(item: Item, value: object) -> str:
    if item.kind == "date":
        _moment(item, value)
    return str(value)


def _clocked(item: Item, raw_answer: Mapping[str, Any], note: str) -> Answer | None:
    """A clock is blank until it has both times."""
    kind = raw_answer.get("evidence_kind", "manual")
    if kind not in EVIDENCE_KINDS:
        raise InvalidInput("Item {item}: evidence_kind is system or manual.", item=item.key)
    if raw_answer.get("start") is None or raw_answer.get("stop") is None:
        return None
    start, stop = _times(item, raw_answer)
    clock = item.clock or Clock()
    paused = _paused(item, clock, raw_answer.get("paused_seconds"), most=stop - start)
    pauses = _pauses(item, clock, raw_answer.get("pauses"), most=stop - start)
    if paused:  # from an import: only their sum is known, and is enough
        pauses = (Wait(began=start, ended=start + paused),)
    try:
        reading = read(ClockRun(start, stop, waits=pauses), _rules(clock), now=stop)
    except InvalidInput:
        if not pauses or paused:
            raise
        raise InvalidInput(
            "Item {item}: pauses lie within the time and do not overlap.", item=item.key
        ) from None
    keys = (str(reading.state),) if reading.state in _VERDICTS else ()
    seconds = reading.elapsed.total_seconds()
    return Answer(keys, note=note, elapsed_seconds=seconds, by_hand=kind == "manual")


def _times(item: Item, raw_answer: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Start and stop in order; without a zone they count as of one that never leaps."""
    start, stop = (_moment(item, raw_answer[name]) for name in ("start", "stop"))
    if (start.tzinfo is None) != (stop.tzinfo is None):
        raise InvalidInput("Item {item}: only one of its times has a time zone.", item=item.key)
    if stop < start:
        raise InvalidInput("Item {item}: the clock stops before it starts.", item=item.key)
    return (start, stop) if start.tzinfo else (start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC))


def _rules(clock: Clock) -> ClockRules:
    """Calendar time, and the limit whatever its status."""
    if clock.limit_minutes is None:
        return ClockRules(NO_LIMITS)
    return ClockRules(Limits((LimitLine(Limit(timedelta(minutes=clock.limit_minutes))),)))


def _paused(item: Item, clock: Clock, value: object, *, most: timedelta) -> timedelta:
    seconds = 0.0 if value is None else as_number(value)
    if seconds is None or seconds < 0:
        raise InvalidInput("Item {item}: paused_seconds is a number from 0.", item=item.key)
    if seconds and not clock.pauses:
        raise InvalidInput("Item {item}: its clock may not be paused.", item=item.key)
    if seconds > most.total_seconds():
        raise InvalidInput("Item {item}: the pauses are longer than the time.", item=item.key)
    return timedelta(seconds=seconds)


def _pauses(item: Item, clock: Clock, value: object, *, most: timedelta) -> tuple[Wait, ...]:
    """Spans of {from, to, reason}, which lie within the time and do not overlap."""
    if value is None or value == []:
        return ()
    if not clock.pauses:
        raise InvalidInput("Item {item}: its clock may not be paused.", item=item.key)
    if not isinstance(value, list) or not 0 < len(value) <= MOST_PAUSES:
        raise InvalidInput(
            "Item {item}: pauses are a list of at most {most}.", item=item.key, most=MOST_PAUSES
        )
    pauses = tuple(_pause(item, span) for span in value)
    if sum(((pause.ended or pause.began) - pause.began for pause in pauses), timedelta()) > most:
        raise InvalidInput("Item {item}: the pauses are longer than the time.", item=item.key)
    return pauses


def _pause(item: Item, span: object) -> Wait:
    if not isinstance(span, Mapping) or not PAUSE_KEYS.issuperset(span):
        raise InvalidInput("Item {item}: a pause has from, to and reason.", item=item.key)
    if not any(character.isalnum() for character in str(span.get("reason") or "")):
        raise InvalidInput("Item {item}: say what was waited for in each pause.", item=item.key)
    began, ended = (_moment(item, span.get(name)) for name in ("from", "to"))
    if began.tzinfo is None or ended.tzinfo is None:
        raise InvalidInput("Item {item}: only one of its times has a time zone.", item=item.key)
    if ended < began:
        raise InvalidInput("Item {item}: a pause ends before it begins.", item=item.key)
    return Wait(began=began, ended=ended)


def _moment(item: Item, value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise InvalidInput(
            "Item {item}: {value} is not an ISO 8601 time.", item=item.key, value=value
        ) from None
