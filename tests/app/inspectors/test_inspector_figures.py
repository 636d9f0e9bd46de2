"""The page of inspectors: severity, agreement on double-scored work, time, N/A, drift."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from core.periods import Period
from db.inspection.models import Inspection
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.results.queries.stations import Slice
from db.results.services.rankings import compute_ranking
from db.upkeep.rebuild import rebuild
from tests import factories
from tests.factories import identity, make_assignment, version_of
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, opened, said
from tests.support.inspection.inspecting import NO, answers
from tests.support.ranking.three_stations import make_stations

PAGE = "inspectors.py"


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    """Three stations, and the first dozen calls scored a second time by the other inspector."""
    with sqlite_databases.like("scored twice", _make_doubles) as engine:
        yield factories.seeded_in(engine)


def _make_doubles(engine):
    make_stations(engine)
    seeded = factories.seeded_in(engine)
    with seeded.transaction() as session:
        people = [identity(session, name) for name in ("alice", "irene")]
        for row in session.query(Inspection).order_by("id").limit(12):
            other = next(who for who in people if who.user_id != row.inspector_id)
            task = make_assignment(
                session,
                interaction=session.get_one(factories.Interaction, row.interaction_id),
                inspector=other,
                checklist_version_id=version_of(session, "small"),
                purpose="second",
            )
            given = answers(**({"FAST": NO} if row.id % 3 == 0 else {}))
            work = Work(given, active_seconds=240)
            save_draft(
                session, who=other, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW
            )
            submit(session, who=other, task=ASSIGNED.task(task.id), version=1, now=NOW)


@pytest.fixture
def part(wired):
    with wired.reading() as session:
        version = session.get_one(factories.ChecklistVersion, version_of(session, "small"))
        return Slice(Period(202601, 202602), version.checklist_id, sample_class="random")


def irene(wired):
    with wired.reading() as session:
        return identity(session, "irene").user_id


def titles(app):
    return [chart["title"]["text"] for chart in charts(app)]


def test_without_a_ranking_agreement_and_counts_are_there_already(open_app):
    app = opened(open_app("bob"), PAGE)
    assert app.subheader[0].value == ("2 inspectors; how strict each is appears with the ranking.")
    frame = app.dataframe[0].value
    assert sorted(frame["name"]) == ["Alice", "Irene"]
    assert list(frame["n"]) == [45, 30]
    assert list(frame["doubles"]) == [12, 12]
    assert [metric.label for metric in app.metric] == [
        *("Scored twice", "ICC of scores", "AC1 of items", "Items judged alike")
    ]
    assert app.metric[0].value == "12"


def test_the_ranking_brings_severity_and_drift(open_app, wired, part):
    compute_ranking(wired.engine, part, now=NOW)
    app = opened(open_app("bob"), PAGE, inspector=wired.alice.user_id)
    assert "cannot be told apart" in app.subheader[0].value
    assert titles(app) == ["Severity", "Severity by month: Alice", "Items agreed on least"]
    assert app.get("vega_lite_chart")[1].proto.alt == (
        "Alice: no month is shown to differ from the usual."
    )
    months = next(frame.value for frame in app.dataframe if "Month" in frame.value)
    assert list(months["Inspections"]) == [23, 22]


def test_a_facet_narrows_inspectors_and_their_double_scorings(open_app, wired):
    """Every third call was in English; of the first dozen, which were scored twice, four."""
    with wired.transaction() as session:
        english = Inspection.interaction_id % 3 == 0
        session.execute(update(Inspection).where(english).values(language="en"))
        rebuild(session, lambda done, total: None)
        counted = select(func.count()).where(english, Inspection.purpose == "record")
        spoken = session.scalar(counted)
        second = select(func.count()).where(english, Inspection.purpose == "second")
        twice = session.scalar(second)
    app = opened(open_app("bob"), PAGE, language="en")
    assert app.selectbox(key="address_language").options[:2] == ["All", "English"]
    assert any("Language of the encounter: English" in text for text in said(app))
    assert sum(app.dataframe[0].value["n"]) == spoken < 75
    assert app.metric[0].value == str(twice)
    assert 0 < twice < 12


def test_a_click_on_a_row_shows_the_inspector_and_goes_into_the_address(open_app, wired):
    app = opened(open_app("bob"), PAGE)
    cells = {"selection": {"rows": [], "columns": [], "cells": [[1, "name"]]}}
    app.session_state["inspectors_table"] = cells
    app.run()
    assert not app.exception
    assert app.query_params["inspector"] == str(irene(wired))
    labels = [link.proto.label for link in app.get("page_link")]
    assert "All cases of this inspector" in labels


def test_every_item_has_its_coefficients(open_app):
    app = opened(open_app("bob"), PAGE)
    frame = app.dataframe[-1].value
    assert set(frame["Item"]) == {"HELLO", "NAME", "RIGHT", "FAST", "HONEST"}
    assert set(frame["Scored twice"]) == {12}
    fast = frame.set_index("Item").loc["FAST"]
    assert fast["Alike"] == "67 %"  # a third of the second scorings marked FAST down


def test_nobody_inspected_in_another_period(open_app):
    app = opened(open_app("bob"), PAGE, period="202512-202512")
    assert app.info[0].value.startswith("Nobody inspected anything")


def test_the_cases_of_an_inspector_are_those_the_inspector_scored(open_app, wired):
    app = opened(open_app("bob"), "cases.py", inspector=wired.alice.user_id)
    assert app.selectbox(key="address_inspector").value == str(wired.alice.user_id)
    assert "45" in app.subheader[0].value


def test_who_scored_is_not_for_trainers(open_app, wired):
    app = opened(open_app("theresa"), "cases.py", inspector=wired.alice.user_id)
    assert "address_inspector" not in [field.key for field in app.selectbox]
    assert "75" in app.subheader[0].value


def test_a_click_on_an_item_shows_the_double_scorings_that_disagree(open_app):
    """Four of twelve second scorings marked FAST down, which the record had kept."""
    app = opened(open_app("bob"), PAGE)
    app.session_state["agreement_items"] = {"selection": {"pick": [{"key": "FAST"}]}}
    app.run()
    assert app.query_params["disagreed"] == "FAST"
    assert "4 of the 12 newest double scorings compared disagree." in said(app)
    [table] = [each.value for each in app.dataframe if each.key == "disagreements"]
    assert set(table["Answer"]) == {"Yes"}
    assert set(table["Second answer"]) == {"No"}
    assert {*table["First inspector"], *table["Second inspector"]} == {"Alice", "Irene"}
    assert all(table["First inspector"] != table["Second inspector"])
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Encounter"]]}}
    app.session_state["disagreements"] = cells
    app.run()
    assert app.title[0].value.replace("\\", "") == table["Encounter"][0]


def test_an_item_that_all_judge_alike_lists_nothing(open_app):
    app = opened(open_app("bob"), PAGE, disagreed="HELLO")
    assert "0 of the 12 newest double scorings compared disagree." in said(app)


def test_who_reads_no_second_scorings_sees_no_opinions(open_app):
    app = opened(open_app("stan"), PAGE, disagreed="FAST")
    assert not any("double scorings compared" in text for text in said(app))
