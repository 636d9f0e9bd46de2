"""A closed file as an encounter: of which kind, with which events, inspected in any case or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.files.course import Course, FileState
from core.files.kinds import Kind
from core.files.steps import FileEvent, Step

CASE_KINDS: Mapping[Kind, str] = {
    Kind.PROBLEM: "problem",
    Kind.COMPLAINT: "complaint",
    Kind.WORK_ORDER: "work_order",
    Kind.FOLLOW_UP: "follow_up",
    Kind.PROFILE_REVIEW: "customer_profile",
}
"""The kind of case that a kind of file is; those that are left out have no checklist of theirs."""
CHANNEL = "record"
_EVENTS = {Step.BECAME_COMPLAINT: "complaint_recognised"}
"""Steps that clocks know by another key."""


def becomes_encounter(course: Course) -> bool:
    """Whether a file as it stands is to be inspected as an encounter."""
    return course.state is FileState.CLOSED and course.kind.key in CASE_KINDS


def must_be_inspected(course: Course, *, is_repeated: bool) -> bool:
    """Urgent at any time, major, or repeated: by the same matter before it, or reopened."""
    return course.is_major or course.is_reopened or is_repeated


def encounter_events(events: Iterable[tuple[FileEvent, str]]) -> list[dict[str, Any]]:
    """The events of a file, each with its source, as those of an encounter are stored."""
    return [
        {"name": _EVENTS.get(event.step, event.step.value), "at": event.at.isoformat()}
        | {"source": source}
        for event, source in events
    ]
