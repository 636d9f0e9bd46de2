"""The import page: from an uploaded file to the refused rows, without a browser."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import NotFound
from db.encounters.models import ImportBatch
from db.importing import import_job
from db.people.models import Staff
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from tests.support.importing.files import TURNS, call, csv_of, jsonl, workbook
from tests.support.importing.jobs import OwnImport, import_button, stored, uploaded
from tests.support.importing.partial import ENCOUNTER, OF_THE_IMPORT, changes, everything, only

pytestmark = pytest.mark.sampled(3)

STAFF = b"staff_no,name,station_code\n7,Wu,TPE-PHONE\n"
BAD_ROW = b"8,Li,NOWHERE\n"


@pytest.fixture
def app(open_app):
    return open_app("administrator").run()


@pytest.fixture
def give(wired):
    """Leave a file where an upload would."""

    def give(content, name="team.csv", slot="rows"):
        return uploaded(wired.administrator, content, name, slot)

    return give


@pytest.fixture
def job(wired):
    return OwnImport(wired.administrator)


def page(app, kind="staff"):
    app.switch_page("imports.py").run()
    app.get_by_key("import_kind").set_value(kind).run()
    return app


def imported(app, job):
    import_button(app, "start_import").click().run()
    job.wait()
    app.run()
    assert not app.exception
    return {metric.label: metric.value for metric in app.metric}


def texts(elements):
    return [element.value for element in elements]


def test_a_new_portal_is_told_to_begin_with_the_stations(app):
    app.switch_page("imports.py").run()
    assert "Nothing was imported yet. Begin with the stations." in texts(app.caption)
    assert app.get_by_key("import_kind").value == "stations"


def test_a_file_goes_in_and_its_counts_are_shown(app, give, job, wired):
    give(STAFF)
    counts = imported(page(app), job)
    assert counts == {
        "Rows read": "1",
        "Added": "1",
        "Updated": "0",
        "Unchanged": "0",
        "Refused": "0",
    }
    assert texts(app.success) == ["Every row went in."]
    with wired.reading() as session:
        assert session.scalars(select(Staff.name).where(Staff.staff_no == "7")).one() == "Wu"
        batch = session.scalars(select(ImportBatch)).one()
        assert (batch.user_id, batch.file_name) == (wired.administrator.user_id, "team.csv")
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "import")).one()
        assert event.user_id == wired.administrator.user_id


def test_refused_rows_are_shown_with_their_reasons(app, give, job):
    give(STAFF + BAD_ROW)
    assert imported(page(app), job)["Refused"] == "1"
    assert texts(app.warning) == ["1 row was refused."]
    [table] = [table.value for table in app.table if "Reason" in table.value]
    assert table.to_dict("records") == [
        {
            "Line": 3,
            "Column": r"station\_code",
            "Reason": "There is no station with this code; import stations first.",
        }
    ]


def test_strict_lets_nothing_in(app, give, job, wired):
    give(STAFF + BAD_ROW)
    page(app).checkbox(key="import_strict").check().run()
    assert imported(app, job)["Added"] == "0"
    assert texts(app.error) == ["Nothing went in, because rows were refused."]


def test_another_file_can_follow(app, give, job):
    give(STAFF)
    imported(page(app), job)
    import_button(app, "another_import").click().run()
    assert app.get_by_key("import_kind").value is not None
    assert job.state() is None


def test_the_preview_shows_no_personal_data(app, give):
    give(b"staff_no,name,station_code\n7,Wu 13812345678,TPE-PHONE\n")
    preview = page(app).dataframe[0].value
    assert preview["name"].tolist() == ["Wu ███████████"]


def test_a_missing_column_can_be_set_right(app, give, job, wired):
    upload = give(b"number,name,station_code\n7,Wu,TPE-PHONE\n")
    page(app)
    assert "The column staff_no is missing." in texts(app.caption)
    assert import_button(app, "start_import").disabled
    app.selectbox(key=f"column_{upload.token}_staff_staff_no").select("number").run()
    assert not import_button(app, "start_import").disabled
    assert imported(app, job)["Added"] == "1"


def test_headings_that_mean_nothing_are_named(app, give):
    give(b"staff_no,name,station_code,shoe size\n7,Wu,TPE-PHONE,42\n")
    assert "Not imported: shoe size" in texts(page(app).caption)


def test_a_file_that_is_no_table_is_told_at_once(app, give):
    give(b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0")
    sentence = "This file is PNG and none of CSV, JSONL, JSON, XLSX and ODS."
    assert texts(page(app).error) == [sentence]
    assert not [each for each in app.button if (each.key or "").startswith("start_import")]


def test_json_rows_name_their_columns_themselves(app, give, job):
    give(b'{"staff_no": "7", "name": "Wu", "station_code": "TPE-PHONE"}\n', "team.jsonl")
    page(app)
    assert not [box for box in app.selectbox if (box.key or "").startswith("column_")]
    assert imported(app, job)["Added"] == "1"


def test_turns_come_from_a_second_file(app, give, job, wired):
    give(
        b"source,external_id,channel,station_code,occurred_at\n"
        b"pbx,1,phone,TPE-PHONE,2026-03-09T09:00:00+08:00\n"
    )
    give(b"source,external_id,turn,speaker,text\npbx,1,1,agent,Hello\n", "turns.csv", "turns")
    assert imported(page(app, "interactions"), job)["Added"] == "1"


def test_an_import_that_went_away_can_be_started_again(app, give, job, wired):
    job.begin(give(STAFF))
    job.went_away()
    app.switch_page("imports.py").run()
    assert texts(app.warning)[0].startswith("The import stopped before its end.")
    import_button(app, "restart_import").click().run()
    job.wait()
    app.run()
    assert texts(app.success) == ["Every row went in."]


def test_the_data_are_gone_once_they_are_imported(app, give, job):
    upload = give(STAFF + BAD_ROW)
    imported(page(app), job)
    assert wiring.files().about(upload.key) is None
    assert stored("uploads") == []
    [told, refused] = stored("imports")
    assert (told.endswith(".json"), refused) == (True, "refused-1.csv")


def test_imports_so_far_are_listed(app, give, job):
    give(STAFF + BAD_ROW)
    imported(page(app), job)
    [row] = app.dataframe[-1].value.to_dict("records")
    assert (row["Kind"], row["File"], row["By"]) == ("Staff", "team.csv", "Administrator")
    assert (row["State"], row["Added"], row["Refused"]) == ("Finished", 1, 1)
    assert row["Refused rows"] == "/api/imports/1/refused.csv"


def test_a_column_that_no_heading_is_chosen_for_stays_as_it_is(app, give, job, wired):
    """The job of the page: encounters with turns, then their severity, `language` not mapped."""
    give(jsonl(ENCOUNTER | {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}))
    assert imported(page(app, "interactions"), job)["Added"] == "1"
    before = everything(wired.engine)
    import_button(app, "another_import").click().run()
    part = only(ENCOUNTER, "source", "external_id") | {"severity": "ordinary", "language": "en"}
    upload = give(csv_of(part))
    page(app, "interactions")
    assert (
        "Only what is stored already can change; new rows are refused, they need: "
        "channel, station_code, occurred_at"
    ) in texts(app.caption)
    app.selectbox(key=f"column_{upload.token}_interactions_language").select("").run()
    assert "Not imported: language" in texts(app.caption)
    assert imported(app, job)["Updated"] == "1"
    assert changes(before, everything(wired.engine)) == {"severity"} | OF_THE_IMPORT


# What takes from what is stored


@pytest.fixture
def team(app, give, job):
    """Twelve people, and a file that empties what they wear."""
    people = [
        {"staff_no": f"P{n}", "name": "Wu", "station_code": "TPE-PHONE", "uniform_variant": "cap"}
        for n in range(12)
    ]
    give(csv_of(*people))
    imported(page(app), job)
    import_button(app, "another_import").click().run()
    return give(csv_of(*({"staff_no": f"P{n}", "uniform_variant": ""} for n in range(12))))


def choose(app, upload, name, value):
    app.selectbox(key=f"choice_{upload.token}_{name}").select(value).run()


def variants(wired):
    with wired.reading() as session:
        return set(
            session.scalars(select(Staff.uniform_variant).where(Staff.staff_no.startswith("P")))
        )


def test_an_import_that_takes_much_asks_before_anything_is_written(app, team, job, wired):
    choose(page(app), team, "empty", "clears")
    assert imported(app, job)["Updated"] == "12"
    asked = (
        "Nothing has been imported yet. The import would empty or shorten much of what is stored"
    )
    assert texts(app.warning) == [rf"{asked}: uniform\_variant (12)."]
    table = next(table.value for table in app.table if "Emptied" in table.value)
    assert table.to_dict("records") == [
        {
            "Column": r"uniform\_variant",
            "Added": "0",
            "Changed": "0",
            "of these shortened": "0",
            "Emptied": "12",
        }
    ]
    examples = next(table.value for table in app.table if "Before" in table.value)
    assert examples.iloc[0].tolist() == [r"uniform\_variant", "2", "cap", "—"]
    assert variants(wired) == {"cap"}
    import_button(app, "agree_import").click().run()
    job.wait()
    app.run()
    assert texts(app.success) == ["Every row went in."]
    assert variants(wired) == {""}


def test_who_does_not_agree_has_the_file_as_before(app, team, job, wired):
    choose(page(app), team, "empty", "clears")
    imported(app, job)
    import_button(app, "decline_import").click().run()
    assert not app.exception
    assert job.state() is None
    assert variants(wired) == {"cap"}
    assert not import_button(page(app), "start_import").disabled
    assert imported(app, job)["Unchanged"] == "12"


def test_what_an_import_would_change_can_be_seen_before(app, give, job, wired):
    give(STAFF + BAD_ROW)
    import_button(page(app), "look_at_import").click().run()
    job.wait()
    app.run()
    assert texts(app.info) == ["Nothing has been imported yet. This is what the import would do."]
    assert {m.label: m.value for m in app.metric}["Added"] == "1"
    table = next(table.value for table in app.table if "Emptied" in table.value)
    assert table["Column"].tolist() == [r"staff\_no", "name", r"station\_code"]
    with wired.reading() as session:
        assert session.scalar(select(Staff).where(Staff.staff_no == "7")) is None
    import_button(app, "agree_import").click().run()
    job.wait()
    app.run()
    assert texts(app.warning) == ["1 row was refused."]


def test_turns_are_not_taken_without_a_question(app, give, job, wired):
    place = {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}
    give(jsonl(call(1, **place)))
    imported(page(app, "interactions"), job)
    import_button(app, "another_import").click().run()
    give(jsonl(call(1, turns=TURNS[:1], **place)))
    imported(page(app, "interactions"), job)
    assert texts(app.warning) == [
        "Nothing has been imported yet. It would take turns from 1 encounter."
    ]


def test_an_encoding_that_cannot_be_told_is_asked_for(app, give, job, wired):
    upload = give("staff_no,name,station_code\n7,林,TPE-PHONE\n".encode("cp950"))
    assert "encoding" in texts(page(app).error)[0]
    choose(app, upload, "encoding", "cp950")
    assert app.dataframe[0].value["name"].tolist() == ["林"]
    assert imported(app, job)["Added"] == "1"
    with wired.reading() as session:
        assert session.scalars(select(Staff.name).where(Staff.staff_no == "7")).one() == "林"


def test_the_sheet_is_chosen_in_the_preview(app, give, job, wired):
    head = ("staff_no", "name", "station_code")
    sheets = [head, ("7", "Wu", "TPE-PHONE")], [head, ("8", "Li", "TPE-PHONE")]
    upload = give(workbook(*sheets), "team.xlsx")
    choose(page(app), upload, "sheet", "Sheet1")
    assert app.dataframe[0].value["name"].tolist() == ["Li"]
    assert imported(app, job)["Added"] == "1"
    with wired.reading() as session:
        assert session.scalars(select(Staff.name).where(Staff.staff_no == "8")).one() == "Li"


# Two tabs, and what stays while the kind changes


def test_a_click_is_for_the_file_that_the_tab_shows(app, give, job, wired):
    page(app)
    give(STAFF)
    app.run()
    old = import_button(app, "start_import")
    give(b"staff_no,name,station_code\n8,Li,TPE-PHONE\n", "other.csv")  # sent from another tab
    old.click().run()
    assert job.state() is None
    assert import_button(app, "start_import").label == r"Import other\.csv"
    assert imported(app, job)["Added"] == "1"
    with wired.reading() as session:
        assert session.scalar(select(Staff).where(Staff.staff_no == "7")) is None


def test_turns_from_another_tab_are_not_imported_unseen(app, give, job):
    give(
        b"source,external_id,channel,station_code,occurred_at\n"
        b"pbx,1,phone,TPE-PHONE,2026-03-09T09:00:00+08:00\n"
    )
    old = import_button(page(app, "interactions"), "start_import")
    give(b"source,external_id,turn,speaker,text\npbx,1,1,agent,Hello\n", "turns.csv", "turns")
    old.click().run()
    assert job.state() is None
    label = r"Import team\.csv with the turns of turns\.csv"
    assert import_button(app, "start_import").label == label
    assert [each.proto.expanded for each in app.expander if "Turns" in each.label] == [True]


def test_who_agrees_in_a_tab_left_open_does_not_agree_to_a_later_import(
    app, team, job, wired, give
):
    choose(page(app), team, "empty", "clears")
    imported(app, job)
    agree = import_button(app, "agree_import")
    first = job.state().job_id
    with wiring.transaction() as session:  # the other tab declines and begins another import
        import_job.decline(session, wired.administrator, first, now=wiring.now())
    gone = csv_of(*({"staff_no": f"P{n}", "name": "Li", "uniform_variant": ""} for n in range(12)))
    later = job.begin(give(gone), choices={"empty": "clears"})
    import_job.start(later.id)
    job.wait()
    agree.click().run()
    assert not app.exception
    assert job.state().held
    assert variants(wired) == {"cap"}
    with pytest.raises(NotFound), wiring.transaction() as session:
        import_job.agree_to_own(session, wired.administrator, first, now=wiring.now())
    import_button(app, "agree_import").click().run()
    job.wait()
    assert variants(wired) == {""}


def test_what_is_really_called_so_stays_chosen_where_the_kind_has_the_column(app, give):
    upload = give(STAFF)
    literal = f"choice_{upload.token}_literal"
    page(app).multiselect(key=literal).select("uniform_variant").run()
    app.get_by_key("import_kind").set_value("stations").run()
    assert not app.exception
    app.get_by_key("import_kind").set_value("staff").run()
    assert not app.exception
