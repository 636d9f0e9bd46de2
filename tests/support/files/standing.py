"""What lists go by, of the facts of a file."""

from __future__ import annotations

from typing import Any

from core.files.clocks import Standing, clocks_at_last_event, standing_of
from core.files.course import FileFacts


def standing(facts: FileFacts, **settings: Any) -> Standing:
    return standing_of(clocks_at_last_event(facts, **settings))
