"""The evidence of an inspection."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.inspection.models import Evidence


class Region(NamedTuple):
    """The part of a photo that is meant, in shares of its width and height."""

    left: float
    top: float
    width: float
    height: float


class PinView(NamedTuple):
    """Evidence: a turn with the marked words if any, seconds, a photo or a moment.

    `photo` is empty where there is one that the reader may not see.
    """

    item_key: str
    turn_position: int | None
    start_offset: int | None
    end_offset: int | None
    start_second: float | None
    end_second: float | None
    photo: str | None
    region: Region | None
    moment: datetime | None
    moment_kind: str | None
    note: str


def pins_of(session: Session, inspection_id: int, *, photos: bool = True) -> tuple[PinView, ...]:
    """In the order of the encounter; evidence that points nowhere comes last."""
    rows = session.scalars(
        select(Evidence).where(Evidence.inspection_id == inspection_id).order_by(Evidence.id)
    )
    return tuple(sorted((pin_of(row, photos=photos) for row in rows), key=_position))


def pin_of(row: Evidence, *, photos: bool) -> PinView:
    return PinView(
        item_key=row.item_key,
        turn_position=row.turn_position,
        start_offset=row.start_offset,
        end_offset=row.end_offset,
        start_second=row.start_second,
        end_second=row.end_second,
        photo=row.photo if photos or row.photo is None else "",
        region=_region(row),
        moment=row.moment,
        moment_kind=row.moment_kind,
        note=row.note,
    )


def _region(row: Evidence) -> Region | None:
    left, top, width, height = (
        row.region_left,
        row.region_top,
        row.region_width,
        row.region_height,
    )
    if left is None or top is None or width is None or height is None:
        return None
    return Region(left=left, top=top, width=width, height=height)


def _position(pin: PinView) -> tuple[bool, int, int]:
    return pin.turn_position is None, pin.turn_position or 0, pin.start_offset or 0
