"""The embedded queue, worked off by a test instead of a worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def work_off(work):
    """Do whatever is queued and due; how much that was."""
    done, huey = 0, work._queue._huey
    for task in huey.read_schedule(datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)):
        huey.enqueue(task)
    while task := huey.dequeue():
        huey.execute(task)
        done += 1
    return done
