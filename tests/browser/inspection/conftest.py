"""The scoring pad in the real portal, with inspectors and encounters of its own."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import FileChooser, Page
from sqlalchemy import Engine, select, update

from core.access import Role
from db.inspection.queries.desk import SINCE
from db.store import session as sessions
from db.store.models import Meta
from tests import factories
from tests.support.databases import Databases
from tests.support.house import portal as portals
from tests.support.house.portal import Portal
from tests.support.inspection.inspector import Inspector, Pad

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
def pad(page: Page, sign_in: Callable[..., None], inspector: Inspector) -> Callable[[int], Pad]:
    """`pad(task)`: the task open in the pad, with its inspector signed in."""
    sign_in(page, inspector.who.username)
    return lambda task: Pad(page, task)


@pytest.fixture
def known(database: Engine) -> Iterator[None]:
    """Everybody knows that n is No: nobody is asked."""
    with sessions.transaction(database) as session:
        kept = session.scalar(select(Meta.value).where(Meta.key == SINCE))
        session.execute(update(Meta).where(Meta.key == SINCE).values(key="set aside"))
    yield
    with sessions.transaction(database) as session:
        session.execute(update(Meta).where(Meta.key == "set aside").values(key=SINCE, value=kept))


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
