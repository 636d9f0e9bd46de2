"""Evidence as inspectors pin it: what a pin may say, checked before it is stored."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.checklist import Checklist
from core.errors import InvalidInput
from core.scoring import Answer, ScoreSheet

MOST_PINS = 400

Position = Annotated[int, Field(ge=0, lt=2**31)]
Second = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
PhotoName = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
MomentKind = Literal["system", "manual"]
_ROUNDING = 1e-6


class Pin(BaseModel):
    """Where in the encounter an answer is proven.

    A turn, with the words marked from `start_offset` up to `end_offset` (counted in characters of
    the stored text) or as a whole; a second of the recording, or a stretch of it; a photo, whole
    or a region of it in shares of its width and height; a moment, from a system or typed; or only
    a note.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    item_key: Annotated[str, Field(min_length=1, max_length=80)]
    turn_position: Position | None = None
    start_offset: Position | None = None
    end_offset: Position | None = None
    start_second: Second | None = None
    end_second: Second | None = None
    photo: PhotoName | None = None
    region_left: Share | None = None
    region_top: Share | None = None
    region_width: Share | None = None
    region_height: Share | None = None
    moment: Annotated[str, Field(max_length=40)] | None = None
    moment_kind: MomentKind | None = None
    note: Annotated[str, Field(max_length=4000)] = ""

    @model_validator(mode="after")
    def _words_hang_together(self) -> Self:
        _together("marked words have a beginning and an end", self.start_offset, self.end_offset)
        if self.start_offset is not None and self.turn_position is None:
            msg = "marked words stand in a turn"
            raise ValueError(msg)
        if _backwards(self.start_offset, self.end_offset):
            msg = "marked words begin before they end"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _seconds_hang_together(self) -> Self:
        if self.start_second is None and self.end_second is not None:
            msg = "a stretch of the recording has a beginning"
            raise ValueError(msg)
        if _backwards(self.start_second, self.end_second):
            msg = "a stretch of the recording begins before it ends"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _region_hangs_together(self) -> Self:
        left, top = self.region_left, self.region_top
        width, height = self.region_width, self.region_height
        _together("a region has a place and a size", left, top, width, height)
        if left is None or top is None or width is None or height is None:
            return self
        if self.photo is None:
            msg = "a region stands in a photo"
            raise ValueError(msg)
        if not (0 < width <= 1 - left + _ROUNDING and 0 < height <= 1 - top + _ROUNDING):
            msg = "a region lies inside its photo"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _moment_hangs_together(self) -> Self:
        _together("a moment comes from a system or by hand", self.moment, self.moment_kind)
        if self.moment is not None and datetime.fromisoformat(self.moment).tzinfo is None:
            msg = "a moment has a time zone"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        targets = (self.turn_position, self.start_second, self.photo, self.moment)
        if all(target is None for target in targets) and not self.note.strip():
            msg = "a pin points somewhere or says something"
            raise ValueError(msg)
        return self


class Lacking(NamedTuple):
    """Items with lost points and neither a pin nor a note, in order.

    Without the required ones nothing is submitted; the recommended ones are only pointed out.
    """

    required: tuple[str, ...]
    recommended: tuple[str, ...]


def parse_pins(items: Container[str], data: object) -> list[dict[str, Any]]:
    """The pins of an inspection as they are stored, in the order given.

    Raises:
        InvalidInput: names the pin, counted from 1, and what is wrong with it.
    """
    if not isinstance(data, Sequence) or isinstance(data, str) or len(data) > MOST_PINS:
        raise InvalidInput("Evidence is a list of at most {most} pins.", most=MOST_PINS)
    return [_pin(items, number, raw_pin) for number, raw_pin in enumerate(data, start=1)]


def check_photos(pins: Iterable[Mapping[str, Any]], photos: Container[str]) -> None:
    """Refuse pins on photos that were not taken for this encounter.

    Raises:
        InvalidInput: names the item of the first such pin.
    """
    for pin in pins:
        if pin["photo"] is not None and pin["photo"] not in photos:
            raise InvalidInput("Item {item}: this photo does not exist.", item=pin["item_key"])


def check_moments(pins: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]) -> None:
    """Refuse moments that claim to come from a system and do not.

    Raises:
        InvalidInput: names the item of the first such pin.
    """
    recorded = {
        datetime.fromisoformat(str(event["at"])).replace(microsecond=0)
        for event in events
        if event.get("source") == "system"
    }
    for pin in pins:
        if pin["moment_kind"] != "system":
            continue
        if datetime.fromisoformat(pin["moment"]).replace(microsecond=0) not in recorded:
            raise InvalidInput(
                "Item {item}: no system recorded something at {time}.",
                item=pin["item_key"],
                time=pin["moment"],
            )


def unproven(
    checklist: Checklist,
    sheet: ScoreSheet,
    answers: Mapping[str, Answer],
    pins: Iterable[Mapping[str, Any]],
) -> Lacking:
    """What the checklist, or an item of it, still wants to see proven."""
    pinned = {pin["item_key"] for pin in pins}
    bare = [
        item.key
        for item in sheet.items
        if (item.points_lost or item.effect)
        and item.key not in pinned
        and not answers[item.key].note.strip()
    ]
    wish = checklist.settings.evidence
    required = tuple(
        key for key in bare if wish == "require" or checklist.by_key[key].evidence_required
    )
    recommended = tuple(key for key in bare if wish == "ask" and key not in required)
    return Lacking(required, recommended)


def _pin(items: Container[str], number: int, raw_pin: object) -> dict[str, Any]:
    try:
        pin = Pin.model_validate(raw_pin)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        problem = f"{field} {first['msg']}".strip().removeprefix("Value error, ")
        raise InvalidInput(
            "Evidence {number} cannot be used: {problem}.", number=number, problem=problem
        ) from None
    if pin.item_key not in items:
        raise InvalidInput("There is no item {item} in this checklist.", item=pin.item_key)
    return pin.model_dump()


def _together(sentence: str, *values: object) -> None:
    """Refuse a part of what only makes sense whole."""
    if 0 < sum(value is None for value in values) < len(values):
        raise ValueError(sentence)


def _backwards(start: float | None, end: float | None) -> bool:
    return start is not None and end is not None and start >= end
