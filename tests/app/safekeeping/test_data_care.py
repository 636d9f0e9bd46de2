"""The administrator's page about the data, and what a case page shows of personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.safekeeping.retention import RetainedKind
from db.people.models import Staff
from db.safekeeping.models import BackupRun, RetentionRule, StationRetentionRule
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from tests.factories import make_user, make_version
from tests.support.inspection.inspecting import SMALL, World


@pytest.fixture
def page(open_app):
    def opened(tab=""):
        app = open_app("administrator").run()
        if tab:
            app.session_state["data_care_tab"] = tab
        return app.switch_page("data_care.py").run()

    return opened


def test_what_is_missing_is_said(page):
    said = [box.value for box in page().warning]
    assert said == ["No backup has been made yet.", "No restore has been tried out yet."]


def test_a_late_backup_is_overdue_and_a_failed_one_is_no_good_one(wired, page):
    now = wiring.now()
    with wired.transaction() as session:
        for kind, days, problem in (
            ("backup", 3, ""),
            ("backup", 0, "The disk is full."),
            ("restore_test", 1, ""),
        ):
            at = now - timedelta(days=days)
            session.add(
                BackupRun(
                    kind=kind, name="a", started_at=at, finished_at=at, size=5, problem=problem
                )
            )
    app = page()
    assert [box.value for box in app.warning] == ["It is overdue."]
    assert [box.value for box in app.success] == ["All well."]
    assert "The disk is full." in app.dataframe[0].value["Problem"].tolist()


def test_times_of_keeping_are_changed_and_noted(wired, page):
    app = page("Time of keeping")
    app.number_input(key="months_transcripts").set_value(0)
    app.number_input(key="months_log").set_value(24)
    press(app, "Save")
    assert not app.exception
    with wired.reading() as session:
        rows = {row.kind: row.months for row in session.scalars(select(RetentionRule))}
        (event,) = session.scalars(
            select(AuditEvent).where(AuditEvent.object_type == "retention")
        ).all()
    assert rows == {RetainedKind.TRANSCRIPTS: None, RetainedKind.LOG: 24}
    assert event.details == {"fields": ["log", "transcripts"]}


def test_a_station_gets_times_of_its_own(wired, page):
    """One is typed, another is for good, the rest stays empty and follows the stations above."""
    app = page("Time of keeping")
    app.selectbox(key="keeping_station").set_value(wired.station_id)
    rerun(app)
    labels = [field.label for field in app.number_input][-4:]
    assert labels[1:3] == ["Recordings", "Words of transcripts"]
    fields = app.number_input[-4:]
    assert [field.value for field in fields] == [None] * 4
    fields[1].set_value(3)
    rerun(app)
    app.number_input[-2].set_value(0)
    rerun(app)
    press(app, "Save for this station")
    assert not app.exception
    with wired.reading() as session:
        rows = {row.kind: row.months for row in session.scalars(select(StationRetentionRule))}
    assert rows == {RetainedKind.RECORDINGS: 3, RetainedKind.TRANSCRIPTS: None}
    told = app.dataframe[0].value.iloc[0].tolist()
    assert told[1:] == ["—", "3", "for good", "—"]


def test_a_persons_data_is_gathered_for_download(wired, page):
    app = page("A person's data")
    app.segmented_control(key="person_kind").set_value("staff")
    rerun(app)
    app.text_input(key="person_reference").set_value("S-CHARLIE")
    app.text_input(key="typed_person_request-reason").set_value("letter of 1 March")
    rerun(app)
    press(app, "Gather the data")
    assert not app.exception
    assert not app.error
    with wired.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "export"))
    assert (event.object_type, event.reason) == ("staff", "letter of 1 March")


def test_nobody_is_erased_before_it_is_confirmed(wired, page):
    app = page("A person's data")
    app.text_input(key="person_reference").set_value("S-CHARLIE")
    app.text_input(key="typed_person_request-reason").set_value("letter of 1 March")
    rerun(app)
    press(app, "Erase")
    assert "Erase for good" in [button.label for button in app.button]
    with wired.reading() as session:
        assert session.get_one(Staff, wired.staff_id).name == "Charlie"


@pytest.mark.parametrize(("username", "may"), [("bob", True), ("teresa", False)])
def test_a_case_offers_to_show_personal_data_to_who_may(wired, open_app, username, may):
    with wired.transaction() as session:
        make_version(session, SMALL)
        make_user(session, "teresa", Role.TRAINER)
    inspection = World(wired).scored()
    app = open_app(username).run()
    app.switch_page("case.py")
    app.query_params["id"] = str(inspection)
    app.run()
    assert not app.exception
    offered = [button for button in app.button if button.label == "Show personal data"]
    assert bool(offered) == may
    if may:
        offered[0].click().run()
        assert app.text_input(key=f"typed_unmask_{inspection}-purpose")


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    rerun(app)


def rerun(app):
    """The open tab is told again, because AppTest does not keep it."""
    if "data_care_tab" in app.session_state:
        app.session_state["data_care_tab"] = app.session_state["data_care_tab"]
    app.run()
