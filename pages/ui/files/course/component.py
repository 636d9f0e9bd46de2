"""The story and the clocks of a file as components."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.clock import LimitStatus
from core.files.clocks import ReadClock
from core.files.course import ENDED
from core.files.steps import Step
from db.files.queries.one_file import FileView, StoryLine
from pages.ui.files.file_words import (
    clock_look,
    clock_share,
    clock_word,
    kind_name,
    level_name,
    span_text,
    step_name,
)
from pages.ui.kit.messages import _, moment
from pages.ui.kit.modules import entry

_CSS = (Path(__file__).parent / "course.css").read_text(encoding="utf-8")
_story = st.components.v2.component("file_story", js=entry("files/course/story.js"), css=_CSS)
_clocks = st.components.v2.component("file_clocks", js=entry("files/course/clocks.js"), css=_CSS)


def story(view: FileView) -> StoryLine | None:
    """Show the story; the line that is to be struck out, as just pressed."""
    may_strike = view.may_work and view.state not in ENDED
    result = _story(
        key="file_story",
        data={
            "lines": [_line(line, view, may_strike=may_strike) for line in view.story],
            "texts": {
                "story": _("Story"),
                "strike": _("Strike out"),
                "replied": _("Reply sent to the customer"),
            },
        },
        on_strike_change=lambda: None,
    )
    pressed = result.strike
    return next((line for line in view.story if line.event_id == pressed), None)


def clocks(view: FileView) -> None:
    """Show every clock with its limit, what has passed, what did not count, and its end."""
    rounds = {clock.round for clock in view.clocks}
    _clocks(
        key="file_clocks",
        data={
            "clocks": [
                _clock(clock, view.timezone, rounds=len(rounds)) for clock in _ordered(view.clocks)
            ],
            "texts": {"clocks": _("Clocks")},
        },
    )


def clock_name(clock: ReadClock, *, rounds: int = 1) -> str:
    """A clock by the step that stops it, with its round or former kind where there are several."""
    name = step_name(clock.key)
    if clock.is_former:
        return f"{name} ({kind_name(clock.kind)})"
    return _("{clock}, round {number}", clock=name, number=clock.round) if rounds > 1 else name


def _ordered(clocks: Sequence[ReadClock]) -> list[ReadClock]:
    """What runs first, the soonest due before the others; then what has stopped."""
    return sorted(
        clocks,
        key=lambda clock: (
            not clock.reading.is_running,
            clock.reading.due is None,
            clock.reading.due or clock.start,
        ),
    )


def _clock(clock: ReadClock, zone: str, *, rounds: int) -> dict[str, Any]:
    reading = clock.reading
    line = reading.line
    facts = []
    if line.judged is not None and reading.due is not None:
        limit = line.judged
        if not limit.months:
            by_limit = span_text(limit.time) if limit.time else _("{days} d", days=limit.days)
            facts.append(_("limit {time}", time=by_limit))
        facts.append(_("due {time}", time=moment(reading.due, zone)))
    facts.append(_("elapsed {time}", time=span_text(reading.elapsed)))
    if reading.paused:
        facts.append(_("paused {time}", time=span_text(reading.paused)))
    if reading.late_before_change:
        facts.append(_("late before the level changed"))
    if line.status is LimitStatus.CHECK:
        facts.append(_("limit to be confirmed, does not count"))
    return {
        "name": clock_name(clock, rounds=rounds),
        "look": clock_look(clock),
        "share": round(clock_share(clock), 3),
        "word": clock_word(clock),
        "facts": facts,
    }


def _line(line: StoryLine, view: FileView, *, may_strike: bool) -> dict[str, Any]:
    zone = view.timezone
    how = [] if line.is_by_hand else [_("by another system")]
    if line.is_recomputed:
        written = moment(line.struck_at or line.written_at, zone)
        how.append(_("recomputed {time}", time=written))
    more = [level_name(line.level)] if line.level else []
    more += [f"→ {line.owner}"] if line.owner else []
    more += [_("of {file}", file=line.of)] if line.of else []
    struck = ""
    if line.struck_at is not None:
        struck = _(
            "Struck out {time} by {name}: {reason}",
            time=moment(line.struck_at, zone),
            name=line.struck_by or "—",
            reason=line.struck_reason,
        )
    return {
        "id": line.event_id,
        "step": step_name(line.step),
        "at": moment(line.at, zone),
        "by": line.by,
        "how": " · ".join(how),
        "more": " · ".join(more),
        "note": line.note,
        "reply": line.reply,
        "struck": struck,
        "strikes": may_strike and not struck and not line.of and line.step is not Step.RECEIVED,
    }
