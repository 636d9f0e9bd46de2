"""The trainer's pages: collecting cases, what is taught from them, practice and its results."""

from __future__ import annotations

import re

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from core.access import Role
from db.cases.services import saved_filters
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.sign_in.services import login_sessions
from db.teaching.models import CaseSet
from db.teaching.queries.case_sets import case_set, case_sets, mark_of
from db.teaching.queries.practice import next_task
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, practice
from db.teaching.services.practice import Terms
from db.teaching.tasks import PRACTISED
from pages.ui.kit import wiring
from pages.ui.teaching.case_sets import lesson
from tests.factories import identity, make_user
from tests.support.house.app_pages import clicked, field, opened, said
from tests.support.inspection.inspecting import NO, answers


@pytest.fixture
def world(world):
    world.inspector("irma")
    return world


def person(world, name):
    return world.one(lambda session: identity(session, name))


@pytest.fixture
def issued(world):
    """A set of tina's with two cases, issued: its id and the version's."""
    tina = person(world, "tina")
    ids = [world.scored(HELLO=NO), world.scored()]
    set_id = world.do(sets.make_set, tina, title="Greeting", purpose="")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=ids)
    world.do(sets.issue, tina, set_id=set_id)
    return set_id, world.one(lambda session: sets.newest(session, set_id).id)


def test_a_case_goes_into_a_new_set_from_its_own_page(world, open_app):
    made = world.scored(HELLO=NO)
    app = opened(open_app("tina"), "case.py", id=made)
    field(app.text_input, "Title of the new set").input("Hello")
    clicked(app, "Add")
    assert not app.exception
    tina = person(world, "tina")
    [row] = world.one(lambda session: case_sets(session, tina))
    assert (row.title, row.cases) == ("Hello", 1)


def staff_in(app):
    """What the page calls the person of the case that is open."""
    return {name for text in said(app) for name in re.findall("staff ([2-9B-Z]{7})", text)}


def test_all_readers_of_a_set_call_its_people_the_same(world, open_app, issued):
    set_id, _ = issued
    with wiring.transaction() as session:
        make_user(session, "tom", Role.TRAINER)
        session.get_one(CaseSet, set_id).shared = True
    [first], [second] = (
        staff_in(opened(open_app("tina"), "case_set.py", id=set_id, case=number))
        for number in (1, 2)
    )
    assert first == second  # Charlie's, both
    assert staff_in(opened(open_app("tom"), "case_set.py", id=set_id)) == {first}
    [apart] = staff_in(opened(open_app("tom"), "case.py", id=world.scored()))
    assert apart != first


def test_a_case_is_marked_and_never_needs_a_reason(world, open_app):
    made, tina = world.scored(), person(world, "tina")
    app = opened(open_app("tina"), "case.py", id=made)
    choice = field(app.radio, "May it be used in training?")
    choice.set_value("never")
    save = field(app.button, "Save")
    save.click().run()
    assert "Give a reason." in said(app)
    reason = field(app.text_input, "Reason")
    reason.input("Too personal.")
    clicked(app, "Save")
    assert world.one(lambda session: mark_of(session, tina, made)) == ("never", "Too personal.")


def test_who_does_not_teach_sees_neither(world, open_app):
    made = world.scored()
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
    app = opened(open_app("mona"), "case.py", id=made)
    assert not [each for each in app.button if each.label == "Add"]


def test_archived_sets_are_offered_once_there_are_some(world, issued, open_app):
    app = opened(open_app("tina"), "case_sets.py")
    assert not app.button_group
    world.do(sets.archive, person(world, "tina"), set_id=issued[0], archived=True)
    app = opened(open_app("tina"), "case_sets.py")
    assert "There is no case set yet. Make one, then collect cases into it." in said(app)
    app = opened(open_app("tina"), "case_sets.py", archived="1")
    assert app.button_group[0].value == "1"
    assert any("2 cases · version 1" in text for text in said(app))


def notes(world, set_id):
    view = world.one(lambda session: case_set(session, identity(session, "tina"), set_id))
    return view.number, [each.note for each in view.members]


def write(app, text, label="Teaching note"):
    """What leaving a field does once something was typed into it."""
    field(app.text_area, label).set_value(text).run()
    assert list(app.exception) == []
    return app


def written(app):
    """Note, question and answer where they can be changed."""
    return [each.value for each in app.text_area if each.label != "What the lesson is for"]


def choose(app, start):
    return next(each for each in app.button if each.label.startswith(start)).click().run()


def test_a_lesson_is_written_beside_its_case_and_stored_as_it_is_left(world, issued, open_app):
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id, case=2)
    assert "version 1, issued" in " ".join(said(app))
    assert "What you write is saved as you leave a field." in said(app)
    write(app, "Listen first.")
    assert any(text.startswith("Saved ") for text in said(app))
    assert notes(world, set_id) == (2, ["", "Listen first."])


def test_another_choice_and_a_reload_keep_what_was_written(world, issued, open_app):
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id)
    field(app.text_area, "Teaching note").set_value("Of the first.")
    choose(app, "2. ")  # both arrive in one run
    assert field(app.text_area, "Teaching note").value == ""
    write(app, "Of the second.")
    write(app, "Why?", "Question for the class")
    choose(app, "1. ")
    assert field(app.text_area, "Teaching note").value == "Of the first."
    assert field(app.text_area, "Question for the class").value == ""
    assert notes(world, set_id) == (2, ["Of the first.", "Of the second."])
    again = opened(open_app("tina"), "case_set.py", id=set_id, case=2)
    assert written(again) == ["Of the second.", "Why?", ""]


@pytest.mark.parametrize("step", [(lesson, "acting"), (wiring, "now")], ids=lambda step: step[1])
def test_a_click_that_comes_while_a_note_is_stored_loses_nothing_of_it(
    world, issued, open_app, monkeypatch, step
):
    """It comes before the note is stored, or while it is: the run it asks for waits."""
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id)
    clicks, real = iter([True]), getattr(*step)

    def clicked_meanwhile(*given):
        if next(clicks, False):
            context = get_script_run_ctx()
            place = {"query_string": context.query_string}
            place["page_script_hash"] = context.page_script_hash
            context.script_requests.request_rerun(RerunData(**place))
        return real(*given)

    monkeypatch.setattr(*step, clicked_meanwhile)
    write(app, "Call 13812345678")
    assert next(clicks, None) is None  # it did come meanwhile
    hidden = "Call " + "█" * 11
    assert notes(world, set_id) == (2, [hidden, ""])
    assert field(app.text_area, "Teaching note").value == hidden
    assert any(text.startswith("Saved ") for text in said(app))
    write(app, f"{hidden} later")  # it goes on from what was stored, as nobody else wrote
    assert notes(world, set_id) == (2, [f"{hidden} later", ""])


def test_two_tabs_on_one_lesson_keep_the_words_of_both_and_say_so(world, issued, open_app):
    set_id, _ = issued
    first = opened(open_app("tina"), "case_set.py", id=set_id)
    second = opened(open_app("tina"), "case_set.py", id=set_id)
    write(first, "Smile.")
    write(second, "Ask for the name.")
    both = "Smile.\n\nAsk for the name."
    assert field(second.text_area, "Teaching note").value == both
    assert any("changed in another tab meanwhile" in text for text in said(second))
    assert notes(world, set_id) == (2, [both, ""])
    write(first, "Because.", "Answer")  # shows what the other tab wrote, and does not undo it
    assert field(first.text_area, "Teaching note").value == both
    assert notes(world, set_id) == (2, [both, ""])


def test_what_is_masked_is_shown_as_it_is_stored(world, issued, open_app):
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id)
    write(app, "Call 13812345678")
    shown = "Call " + "█" * 11
    assert field(app.text_area, "Teaching note").value == shown
    write(app, f"{shown} later")
    assert notes(world, set_id)[1] == [f"{shown} later", ""]


def test_turns_are_marked_without_a_button(world, issued, open_app):
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id)
    field(app.multiselect, "Turns to show").set_value([1]).run()
    assert list(app.exception) == []
    view = world.one(lambda session: case_set(session, identity(session, "tina"), set_id))
    assert [mark["turn"] for mark in view.members[0].marked] == [1]


def test_an_older_version_is_read_and_not_written(world, issued, open_app):
    set_id, _ = issued
    write(opened(open_app("tina"), "case_set.py", id=set_id), "New.")
    app = opened(open_app("tina"), "case_set.py", id=set_id, version=1)
    assert written(app) == []
    app = opened(open_app("tina"), "case_set.py", id=set_id, version=2)
    assert written(app) == ["New.", "", ""]


def test_a_tab_that_is_signed_out_writes_nothing(world, issued, open_app):
    set_id, _ = issued
    app = opened(open_app("tina"), "case_set.py", id=set_id)
    with world.seeded.transaction() as session:
        user_id = identity(session, "tina").user_id
        login_sessions.revoke_sessions(session, user_id, now=wiring.now())
    write(app, "Too late.")
    assert notes(world, set_id) == (1, ["", ""])


def test_a_filter_is_kept_and_taken_up_again(world, open_app):
    world.scored(HELLO=NO)
    world.scored(RIGHT=NO)
    app = opened(open_app("tina"), "cases.py", item="HELLO")
    name = field(app.text_input, "Save this filter as")
    name.input("Greeting")
    clicked(app, "Save")
    tina = person(world, "tina")
    [row] = world.one(lambda session: saved_filters(session, tina))
    assert (row.name, row.address) == ("Greeting", {"item": "HELLO"})
    app = opened(open_app("tina"), "cases.py")
    app.button(key=f"filter_{row.filter_id}").click().run()
    assert app.query_params["item"] == "HELLO"
    assert app.subheader[0].value.startswith("1 case matches")


def test_similar_cases_are_found_when_asked_for(world, open_app):
    made, other = world.scored(HELLO=NO), world.scored(HELLO=NO)
    app = opened(open_app("tina"), "case.py", id=made)
    assert not [each for each in app.checkbox if str(each.key).startswith("similar_")]
    app.session_state["similar_cases"] = True
    app.run()
    assert [each.key for each in app.checkbox] == [f"similar_{other}"]
    assert any("losses 100 %, words 100 % alike" in text for text in said(app))


def test_a_practice_is_opened_and_its_results_read(world, issued, open_app):
    """irma judges HELLO of the first case otherwise: 9 of 10 items alike."""
    app = opened(open_app("tina"), "practice.py", set=issued[1])
    irma = person(world, "irma")
    title = field(app.text_input, "Title")
    title.input("Hello practice")
    takers = field(app.multiselect, "Who takes part")
    takers.set_value([irma.user_id])
    clicked(app, "Open the practice")
    assert not app.exception
    assert app.subheader[0].value == "1 person takes part; nobody has finished yet."
    for _ in range(2):
        task = world.one(lambda session: next_task(session, irma, 1))
        world.do(submit, irma, task=PRACTISED.task(task), version=0, work=Work(answers()))
    app = opened(open_app("tina"), "practice.py", round=1)
    assert app.subheader[0].value == "1 of 1 have finished; 1 reached 80 %."
    people, items = (each.value for each in app.dataframe)
    assert list(people.iloc[0])[:5] == ["Irma", "1", "passed", "9/10", "90.0"]
    assert list(items.iloc[0])[1:] == ["1/2", "50.0"]


def test_a_practice_is_held_on_chosen_sections_and_items(world, issued, open_app):
    """The greeting and FAST: of the other two items nothing is asked, told or counted."""
    app = opened(open_app("tina"), "practice.py", set=issued[1])
    irma = person(world, "irma")
    field(app.text_input, "Title").input("Greeting alone")
    field(app.multiselect, "Who takes part").set_value([irma.user_id])
    sections = field(app.multiselect, "Only these sections")
    assert sections.options == ["greeting", "solution"]
    sections.set_value(["small/greeting"]).run()
    field(app.multiselect, "Only these items").set_value(["FAST"]).run()
    clicked(app, "Open the practice")
    assert not app.exception
    asked = "Asked, scored and compared: HELLO, NAME, and FAST."
    assert asked in said(app)
    given = {key: answers()[key] for key in ("HELLO", "NAME", "FAST")}
    for _ in range(2):
        task = world.one(lambda session: next_task(session, irma, 1))
        world.do(submit, irma, task=PRACTISED.task(task), version=0, work=Work(given))
    people, items = (
        each.value for each in opened(open_app("tina"), "practice.py", round=1).dataframe
    )
    assert list(people.iloc[0])[:5] == ["Irma", "1", "passed", "5/6", "83.3"]
    assert [row[0].split()[0] for row in items.values] == ["HELLO"]
    own = opened(open_app("irma"), "my_practice.py")
    assert asked in said(own)
    assert any("3 chosen items" in text for text in said(own))


def test_a_participant_tries_again_and_sees_the_reference_only_at_the_end(world, issued, open_app):
    tina, irma = person(world, "tina"), person(world, "irma")
    terms = Terms("Hello practice", pass_mark=95, attempts=2)
    world.do(
        practice.open_round,
        tina,
        version_id=issued[1],
        terms=terms,
        user_ids=[irma.user_id],
    )
    for attempt in (1, 2):
        for _ in range(2):
            task = world.one(lambda session: next_task(session, irma, 1))
            world.do(submit, irma, task=PRACTISED.task(task), version=0, work=Work(answers()))
        app = opened(open_app("irma"), "my_practice.py")
        app.session_state[f"pairs_1_{attempt}"] = True
        app.run()
        assert any("not passed" in text for text in said(app))
        shown = [list(each.value.columns) for each in app.dataframe][-1]
        assert ("Reference" in shown) is (attempt == 2)
        if attempt == 1:
            app.button(key="retake_1").click().run()
            assert not app.exception
    assert not [each for each in app.button if each.key == "retake_1"]
