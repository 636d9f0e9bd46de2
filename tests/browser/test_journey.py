"""The main job on the real airline dialogues, in each language: score, see it, find it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.access import Role
from core.i18n import translations
from core.plan import Plan
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Inspection
from db.inspection.services.sampling_plans import draw_plan
from db.people.models import Station, User
from db.people.services.identities import identity_of
from db.store import session as sessions
from tests import factories, real_data
from tests.factories import make_user
from tests.support.clock import NOW
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.inspection.inspector import Pad
from tests.support.requirements import ROOT

INSPECTORS = {"zh_CN": "zhang", "zh_TW": "lin", "en": "smith"}
pytestmark = pytest.mark.sampled(1)  # the main job is tried in every run
LOST = "LNG-01"  # polite, standard wording


@pytest.fixture(scope="module")
def database(sqlite_databases, tmp_path_factory):
    """The 768 dialogues imported from files by the command line, a month of them drawn."""
    folder = tmp_path_factory.mktemp("journey")
    rows = real_data.write_jsonl(folder / "calls.jsonl", real_data.crsa_interactions())
    stations = real_data.write_jsonl(folder / "stations.jsonl", real_data.crsa_stations())
    with sqlite_databases.like("journey", factories.seed) as engine:
        for kind, file in (("stations", stations), ("interactions", rows)):
            _command(engine, folder, "import", kind, str(file))
        with sessions.transaction(engine) as session:
            for language, username in INSPECTORS.items():
                make_user(session, username, Role.INSPECTOR, language=language)
                make_user(session, f"{username}.manager", Role.QUALITY_MANAGER, language=language)
                make_user(session, f"{username}.trainer", Role.TRAINER, language=language)
            bob = identity_of(session, make_user(session, "planner", Role.QUALITY_MANAGER))
            plan = Plan(quota=12, double_share=0)
            draw_plan(session, who=bob, month=202601, plan=plan, due_on=date(2026, 7, 1), now=NOW)
        yield engine, folder


@pytest.fixture(scope="module")
def portal(database):
    engine, folder = database
    with portals.serving(engine.url.render_as_string(), folder) as portal:
        yield portal


def _command(engine, folder, *arguments):
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(),
        "VAR_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-m", "db", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _task(engine, username):
    """An open assignment of an inspector: its id, the case number, the station."""
    with sessions.reading(engine) as session:
        return session.execute(
            select(Assignment.id, Interaction.external_id, Station.id)
            .join(Interaction, Assignment.interaction_id == Interaction.id)
            .join(Station, Interaction.station_id == Station.id)
            .join(User, Assignment.inspector_id == User.id)
            .where(User.username == username, Assignment.state == "open")
            .order_by(Assignment.id)
            .limit(1)
        ).one()


def _answer_everything(desk, engine):
    """Yes or the best level everywhere, No to the one item; clocks do not apply here."""
    with sessions.reading(engine) as session:
        items = checklist_of(session, factories.version_of(session, "phone")).by_key
    for _ in range(80):
        key = desk.focused()
        kind = items[key].kind
        if desk.chosen(key):
            break
        best = {"graded": "4", "clock": "/"}.get(kind, "1")
        desk.press("0" if key == LOST else best)
    desk.saved()


def _stored(engine, station_id):
    with sessions.reading(engine) as session:
        here = Inspection.station_id == station_id
        return session.scalar(select(func.count()).select_from(Inspection).where(here))


def _inspections(page, station_id, language):
    page.goto(f"/station?station={station_id}&period=202601-202601&sample=all")
    label = translations(language).gettext("Inspections")
    tile = page.get_by_test_id("stMetric").filter(has_text=label).first
    expect(tile).to_be_visible()
    settled(page)
    return int(tile.get_by_test_id("stMetricValue").inner_text())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", INSPECTORS)
def test_score_a_real_dialogue_then_see_and_find_it(open_page, sign_in, database, language):
    engine, _ = database
    username = INSPECTORS[language]
    locale = language.replace("_", "-")
    task, case_no, station_id = _task(engine, username)

    manager = open_page(locale=locale)
    sign_in(manager, f"{username}.manager")

    inspector = open_page(locale=locale)
    sign_in(inspector, username)
    expect(inspector.get_by_text(case_no).first).to_be_attached()
    desk = Pad(inspector, task)
    _answer_everything(desk, engine)
    desk.press("Control+Enter")
    inspector.wait_for_selector(f".pad:not([data-assignment='{task}'])")

    assert _inspections(manager, station_id, language) == _stored(engine, station_id) >= 1

    trainer = open_page(locale=locale)
    sign_in(trainer, f"{username}.trainer")
    trainer.goto(f"/cases?item={LOST}&from=202601&to=202601")
    expect(trainer.get_by_text(case_no).first).to_be_visible()
    expect(trainer.locator("html")).to_have_attribute("lang", locale)
