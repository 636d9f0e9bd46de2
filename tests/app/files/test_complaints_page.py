"""The complaints page: what it says, what it draws, and where a mark leads."""

from __future__ import annotations

import pytest

from core.files.steps import Step
from pages.ui.kit import wiring
from tests.app.files.test_files_pages import opened
from tests.support.files.desk import HOUR


@pytest.fixture
def entered(desk):
    """Three complaints of baggage, one of them answered late, and one of a booking."""
    now = wiring.now()
    ids = [desk.entered(at=now - 30 * HOUR, topic="baggage", sub_topic="lost") for _n in range(3)]
    desk.take(ids[0], Step.FIRST_RESPONSE, now - 2 * HOUR)
    ids.append(desk.entered(at=now - 30 * HOUR, topic="booking"))
    return ids


def captions(app):
    return "\n".join(each.value for each in app.caption).replace("\\", "")


def test_without_files_it_says_so(desk, open_app):
    app = opened(open_app, "hanna", "complaints")
    assert [each.value for each in app.info] == ["No file of this selection came in that time."]


def test_each_chart_has_its_sentence_with_n_and_interval(desk, entered, open_app):
    """3 of 4 are of baggage: 75 %, by Wilson 90 % from 35.6 to 94.2."""
    app = opened(open_app, "hanna", "complaints")
    assert [each.value for each in app.subheader] == ["4 files received"]
    said = captions(app)
    assert "Most often: Baggage · Lost baggage, 75.0 % (35.6–94.2), n 4." in said
    assert "First response: 0 of 4 in time, too few to tell a share." in said
    assert "Too few to tell a median: of 4 files; 4 of them are not handled yet." in said


def test_a_link_narrows_the_list_and_it_can_be_widened(desk, entered, open_app):
    app = opened(
        open_app, "hanna", "files", which="all", topic="baggage", timed="first_response-late"
    )
    assert "Baggage, First response: Too late" in captions(app)
    next(each for each in app.button if each.label == "Widen").click().run()
    assert "timed" not in app.query_params
    assert list(app.exception) == []


@pytest.mark.parametrize(
    "asked", [{"hour": "999"}, {"since": "x"}, {"timed": "told-never"}, {"topic": "a\x00b"}]
)
def test_an_address_that_means_nothing_narrows_nothing(desk, entered, open_app, asked):
    app = opened(open_app, "hanna", "files", which="all", **asked)
    assert list(app.exception) == []
    assert not app.info
