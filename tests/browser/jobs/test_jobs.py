"""The page of jobs in a browser: what stopped is started again there and followed to its end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from core.errors import PortalError
from core.jobs.kinds import REFRESH_EFFECTS, TEST_RESTORE
from db.jobs import record
from db.jobs.record import Order
from tests import factories
from tests.support.house import portal as portals
from tests.support.house.reruns import settled


@pytest.fixture(scope="module")
def database(sqlite_databases):
    with sqlite_databases.like("seeded", factories.seed) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("jobs")
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


def now():
    return datetime.now(UTC)


def stopped(database, kind):
    """A job that somebody's process has left before its end."""
    with database.transaction() as session:
        job_id = record.ask_or_join(session, Order(kind, kind.name), now=now())
        job = record.begin(session, job_id, now=now())
        record.stop(session, job, PortalError("The disk is full."), now=now())
    return job_id


@pytest.fixture
def listed(open_page, sign_in):
    """Opens the page of jobs; the job of an id on it."""

    def listed(job_id):
        page = open_page(width=390)
        sign_in(page, "administrator")
        page.goto("/jobs")
        job = page.locator(f".st-key-job_{job_id}")
        expect(job).to_contain_text("Stopped")
        settled(page)
        return job

    return listed


def test_what_stopped_is_started_again_by_key_and_the_worker_does_it(listed, database):
    job = listed(stopped(database, REFRESH_EFFECTS))
    expect(job).to_contain_text("The disk is full.")
    job.get_by_role("button", name="Start again").press("Enter")
    expect(job.page.get_by_text("Started again.")).to_be_visible()
    expect(job).to_contain_text("0 effects computed.")
    expect(job).not_to_contain_text("The disk is full.")


def test_who_comes_too_late_sees_it_wait_and_follows_it_to_its_end(listed, database):
    job_id = stopped(database, TEST_RESTORE)
    job = listed(job_id)
    with database.transaction() as session:
        record.restart(session, job_id, who=database.administrator, now=now())
    job.get_by_role("button", name="Start again").click()
    expect(job).to_contain_text("Waiting")
    with database.transaction() as session:
        begun = record.begin(session, job_id, now=now())
        record.finish(session, begun, {"rows": 1234}, now=now())
    expect(job).to_contain_text("1,234 rows came back.")  # nobody has touched the page
