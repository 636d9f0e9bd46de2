"""My results beside the team's: a box that says little, and nothing of a single colleague."""

from __future__ import annotations

import pytest

from core.results.team_comparison import quarters_before
from db.people.models import Station
from pages.ui.kit import wiring
from tests.factories import make_staff
from tests.support.house.app_pages import opened, said
from tests.support.inspection.inspecting import NO

HIDDEN = (
    "Your team's figures are not shown: in this quarter fewer than 5 other people have results, "
    "or most of them are one person's."
)
LOST = [{}, {"HELLO": NO}, {"RIGHT": NO}, {"NAME": NO, "HELLO": NO}, {"FAST": NO}]


@pytest.fixture
def scored(world):
    """`scored(staff, HELLO=NO)`: a result of the last quarter that is over."""
    now = wiring.now()
    [quarter] = quarters_before(now.date(), 1)
    when = now.replace(year=quarter.last // 100, month=quarter.last % 100, day=9)

    def made(staff=None, **changed):
        return world.scored(staff=staff, call={"occurred_at": when}, **changed)

    return made


@pytest.fixture
def colleagues(world):
    with world.seeded.transaction() as session:
        here = session.get_one(Station, world.seeded.station_id)
        return [make_staff(session, station=here, name=f"Colleague {n}") for n in range(5)]


def team(open_app):
    app = open_app("charlie").run()
    app.session_state["team"] = True
    return opened(app, "my_results.py")


def test_the_teams_mean_stands_beside_ones_own(world, scored, colleagues, open_app):
    """The team: 100, 80, 70, 60, 85, mean 79.0; sd 15.17, ± 2.132 * 15.17 / sqrt(5) = 14.5."""
    for staff, lost in zip(colleagues, LOST, strict=True):
        scored(staff, **lost)
    scored(HELLO=NO)
    app = team(open_app)
    [row] = app.dataframe[0].value.to_dict("records")
    assert (row["own"], row["own_n"]) == (80.0, 1)
    assert (row["team"], row["half"], row["team_n"], row["people"]) == (79.0, 14.5, 5, 5)
    assert row["difference"] == "—"  # one result of one's own has no interval
    assert not any("Colleague" in text for text in [*said(app), *map(str, row.values())])


def test_without_five_others_one_sentence_says_why_there_is_no_figure(
    world, scored, colleagues, open_app
):
    for staff in colleagues[:4]:
        scored(staff)
    scored(HELLO=NO)
    app = team(open_app)
    assert HIDDEN in said(app)
    [row] = app.dataframe[0].value.to_dict("records")
    assert (row["own"], row["difference"]) == (80.0, "—")
    assert row["team"] != row["team"] or row["team"] is None


def test_one_colleague_behind_most_results_has_no_figure_and_the_sentence_says_why(
    world, scored, colleagues, open_app
):
    """Five with one result each and four more of one: 5 of nine are 56 %."""
    for staff in [*colleagues, *colleagues[:1] * 4]:
        scored(staff)
    scored(HELLO=NO)
    app = team(open_app)
    [row] = app.dataframe[0].value.to_dict("records")
    assert row["own"] == 80.0
    assert row["team"] != row["team"] or row["team"] is None
    assert HIDDEN in said(app)
    assert any("nobody's own figures are shown" in text for text in said(app))


def test_the_running_quarter_is_not_offered(world, scored, open_app):
    scored()
    app = team(open_app)
    now = wiring.now()
    offered = app.selectbox(key="team_quarter").options
    assert len(offered) == 4
    assert not any(f"Q{(now.month - 1) // 3 + 1} {now.year}" in each for each in offered)


def test_nothing_is_read_while_the_box_is_closed(world, scored, open_app):
    scored()
    app = opened(open_app("charlie"), "my_results.py")
    assert not app.dataframe
    assert not [each for each in app.selectbox if each.key == "team_quarter"]
