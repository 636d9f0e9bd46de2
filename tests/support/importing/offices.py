"""Stored stations, staff and encounters on which files come in later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.safekeeping.services.unmasking import clear_values
from db.store.session import reading
from db.tabular.file_choices import FileChoices
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, Desk
from tests.support.importing.partial import (
    ENCOUNTER,
    changes,
    everything,
    only,
)

KEY = only(ENCOUNTER, "source", "external_id")
CLEARS: dict[str, Any] = {"choices": FileChoices(empty="clears"), "agreed": True}


class Office(Desk):
    """What `make_office` made, and a folder for files whose empty cells clear what is stored."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder

    def load(self, kind, content, *, who=None, **options):
        return super().load(kind, content, who=who, **CLEARS | options)


def later(desk, kind, content, **options):
    """The counts of an import an hour later, and what it changed."""
    before = everything(desk.engine)
    order = Order(kind, desk.file(content), **CLEARS | options)
    result = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW + timedelta(hours=1))
    counts = result.counts
    told = (counts.read, counts.added, counts.unchanged, counts.updated, counts.refused)
    return told, changes(before, everything(desk.engine))


def spoken(desk):
    """The clear values of the encounter, sorted."""
    with reading(desk.engine) as session:
        [key] = session.scalars(select(Interaction.id))
        return sorted(v.text for v in clear_values(session, KEYS, key))[::-1]
