"""The page that tells scored people what is kept about them, and where its words are issued."""

from __future__ import annotations

from core.safekeeping.information import InformationPart
from db.cases.services import open_case
from db.safekeeping.models import InformationSheet
from pages.ui.kit import wiring
from tests.factories import make_version
from tests.support.house.app_pages import opened, said
from tests.support.inspection.inspecting import SMALL, World

PAGE = "kept_about_me.py"
ASKED = "Please read what is kept about you, why, and how you can contest it."


def button(app, label):
    return next(each for each in app.button if each.label == label)


def test_a_scored_person_is_asked_once_to_read_it(open_app, wired):
    app = opened(open_app("charlie"), "my_results.py")
    assert ASKED in said(app)
    app = opened(open_app("charlie"), PAGE)
    assert app.title[0].value == "What is kept about me"
    button(app, "I have read this").click().run()
    assert not app.exception
    assert "I have read this" not in [each.label for each in app.button]
    assert ASKED not in said(opened(open_app("charlie"), "my_results.py"))


def test_it_tells_how_much_is_stored_and_who_opened_it_by_role(open_app, wired):
    with wired.transaction() as session:
        make_version(session, SMALL)
    world = World(wired)
    result = world.scored()
    for _ in range(2):
        with wired.transaction() as session:
            open_case(session, who=wired.bob, inspection_id=result, now=wiring.now())
    app = opened(open_app("charlie"), PAGE)
    assert app.subheader[0].value == (
        "Encounters of yours that are stored: 2; scorings of them: 1; openings by others: 2."
    )
    stored, openings = (table.value for table in app.dataframe)
    assert (
        dict(zip(stored["Record"], stored["Count"], strict=True))["Scorings of your encounters"]
        == "1"
    )
    assert openings[["By", "How", "Times", "Records"]].to_numpy().tolist() == [
        ["Quality manager", "Opened", 2, 1]
    ]


def test_what_nobody_opened_is_said_so(open_app):
    assert "Nobody else opened a record of yours." in said(opened(open_app("charlie"), PAGE))


def test_the_companys_words_stand_in_place_of_the_portals(open_app, wired):
    app = open_app("administrator").run()
    app.session_state["data_care_tab"] = "Information sheet"
    app.switch_page("data_care.py").run()
    app.segmented_control(key="information_part").set_value(InformationPart.CONTACT).run()
    english = next(each for each in app.text_area if each.label == "English")
    english.input("Ask Ms Fang: *room 12*.")
    button(app, "Issue").click().run()
    assert not app.exception
    with wired.reading() as session:
        assert session.get_one(InformationSheet, 1).texts == {
            "contact": {"en": "Ask Ms Fang: *room 12*."}
        }
    page = opened(open_app("charlie"), PAGE)
    assert "Ask Ms Fang: *room 12*." in [each.value for each in page.text]


def test_others_are_told_that_the_page_is_not_for_them(open_app):
    assert "kept_about_me" not in str(open_app("bob").run().sidebar)
