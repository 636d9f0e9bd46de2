"""The scoring pad in the real portal, with inspectors and encounters of its own."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import FileChooser, Page
from sqlalchemy import Engine

from core.access import Role
from db.store import session as sessions
from tests import factories
from tests.support.databases import Databases
from tests.support.house import portal as portals
from tests.support.house.portal import Portal
from tests.support.inspection.inspector import Inspector

_numbers = count(1)


@pytest.fixture(scope="package")
def database(sqlite_databases: Databases) -> Iterator[Engine]:
    with sqlite_databases.like("pad", factories.seed) as engine:
        yield engine


@pytest.fixture(scope="package")
def portal(database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("pad")
    with portals.serving(database.url.render_as_string(), folder) as portal:
        yield portal


@pytest.fixture
def inspector(database: Engine) -> Inspector:
    """Somebody new with an empty queue."""
    name = f"inspector-{next(_numbers)}"
    with sessions.transaction(database) as session:
        factories.make_user(session, name, Role.INSPECTOR)
        who = factories.identity(session, name)
    return Inspector(database, who)


@pytest.fixture
def choosers(page: Page) -> list[FileChooser]:
    """Choices of files the page asks for; one would not see when listening begins."""
    found: list[FileChooser] = []
    page.on("filechooser", lambda chooser: found.append(chooser))  # noqa: PLW0108  no builtin works
    return found


@pytest.fixture
def recorded(portal: Portal) -> None:
    """Ten seconds of a tone where the portal keeps recordings."""
    folder = portal.log.parent / "recordings"
    folder.mkdir(exist_ok=True)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (int(8000 * math.sin(step / 4)) for step in range(80_000))
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    (folder / "tone.wav").write_bytes(sound.getvalue())
