"""Standards: everybody reads and searches what encounters are judged by."""

from __future__ import annotations

import pytest

from db.checklists.models import PilotStation
from db.checklists.queries.versions import checklists_in_force
from tests import factories
from tests.support.clock import NOW
from tests.support.house.app_pages import opened, said
from tests.support.inspection.inspecting import NO

PAGE, OWN = "standards.py", "my_results.py"
LIKE = {
    "key": "like",
    "title": {"en": "Like it", "zh_TW": "相仿"},
    "channels": ["phone"],
    "sections": [
        {
            "key": "only",
            "title": {"en": "Only"},
            "weight": 100,
            "items": [
                {
                    "key": "SMILE",
                    "term": {"en": "Smile", "zh_TW": "微笑"},
                    "text": {"en": "A smile is heard.", "zh_TW": "聲音帶著笑容。"},
                    "guidance": {"en": "Judge the first sentence."},
                    "good_example": {"en": "Good morning!"},
                    "bad_example": {"en": "Yes?"},
                    "effects": {"no": {"cap": 50}},
                },
                {"key": "THANKS", "term": {"en": "Thanks"}, "weight": 3},
            ],
        }
    ],
}


@pytest.fixture
def like(world):
    with world.seeded.transaction() as session:
        return factories.make_version(session, LIKE).id


def boxes(app):
    return [box.label for box in app.expander]


@pytest.mark.parametrize("name", ["charlie", "alice", "tina", "otto", "bob"])
def test_everybody_reads_a_checklist_with_help_examples_and_what_is_critical(like, open_app, name):
    """SMILE counts one of four parts of 100 %, THANKS three."""
    app = opened(open_app(name), PAGE, checklist="like")
    assert boxes(app) == ["**Smile** · critical · 25.0 %", "**Thanks** · 75.0 %"]
    text = "\n".join(said(app)).replace("\\", "")
    for words in (
        "A smile is heard.",
        "Judge the first sentence.",
        "Good: Good morning",
        "Not so:",
    ):
        assert words in text
    assert "Critical: " in text


def test_words_are_found_in_all_checklists_in_any_language_and_script(like, open_app):
    app = opened(open_app("charlie"), PAGE, words="带着笑容")
    assert boxes(app) == ["**Smile** · critical"]
    assert app.expander[0].proto.expanded
    assert any("Asked in: Like it" in text for text in said(app))
    app = opened(open_app("charlie"), PAGE, words="xyzzy")
    assert any("No standard has these words." in text for text in said(app))
    assert boxes(app) == []


def test_who_was_scored_begins_with_the_own_checklist_others_with_none(world, like, open_app):
    world.scored(HELLO=NO)
    app = opened(open_app("charlie"), PAGE)
    assert boxes(app) == [
        *("**HELLO** · 20.0 %", "**NAME** · 20.0 %", "**RIGHT** · 30.0 %", "**FAST** · 15.0 %"),
        "**HONEST** · critical · 15.0 %",
    ]
    assert boxes(opened(open_app("alice"), PAGE)) == []


def test_a_version_that_is_tried_at_some_stations_is_not_everybodys(world, like, known):
    with world.seeded.transaction() as session:
        session.add(PilotStation(checklist_version_id=like, station_id=world.seeded.station_id))
    assert "like" not in {
        each.key for each in known(checklists_in_force, "charlie", today=NOW.date()).values()
    }


def test_who_has_no_result_yet_finds_what_to_read_practise_and_pass_in_order(world, open_app):
    app = opened(open_app("charlie"), OWN)
    assert "To begin with" in [each.value for each in app.subheader]
    links = [link.proto.label for link in app.get("page_link")]
    assert [label for label in links if label[0].isdigit()] == [
        "1. What is kept about me",
        "2. Standards",
        "3. My practice",
        "4. My training",
    ]
    world.scored()
    app = opened(open_app("charlie"), OWN)
    assert "To begin with" not in [each.value for each in app.subheader]
