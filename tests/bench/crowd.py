"""Many inspectors with a queue each, and what their browsers hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select

from core.access import Role
from db.inspection.models import Assignment
from db.inspection.services.drafts import Work, save_draft
from db.inspection.tasks import ASSIGNED
from db.store.keys import load_keys
from db.store.session import reading, transaction
from tests.bench.data import token
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_user,
    make_version,
    seed,
)
from tests.support.clock import NOW
from tests.support.inspection.inspector import forty


class Browser(NamedTuple):
    """A session, its token against forged requests, and the assignments of the queue."""

    session: str
    csrf: str
    tasks: list[int]

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"qi_session={self.session}", "X-CSRF-Token": self.csrf}


def fill(engine: Engine, people: int, each: int, draft: Work | None = None) -> None:
    """So many inspectors with so many calls of 40 items, each with a draft if one is given."""
    seed(engine)
    with transaction(engine) as session:
        version_id = make_version(session, forty()).id
        for name in _names(people):
            make_user(session, name, Role.INSPECTOR)
            who = identity(session, name)
            for number in range(each):
                call = make_interaction(session, external_id=f"{name}-{number}")
                task = make_assignment(
                    session, interaction=call, inspector=who, checklist_version_id=version_id
                )
                if draft is not None:
                    save_draft(
                        session,
                        who=who,
                        task=ASSIGNED.task(task.id),
                        version=0,
                        work=draft,
                        now=NOW,
                    )
            session.flush()


def browsers(engine: Engine, folder: Path, people: int) -> Iterator[Browser]:
    """Everybody signed in at the portal that keeps its keys in a folder."""
    keys = load_keys(folder)
    for name in _names(people):
        session_token = token(engine, name)
        with reading(engine) as session:
            mine = Assignment.inspector_id == identity(session, name).user_id
            queue = select(Assignment.id).where(mine).order_by(Assignment.id)
            tasks = list(session.scalars(queue))
        yield Browser(session_token, keys.digest("api token", session_token), tasks)


def _names(people: int) -> list[str]:
    return [f"inspector-{number}" for number in range(people)]
