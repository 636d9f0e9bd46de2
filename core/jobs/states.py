"""The states of a job and what leads it from one to the next."""

from __future__ import annotations

from enum import StrEnum, auto

from core.states import States, Trace, deed


class JobState(StrEnum):
    """Failed: it would end so again, and the reason is told. Stopped: it ended before its end.

    Held: it has looked at what it would do, has done nothing, and waits until somebody agrees.
    """

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    STOPPED = auto()
    HELD = auto()


OPEN = (JobState.WAITING, JobState.RUNNING)
JOB = States(
    kind="job",
    first=JobState.WAITING,
    deeds=(
        deed("begin_job", JobState.WAITING, JobState.RUNNING, None, leaves=Trace.NOTHING),
        deed("finish_job", JobState.RUNNING, JobState.DONE, None, leaves=Trace.NOTHING),
        deed("fail_job", JobState.RUNNING, JobState.FAILED, None, leaves=Trace.NOTHING),
        deed("stop_job", OPEN, JobState.STOPPED, None, leaves=Trace.NOTHING),
        deed("start_again", JobState.STOPPED, JobState.WAITING, None),
        deed("hold_job", JobState.RUNNING, JobState.HELD, None, leaves=Trace.NOTHING),
        deed("agree_to_job", JobState.HELD, JobState.WAITING, None),
        deed("decline_job", JobState.HELD, JobState.FAILED, None),
    ),
    refusal="This job is in another state by now: somebody was faster.",
)
