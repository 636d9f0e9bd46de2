"""What the demo's open work holds beside words: recordings and photos, made here by computation.

A recording is a tone for each turn, one pitch for each speaker: no voice. A photo is a drawing of a
counter: no face.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.inspection.picture import read_picture
from core.inspection.states import AssignmentState
from db.encounters.models import Interaction, Turn
from db.importing.recordings.sound_files import Delivery, SoundFile
from db.importing.recordings.taking_in import TakingOrder, take_in
from db.inspection.models import Assignment, Photo
from db.inspection.services.photos import add_photo, photo_file
from db.people.models import User
from db.people.services.identities import identity_of
from db.store.files import Files
from db.store.session import reading, transaction

RECORDINGS, PHOTOS = 6, 4
_RATE = 8000
_PITCH = {"customer": 180.0, "agent": 240.0}
_OTHER_PITCH = 320.0
_SYLLABLE, _PAUSE = 4.0, 0.6
_LOUD = 60
_LONGEST = 600.0


def load_evidence(engine: Engine, files: Files, *, now: datetime) -> None:
    """Recordings of calls and photos of counters that wait to be scored; repeated it adds none."""
    with reading(engine) as session:
        sounds = list(_sounds(session))
        counters = _open(session, "counter", PHOTOS)
    order = TakingOrder(Delivery(sounds))
    take_in(engine, files, order, who=None, clock=lambda: now)
    for number, work in enumerate(counters):
        _photograph(engine, files, work, number, now)


def call_sound(turns: Sequence[tuple[str, float]], seconds: float) -> bytes:
    """A WAV file with a tone from each turn's start to shortly before the next one's.

    Args:
        turns: speaker and start in seconds, in order.
        seconds: how long the call is.
    """
    time = np.arange(int(seconds * _RATE)) / _RATE
    samples = np.zeros_like(time)
    starts = [*(start for _speaker, start in turns), seconds]
    for (speaker, start), end in zip(turns, starts[1:], strict=True):
        stretch = slice(int(start * _RATE), int(max(start, end - _PAUSE) * _RATE))
        spoken = time[stretch]
        tone = np.sin(2 * np.pi * _PITCH.get(speaker, _OTHER_PITCH) * spoken)
        samples[stretch] = tone * np.abs(np.sin(np.pi * _SYLLABLE * spoken))
    file = BytesIO()
    with closing(wave.open(file, "wb")) as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(_RATE)
        sound.writeframes((128 + _LOUD * samples).astype(np.uint8).tobytes())
    return file.getvalue()


def counter_photo(number: int) -> bytes:
    """A drawn counter as a JPEG picture; each number has a colour of its own."""
    image = Image.new("RGB", (960, 640), (232, 236, 238))
    draw = ImageDraw.Draw(image)
    colour = ((11, 110, 112), (30, 70, 120), (120, 80, 30))[number % 3]
    draw.rectangle((0, 470, 960, 640), fill=(150, 150, 152))
    draw.rectangle((120, 300, 840, 500), fill=colour)
    draw.rectangle((100, 280, 860, 306), fill=(245, 245, 245), outline=(120, 120, 120))
    draw.rectangle((380, 190, 520, 280), fill=(40, 44, 48))
    draw.rectangle((392, 200, 508, 266), fill=(120, 170, 190))
    draw.rectangle((250, 60, 710, 130), fill=colour)
    draw.text((430, 86), f"YF  {number + 1:02}", fill=(255, 255, 255), font_size=28)
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


class _OpenWork(NamedTuple):
    assignment_id: int
    inspector_id: int
    interaction_id: int


def _open(session: Session, channel: str, most: int) -> list[_OpenWork]:
    rows = session.execute(
        select(Assignment.id, Assignment.inspector_id, Assignment.interaction_id)
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .where(
            Assignment.state == AssignmentState.OPEN,
            Interaction.channel == channel,
            Interaction.duration_seconds.is_not(None) | (channel != "phone"),
        )
        .order_by(Assignment.id)
        .limit(most)
    )
    return [_OpenWork(*row) for row in rows]


def _sounds(session: Session) -> Iterator[SoundFile]:
    for work in _open(session, "phone", RECORDINGS):
        call = session.get_one(Interaction, work.interaction_id)
        turns = session.execute(
            select(Turn.speaker, Turn.start_seconds)
            .where(Turn.interaction_id == call.id, Turn.start_seconds.is_not(None))
            .order_by(Turn.position)
        )
        seconds = min(call.duration_seconds or 0.0, _LONGEST)
        spoken = [
            (speaker, start) for speaker, start in turns if start is not None and start < seconds
        ]
        content = call_sound(spoken, seconds)
        name = f"{call.source}/{call.external_id}.wav"
        yield SoundFile(name, len(content), partial(BytesIO, content))


def _photograph(engine: Engine, files: Files, work: _OpenWork, number: int, now: datetime) -> None:
    """The file comes before its row, as when an inspector takes one."""
    name = f"{number:032x}"
    with reading(engine) as session:
        taken = select(Photo.name).where(Photo.assignment_id == work.assignment_id)
        if session.scalar(taken.limit(1)) is not None:
            return
    picture = read_picture(counter_photo(number))
    files.write(photo_file(name), picture.data)
    with transaction(engine) as session:
        who = identity_of(session, session.get_one(User, work.inspector_id))
        add_photo(
            session,
            who=who,
            assignment_id=work.assignment_id,
            name=name,
            picture=picture,
            now=now,
        )
