"""Killed in the middle of submissions: what was acknowledged is there, and once."""

from __future__ import annotations

import os
import random
import time

import pytest
from sqlalchemy import func, select, text

from db.inspection.models import Assignment, Inspection
from db.store.models import AuditEvent
from db.store.session import make_engine
from tests import factories
from tests.factories import make_version, seeded_in
from tests.support import postgres, requirements
from tests.support.databases import SqliteDatabases
from tests.support.house.crashing import Inspectors, SubmitServer
from tests.support.inspection.inspecting import SMALL, World
from tests.support.requirements import need

KILLS = {"sqlite": 1, "postgres": 1, "database": 2}
if os.environ.get("SOAK"):
    KILLS = dict.fromkeys(KILLS, 200)
TASKS = 30
DURABLE = ("fsync=on",)
pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200), pytest.mark.sampled(3)]


@pytest.fixture
def sqlite_world(tmp_path):
    """On a real disk, as the portal opens it."""
    url = SqliteDatabases(tmp_path).create()
    engine = make_engine(url)
    yield _world(engine)
    engine.dispose()


@pytest.fixture
def cluster():
    """A PostgreSQL of this test's own that keeps its promises."""
    programs = requirements.postgres_programs()
    need(programs, "PostgreSQL (apt-get install postgresql)")
    with postgres.cluster(programs, settings=DURABLE) as cluster:
        yield cluster


@pytest.fixture
def postgres_world(cluster):
    engine = make_engine(cluster.url)
    yield _world(engine)
    engine.dispose()


def _world(engine):
    factories.seed(engine)
    seeded = seeded_in(engine)
    with seeded.transaction() as session:
        make_version(session, SMALL)
    return World(seeded)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_killed_server_loses_no_submission_and_doubles_none(request, kind, tmp_path):
    world = request.getfixturevalue(f"{kind}_world")
    server = SubmitServer(url_of(world), tmp_path)
    server.start()
    inspectors = Inspectors(world, server)
    for pause in pauses(kind):
        tasks = assigned(world)
        threads = inspectors.submitting(tasks)
        time.sleep(pause)
        server.kill()
        [thread.join() for thread in threads]
        check(world, inspectors)
        server.start()
        assert all(inspectors.submit(task) for task in tasks), inspectors.refused
    finish(world, inspectors, server)


def test_a_killed_database_loses_none_either_and_the_server_goes_on_by_itself(
    postgres_world, cluster, tmp_path
):
    world = postgres_world
    server = SubmitServer(url_of(world), tmp_path)
    server.start()
    inspectors = Inspectors(world, server)
    for pause in pauses("database"):
        tasks = assigned(world)
        threads = inspectors.submitting(tasks)
        time.sleep(pause)
        cluster.kill()
        [thread.join() for thread in threads]
        server.wait_until(503)
        assert not inspectors.submit(tasks[-1]) or tasks[-1] in inspectors.told
        world.seeded.engine.dispose()
        cluster.start()
        check(world, inspectors)
        server.wait_until(200)
        assert all(inspectors.submit(task) for task in tasks), inspectors.refused
    assert all(
        refusal.startswith("503") and "database does not answer" in refusal
        for refusal in inspectors.refused
    ), inspectors.refused
    finish(world, inspectors, server)


def pauses(kind):
    """How long after the first submission it is killed, in seconds; the run's seed draws them."""
    return [random.uniform(0.02, 0.5) for _ in range(KILLS[kind])]


def url_of(world):
    return world.seeded.engine.url.render_as_string(hide_password=False)


def assigned(world):
    return [world.assigned() for _ in range(TASKS)]


def check(world, inspectors):
    """Every acknowledged submission is there, and no assignment has two."""
    stored = dict(world.all(Inspection.assignment_id, Inspection.id))
    assert len(stored) == world.count(Inspection)
    assert inspectors.told.items() <= stored.items()
    open_ones = {task for (task,) in world.all(Assignment.id)} - stored.keys()
    states = dict(world.all(Assignment.id, Assignment.state))
    assert {states[task] for task in stored} <= {"submitted"}
    assert {states[task] for task in open_ones} <= {"open"}
    assert submissions_noted(world) == len(stored)


def submissions_noted(world):
    return world.one(
        lambda session: session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "submit")
        )
    )


def finish(world, inspectors, server):
    assert len(inspectors.told) == world.count(Assignment) - 1, "the world has one more"
    check(world, inspectors)
    assert world.derived() == world.rebuilt()
    if world.seeded.engine.dialect.name == "sqlite":
        found = world.one(lambda session: session.scalar(text("PRAGMA integrity_check")))
        assert found == "ok"
    inspectors.close()
    server.kill()
