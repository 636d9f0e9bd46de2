"""The administrator's page of jobs: what each is, how it goes, what came of it, started again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidInput
from core.jobs import kinds
from core.jobs.kinds import KINDS
from core.jobs.states import JobState
from db.jobs import record
from db.jobs.record import Order
from db.results.queries.rankings import slice_key
from db.store.models import AuditEvent
from pages.ui.jobs.job_words import duration, state_names
from pages.ui.kit import wiring
from tests.support.importing.jobs import OwnImport, uploaded
from tests.support.machines.files import Idle
from tests.support.ranking.crossed import part

STAFF = b"staff_no,name,station_code\n7,Wu,TPE-PHONE\n"


@pytest.fixture(autouse=True)
def _idle(monkeypatch):
    """Processes are started, and nobody works."""
    Idle.started = []
    monkeypatch.setattr("db.jobs.engine.subprocess.Popen", Idle)


@pytest.fixture
def app(open_app):
    return open_app("administrator").run()


def page(app, **address):
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("jobs.py").run()
    assert not app.exception
    return app


def texts(app):
    return [element.value for kind in (app.markdown, app.text, app.caption) for element in kind]


def ask(kind, task=None):
    with wiring.transaction() as session:
        order = Order(kind, "k", task=task or {})
        return record.ask(session, order, asked_by=None, now=wiring.now()).id


def begun(kind, task=None, *, minutes_ago=0):
    job_id = ask(kind, task)
    with wiring.transaction() as session:
        return record.begin(session, job_id, now=wiring.now() - timedelta(minutes=minutes_ago))


def done(kind, outcome, task=None):
    job = begun(kind, task, minutes_ago=3)
    with wiring.transaction() as session:
        record.finish(session, job, outcome, now=wiring.now())


def test_before_anything_was_done_the_page_says_so(app, wired):
    assert [info.value for info in page(app).info] == ["Nothing was done yet."]


def test_a_job_that_is_done_tells_what_came_of_it_and_how_long_it_took(app, wired):
    done(kinds.BACKUP, {"rows": 12_345, "bytes": 7_600_000})
    shown = texts(page(app))
    assert "**Backup**" in shown
    assert ":green-badge[:material/check_circle: Done]" in shown
    assert r"12\,345 rows saved\, 7\.6 MB\." in shown
    assert next(text for text in shown if text.startswith("Begun ")).endswith("· 3 min")
    assert any(text.startswith("Asked for by the portal, ") for text in shown)


def test_an_import_tells_who_asked_for_which_file_and_a_name_is_no_markdown(app, wired):
    own = OwnImport(wired.administrator)
    own.begin(uploaded(own.who, STAFF, "*team*.csv"))
    shown = texts(page(app))
    assert (r"**Import\: Staff**" in shown, "*team*.csv" in shown) == (True, True)
    assert any(r"by Administrator \(administrator\), " in text for text in shown)
    assert ":gray-badge[:material/schedule: Waiting]" in shown


def test_what_an_operator_began_is_not_said_to_be_the_portals(app, wired):
    done(kinds.RESCORE, OUTCOMES["rescore"])
    shown = texts(page(app))
    assert any("by the operator\\, at the command line, " in text for text in shown)


def test_what_runs_has_a_bar(app, wired):
    job = begun(kinds.RETAIN)
    with wiring.transaction() as session:
        record.report(session, job, share=0.4, counts={}, now=wiring.now())
    page(app)
    assert [bar.proto.value for bar in app.get("progress")] == [40]


def test_an_error_is_one_sentence_in_which_nothing_is_markdown(app, wired):
    job = begun(kinds.TEST_RESTORE)
    with wiring.transaction() as session:
        error = InvalidInput("Rows are missing after restoring: {tables}.", tables="*turn*")
        record.fail(session, job, error, now=wiring.now())
    shown = texts(page(app))
    assert r"Rows are missing after restoring: \*turn\*." in shown
    assert ":red-badge[:material/error: Failed]" in shown


def test_the_address_narrows_the_list_to_a_state(app, wired):
    done(kinds.BACKUP, {"rows": 1, "bytes": 1})
    ask(kinds.RETAIN)
    shown = texts(page(app, state="waiting"))
    assert "**Removing what is over its time of keeping**" in shown
    assert "**Backup**" not in shown
    app.selectbox(key="address_state").select("failed").run()
    assert [info.value for info in app.info] == ["No job is in this state."]
    assert app.query_params["state"] == "failed"


def test_older_jobs_stand_on_the_next_page(app, wired):
    for number in range(27):
        done(kinds.BACKUP, {"rows": number, "bytes": 1})
    page(app)
    sizes = [len([text for text in texts(app) if text == "**Backup**"])]
    app.button(key="page_more").click().run()
    sizes.append(len([text for text in texts(app) if text == "**Backup**"]))
    assert sizes == [25, 2]


def test_a_stopped_import_is_started_again_by_the_administrator(app, wired):
    own = OwnImport(wired.administrator)
    job = own.begin(uploaded(own.who, STAFF))
    own.went_away()
    page(app)
    assert "Nothing was heard of its process for a minute." in texts(app)
    app.button(key=f"start_again_{job.id}").click().run()
    assert own.state().runs
    assert Idle.started == [job.id]
    with wiring.reading() as session:
        [event] = session.query(AuditEvent).filter_by(action="start_again")
    assert (event.object_type, event.object_id) == ("job", str(job.id))
    assert event.user_id == wired.administrator.user_id


def test_who_comes_too_late_to_start_it_again_reads_so(app, wired):
    own = OwnImport(wired.administrator)
    job = own.begin(uploaded(own.who, STAFF))
    own.went_away()
    page(app)
    with wiring.transaction() as session:
        record.restart(session, job.id, who=wired.administrator, now=wiring.now())
    app.button(key=f"start_again_{job.id}").click().run()
    assert not app.exception
    assert Idle.started == []


OUTCOMES = {
    "import": {"counts": dict.fromkeys(["read", "added", "updated", "unchanged", "refused"], 3)},
    "ranking": {},
    "seal_log": {"entries": 3},
    "check_log": {"entries": 9, "findings": 3},
    "retain": {"removed": 3},
    "backup": {"rows": 3, "bytes": 3},
    "test_restore": {"rows": 3},
    "drop_uploads": {"files": 3},
    "drop_photos": {"files": 3},
    "hand_in_exams": {"marked": 3},
    "read_events": {"read": 3},
    "tell_of_files": {"told": 3},
    "tell_of_actions": {"told": 3},
    "tell_of_warnings": {"told": 3},
    "look_for_warnings": {"cells": 3, "raised": 0},
    "refresh_rankings": {"asked": 3},
    "refresh_effects": {"computed": 3},
    "draw_standing": {"must_inspect": 3, "random": 3, "months": 0},
    "look_for_patterns": {"inspectors": 3},
    "look_for_leans": {"leans": 3},
    "rebuild": {"read": 3},
    "rescore": {"read": 3, "changed": 3, "after": 0},
    "remask": {"read": 3, "texts": 3, "hidden": 3},
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_job_has_a_name_and_a_sentence_on_what_came_of_it(world, app, kind):
    task = {"kind": "staff"} if kind is kinds.IMPORT else {}
    if kind is kinds.RANKING:
        task = slice_key(part(world))
    done(kind, OUTCOMES[kind.name], task)
    shown = texts(page(app))
    [name] = [text for text in shown if text.startswith("**") and len(text) > 6]
    assert kind.name not in name
    assert any("3" in text and text.endswith(r"\.") for text in shown) or kind is kinds.RANKING


def test_every_state_has_a_word(app):
    assert set(state_names()) == set(JobState)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (99, "99 s"), (101, "2 min"), (5999, "100 min"), (7200, "2 h")],
)
def test_a_duration_is_told_in_the_largest_unit_with_two_digits(seconds, text):
    assert duration(seconds) == text
