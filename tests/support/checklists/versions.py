"""A small checklist on its way from draft to retired."""

from __future__ import annotations

from datetime import timedelta

from db.checklists.parsed_versions import active_versions
from db.checklists.queries import versions as reads
from db.checklists.services import drafting
from db.checklists.services.activation import Activation, activate
from tests.support.clock import NOW

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def texts(word):
    return {"zh_TW": word, "zh_CN": word, "en": word}


READY = {
    "key": "desk",
    "title": texts("Desk"),
    "channels": ["counter"],
    "sections": [
        {
            "key": "all",
            "title": texts("All"),
            "weight": 100,
            "items": [{"key": "A", "text": texts("Clean?")}, {"key": "B", "text": texts("Open?")}],
        }
    ],
}


def row_of(world, version_id, today=TODAY):
    return world.one(lambda session: reads.opened(session, world.bob, version_id, today=today)).row


def in_force(world, day=TODAY, station=None):
    found = world.one(
        lambda session: active_versions(session, "counter", on=day, station_id=station)
    )
    return [version_id for version_id, checklist in found if checklist.key == "desk"]


def activated(world, version_id, day=TODAY, stations=()):
    world.do(
        activate,
        world.bob,
        version_id=version_id,
        edit=row_of(world, version_id).edit,
        activation=Activation(day, frozenset(stations)),
    )


def saved(world, version_id, content, edit=1):
    return world.do(drafting.save, world.bob, version_id=version_id, edit=edit, content=content)
