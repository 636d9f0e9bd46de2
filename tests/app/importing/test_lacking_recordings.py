"""Imports says which encounters still lack their recording, once it is asked."""

from __future__ import annotations

from db.encounters.models import Interaction
from tests.factories import make_interaction
from tests.support.house.app_pages import opened, said

PAGE, BOX = "imports.py", "recordings"


def shown(app):
    app.session_state[BOX] = True
    return opened(app, PAGE)


def test_calls_without_words_and_files_that_are_not_there_are_listed(world, open_app):
    with world.seeded.transaction() as session:
        make_interaction(session, source="pbx", external_id="silent", turns=())
        make_interaction(session, source="crm", external_id="lost", recording="calls/lost.wav")
        make_interaction(session, source="crm", external_id="chat", channel="chat", turns=())
    app = shown(open_app("administrator"))
    assert "**2 encounters still lack their recording.**" in said(app)
    table = next(each.value for each in app.dataframe if "External ID" in each.value)
    assert table.values.tolist() == [["crm", "lost"], ["pbx", "silent"]]


def test_with_words_to_every_call_none_is_lacking(world, open_app):
    assert any(
        text.startswith("None is lacking") for text in said(shown(open_app("administrator")))
    )
    assert world.count(Interaction)


def test_a_closed_box_reads_nothing(world, open_app):
    app = opened(open_app("administrator"), PAGE)
    assert not any("lacking" in text for text in said(app))
