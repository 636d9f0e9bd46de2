"""A desk with files: its case handler, another station with one of its own, people who look on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.access import Identity, Role
from core.clock import Level
from core.files.kinds import Kind
from core.files.steps import FileEvent, Step
from db.files.services.entering import FileEntry, enter_file
from db.files.services.steps import re_check, take_step
from db.files.writing import Taken
from tests.factories import Seeded, identity, make_station, make_user
from tests.support.clock import NOW

HOUR = timedelta(hours=1)
WORDS = "The refund of 3 June has not come."


@dataclass
class Desk:
    """`hanna` handles the files of the seeded station, `otto` those of another.

    `manny` manages the seeded station, `tina` trains, `axel` audits; the others are the fixed cast.
    """

    seeded: Seeded
    hanna: Identity
    otto: Identity
    manny: Identity
    tina: Identity
    axel: Identity
    elsewhere: int

    def entered(self, who: Identity | None = None, *, at: datetime = NOW, **values: object) -> int:
        entry: dict[str, object] = {
            "kind": Kind.COMPLAINT,
            "station_id": self.seeded.station_id,
            "channel": "phone",
            "content": WORDS,
        }
        with self.seeded.transaction() as session:
            return enter_file(
                session,
                who=who or self.hanna,
                entry=FileEntry(**(entry | values)),  # type: ignore[arg-type]
                now=at,
            )

    def take(
        self,
        file_id: int,
        step: Step,
        at: datetime,
        who: Identity | None = None,
        *,
        note: str = "",
        owner: int | None = None,
        level: Level | None = None,
    ) -> int:
        taker = who or self.hanna
        with self.seeded.transaction() as session:
            if step is Step.RECHECKED:
                return re_check(session, who=taker, file_id=file_id, at=at, note=note, now=at)
            taken = Taken(FileEvent(step, at, owner=owner, level=level), note)
            return take_step(session, who=taker, file_id=file_id, taken=taken, now=at)

    def closed(self, file_id: int, begin: datetime = NOW) -> None:
        """Take every step that a complaint still needs, an hour after the other."""
        steps = (
            *(Step.CLASSIFIED, Step.SEVERITY_SET, Step.FIRST_RESPONSE, Step.FACTS_CONFIRMED),
            *(Step.SOLUTION_SET, Step.EXECUTED, Step.TOLD, Step.SATISFACTION_ASKED),
            *(Step.RECHECKED, Step.SUMMED_UP, Step.ARCHIVED),
        )
        for number, step in enumerate(steps, 1):
            who = self.manny if step is Step.RECHECKED else self.hanna
            level = Level.ORDINARY if step is Step.SEVERITY_SET else None
            self.take(file_id, step, begin + number * HOUR, who, level=level)

    def read(
        self, query: Callable[..., Any], who: Identity, *args: object, **values: object
    ) -> Any:
        with self.seeded.reading() as session:
            return query(session, who, *args, **values)


def desk_of(seeded: Seeded) -> Desk:
    with seeded.transaction() as session:
        elsewhere = make_station(session, code="KHH").id
        here = seeded.station_id
        make_user(session, "hanna", Role.CASE_HANDLER, station_id=here)
        make_user(session, "otto", Role.CASE_HANDLER, station_id=elsewhere)
        make_user(session, "manny", Role.STATION_MANAGER, station_id=here)
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "axel", Role.AUDITOR)
        return Desk(
            seeded,
            hanna=identity(session, "hanna"),
            otto=identity(session, "otto"),
            manny=identity(session, "manny"),
            tina=identity(session, "tina"),
            axel=identity(session, "axel"),
            elsewhere=elsewhere,
        )
