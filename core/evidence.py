"""Evidence as inspectors pin it: what a pin may say, checked before it is stored."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.checklist import Checklist
from core.errors import InvalidInput
from core.scoring import Answer, ScoreSheet

MOST_PINS = 400

Position = Annotated[int, Field(ge=0, lt=2**31)]
Second = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class Pin(BaseModel):
    """Where in the encounter an answer is proven.

    A turn, with the words marked from `start_offset` up to `end_offset` (counted in characters of
    the stored text) or as a whole; a second of the recording, or a stretch of it; or only a note.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    item_key: Annotated[str, Field(min_length=1, max_length=80)]
    turn_position: Position | None = None
    start_offset: Position | None = None
    end_offset: Position | None = None
    start_second: Second | None = None
    end_second: Second | None = None
    note: Annotated[str, Field(max_length=4000)] = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.start_offset is None) != (self.end_offset is None):
            msg = "marked words have a beginning and an end"
            raise ValueError(msg)
        if self.start_offset is not None and self.turn_position is None:
            msg = "marked words stand in a turn"
            raise ValueError(msg)
        if _backwards(self.start_offset, self.end_offset):
            msg = "marked words begin before they end"
            raise ValueError(msg)
        if self.start_second is None and self.end_second is not None:
            msg = "a stretch of the recording has a beginning"
            raise ValueError(msg)
        if _backwards(self.start_second, self.end_second):
            msg = "a stretch of the recording begins before it ends"
            raise ValueError(msg)
        if self.turn_position is None and self.start_second is None and not self.note.strip():
            msg = "a pin points somewhere or says something"
            raise ValueError(msg)
        return self


def parse_pins(items: Container[str], data: object) -> list[dict[str, Any]]:
    """The pins of an inspection as they are stored, in the order given.

    Raises:
        InvalidInput: names the pin, counted from 1, and what is wrong with it.
    """
    if not isinstance(data, Sequence) or isinstance(data, str) or len(data) > MOST_PINS:
        raise InvalidInput("Evidence is a list of at most {most} pins.", most=MOST_PINS)
    return [_pin(items, number, given) for number, given in enumerate(data, start=1)]


def unproven(
    checklist: Checklist,
    sheet: ScoreSheet,
    answers: Mapping[str, Answer],
    pins: Iterable[Mapping[str, Any]],
) -> tuple[str, ...]:
    """Items that ask for evidence and lost points with neither a pin nor a note, in order."""
    pinned = {pin["item_key"] for pin in pins}
    return tuple(
        item.key
        for item in sheet.items
        if checklist.by_key[item.key].evidence_required
        and (item.points_lost or item.effect)
        and item.key not in pinned
        and not answers[item.key].note.strip()
    )


def _pin(items: Container[str], number: int, given: object) -> dict[str, Any]:
    try:
        pin = Pin.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place} {first['msg']}".strip().removeprefix("Value error, ")
        raise InvalidInput(
            "Evidence {number} cannot be used: {problem}.", number=number, problem=problem
        ) from None
    if pin.item_key not in items:
        raise InvalidInput("There is no item {item} in this checklist.", item=pin.item_key)
    return pin.model_dump()


def _backwards(start: float | None, end: float | None) -> bool:
    return start is not None and end is not None and start >= end
