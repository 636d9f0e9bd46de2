"""Counting the deeds by which figures and kept rows become old."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db.results.queries.data_version import DEEDS
from db.store.event_reading import reads_events
from db.store.models import Event


def _counted(_session: Session, _events: Sequence[Event]) -> None:
    """The position counts them; `data_version` asks how many there were so far."""


for _name, _deeds in DEEDS.items():
    reads_events(_name, _deeds)(_counted)
