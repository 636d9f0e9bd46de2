"""The words around files: kinds, levels, states, classes, and how long something is."""

from __future__ import annotations

from datetime import timedelta

from core.clock import Level
from core.files.clocks import FileClockState, ReadClock
from core.files.course import FileState, Mark
from core.files.kinds import Kind
from core.files.steps import Step
from pages.ui.kit.messages import _
from pages.ui.kit.terms import event_name

_MINUTES_A_DAY = 24 * 60
_MOST_HOURS = 72
"""Longer times are said in days, as limits are."""


def kind_name(kind: Kind) -> str:
    return {
        Kind.PROBLEM: _("Problem"),
        Kind.COMPLAINT: _("Complaint"),
        Kind.WORK_ORDER: _("Work order"),
        Kind.FEEDBACK: _("Feedback"),
        Kind.FOLLOW_UP: _("Follow-up"),
        Kind.VISIT: _("Visit"),
        Kind.ADVISER_REPORT: _("Adviser's report"),
        Kind.SUGGESTION: _("Suggestion"),
        Kind.PROFILE_REVIEW: _("Review of a customer profile"),
    }[kind]


def level_name(level: Level) -> str:
    return {
        Level.URGENT: _("Urgent"),
        Level.IMPORTANT: _("Important"),
        Level.ORDINARY: _("Ordinary"),
    }[level]


def state_name(state: FileState) -> str:
    return {
        FileState.NEW: _("New"),
        FileState.OPEN: _("In hand"),
        FileState.WAITING: _("Waiting for the customer"),
        FileState.DONE: _("Handled, not told yet"),
        FileState.TOLD: _("Told"),
        FileState.CLOSED: _("Closed"),
        FileState.CANCELLED: _("Cancelled"),
    }[state]


def mark_name(mark: Mark) -> str:
    return {
        Mark.SAFETY: _("Safety"),
        Mark.PERSONAL_DATA: _("Personal data"),
        Mark.MEDIA: _("Media"),
        Mark.AUTHORITY: _("Authority"),
        Mark.LOSS: _("Large loss"),
    }[mark]


def step_name(step: Step) -> str:
    """A step as it stands in the story."""
    return _("Became a complaint") if step is Step.BECAME_COMPLAINT else event_name(step.value)


def deed_name(step: Step) -> str:
    """A step as a button that takes it."""
    return {
        Step.RECORDED: _("Recorded"),
        Step.CLASSIFIED: _("Classified"),
        Step.SUPERIOR_TOLD: _("Superior informed"),
        Step.ASSIGNED: _("Take in hand"),
        Step.FIRST_RESPONSE: _("First answer given"),
        Step.FACTS_CONFIRMED: _("Facts confirmed"),
        Step.SOLUTION_SET: _("Solution determined"),
        Step.WORK_STARTED: _("Work started"),
        Step.PROGRESS_TOLD: _("Progress told"),
        Step.WAITING_BEGAN: _("Wait for the customer"),
        Step.WAITING_ENDED: _("Customer has answered"),
        Step.EXECUTED: _("Handling finished"),
        Step.ACCEPTED: _("Accepted by the front desk"),
        Step.TOLD: _("Customer told"),
        Step.SATISFACTION_ASKED: _("Satisfaction asked"),
        Step.NOT_SATISFIED: _("Customer not satisfied"),
        Step.RECHECKED: _("Checked again, in order"),
        Step.SUMMED_UP: _("Summed up"),
        Step.ARCHIVED: _("Close the file"),
        Step.REOPENED: _("Reopen"),
        Step.BECAME_COMPLAINT: _("Make it a complaint"),
    }.get(step, step_name(step))


def choice_name(code: str) -> str:
    """A code of a field that is chosen from a list; a dash for none."""
    return {
        "": "—",
        "process": _("Process"),
        "facility": _("Facility"),
        "policy": _("Policy"),
        "person": _("Person"),
        "true": _("As the customer says"),
        "misunderstanding": _("Misunderstanding"),
        "wrong_information": _("Wrong information"),
        "calm": _("Calm"),
        "dissatisfied": _("Dissatisfied"),
        "angry": _("Angry"),
        "distressed": _("Distressed"),
        "cannot_tell": _("Cannot be told"),
        "compensation": _("Compensation"),
        "remedy": _("Remedy"),
        "process_change": _("Change of the process"),
        "explanation": _("Explanation"),
    }.get(code, code)


def span_text(time: timedelta) -> str:
    """How long, in two units at most; under a minute nothing finer."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 60:
        return _("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < _MOST_HOURS:
        if not minutes or hours >= 24:
            return _("{hours} h", hours=hours)
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    days, hours = divmod(hours, 24)
    return _("{days} d {hours} h", days=days, hours=hours) if hours else _("{days} d", days=days)


def clock_word(clock: ReadClock) -> str:
    """What a clock comes to, in words: how much is left, or by how much it is late."""
    reading, runs = clock.reading, clock.reading.is_running
    time = span_text(reading.elapsed)
    match clock.state:
        case FileClockState.LATE:
            time = span_text(reading.late_by)
            word = _("late by {time}", time=time) if runs else _("was late by {time}", time=time)
        case FileClockState.WAITING:
            word = _("waits for the customer")
        case FileClockState.MET:
            word = _("in time, after {time}", time=time)
        case FileClockState.UNSET:
            word = _("{time} so far, no limit", time=time) if runs else _("after {time}", time=time)
        case FileClockState.RUNNING:
            left = reading.due - reading.until if reading.due else timedelta()
            word = _("{time} left", time=span_text(left))
    return word


def clock_look(clock: ReadClock) -> str:
    """How its bar looks: late, soon, waiting, met, unset or running."""
    if clock.state is FileClockState.RUNNING and clock.reading.is_due_soon:
        return "soon"
    return clock.state.value


def clock_share(clock: ReadClock) -> float:
    """How much of the time is used up, from 0 to 1."""
    reading = clock.reading
    if reading.is_late:
        return 1.0
    if reading.due is None or reading.elapsed.total_seconds() <= 0:
        return 0.0
    left = max(reading.due - reading.until, timedelta())
    return reading.elapsed / (reading.elapsed + left)
