"""A reader of events that writes down what it has read; in a process of its own it can be killed.

    python -m tests.support.store.reading DATABASE_URL deed     commits a deed, then waits
    python -m tests.support.store.reading DATABASE_URL handle   has acted, has not committed, waits
    python -m tests.support.store.reading DATABASE_URL read     has read everything, then waits

It says "ready" when it waits.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager

from sqlalchemy import select

from db.store import audit, event_reading
from db.store.event_reading import EventReader, read_events
from db.store.models import Meta
from db.store.session import make_engine, reading, transaction
from tests.support.clock import NOW
from tests.support.requirements import ROOT

NAME = "diary"
DEEDS = frozenset({("flag", "take_flag"), ("flag", "lower_flag")})


def take(engine, *numbers, deed="take_flag"):
    """Something is done to flags, and committed."""
    with transaction(engine) as session:
        audit.record_all(session, None, deed, ("flag", list(numbers)), now=NOW)


def write_down(session, events):
    """Each event behind the others: one that comes twice stands there twice."""
    page = session.scalars(select(Meta).filter_by(key=NAME)).one_or_none()
    if page is None:
        page = Meta(key=NAME, value="")
        session.add(page)
    for event in events:
        page.value += f"{event.deed} {event.ids} "


def written(engine):
    with reading(engine) as session:
        return session.scalar(select(Meta.value).filter_by(key=NAME)) or ""


@contextmanager
def diary(monkeypatch, handle=write_down, deeds=DEEDS):
    """The reader, besides those of the portal."""
    with monkeypatch.context() as patch:
        patch.setitem(event_reading._readers, NAME, EventReader(NAME, deeds, handle))
        yield


def killed(engine, moment):
    """Do something in a process of its own, and kill it at a moment."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.store.reading", url, moment]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.kill()  # SIGKILL: nothing of it gets to tidy up


def _wait(*_):
    print("ready", flush=True)
    time.sleep(600)


def _handle_and_wait(session, events):
    write_down(session, events)
    session.flush()
    _wait()


def main(url, moment):
    handle = _handle_and_wait if moment == "handle" else write_down
    event_reading._readers[NAME] = EventReader(NAME, DEEDS, handle)
    engine = make_engine(url)
    if moment == "deed":
        take(engine, 1)
    else:
        read_events(engine)
    _wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
