"""What is done in the background: who asked for what, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.jobs.states import JOB, OPEN, JobState
from db.store.base import Code, Key, Model, PersonalJson, PersonalText, state_of

_IS_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN)))


class Job(Model):
    """One job, whichever process of whichever machine does it.

    `asked_by` None is the portal itself. `key` says in codes what the job is about: of one key one
    job at most waits or runs, and the database sees to it. `task` holds what is to be done, in
    codes and numbers; `file_name` what whoever asked calls the file.

    `holder` is another one each time the job is begun, so that whoever comes back too late is told
    apart; `heard_at` is the last sign of life of it. `outcome` holds counts or, under `problem`,
    the sentence and values of an error. Who asked puts an ended job away at `put_away_at`.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "key", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(None, "state", "id"),
        Index(None, "asked_by", "id"),
    )

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[Code]
    key: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    task: Mapped[dict[str, Any]]
    file_name: Mapped[str] = mapped_column(PersonalText(255), default="")
    state: Mapped[JobState] = state_of(JOB)
    holder: Mapped[str] = mapped_column(String(32), default="")
    share: Mapped[float] = mapped_column(default=0.0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    heard_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("text",)), default=dict)
    put_away_at: Mapped[datetime | None]
