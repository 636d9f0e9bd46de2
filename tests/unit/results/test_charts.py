"""What chart specifications hold: titles, units, aggregates only, marks that lead on."""

from __future__ import annotations

import json
from datetime import date

import pytest
import vl_convert

from core.control import p_chart
from core.periods import Period
from core.results.contrast import SectionContrast
from core.results.figures import DifferenceInterval, Figures, Moments, Proportion
from core.results.station_measures import compare_means, compare_shares
from core.results.station_trends import station_trends
from db.results.queries.dated_notes import DatedNote, NoteKind
from db.results.queries.stations import ItemFigures, MonthFigures, SectionFigures
from pages.ui.kit import messages
from pages.ui.kit.charts.base import MOST_ROWS, framed, with_lines
from pages.ui.kit.charts.forest import ForestRow, forest
from pages.ui.kit.charts.heat import HeatCell, heat
from pages.ui.kit.phrases import Side
from pages.ui.results import measure_ranking, network_compare, station_charts
from pages.ui.results.measured_stations import MeansShown, SharesShown

TITLES = {"open": {"en": "Opening", "zh_TW": "開場"}, "close": {"en": "Closing"}}
ROWS = [
    ForestRow(7, "Taipei", 92.0, 91.0, 93.0, 50, Side.ABOVE),
    ForestRow(8, "Kaohsiung", 80.0, 78.5, 81.5, 40, Side.BELOW),
]


def month(number, mean, n=40, versions=(1,), passed=30):
    scores = Moments(n, mean * n, n * (mean**2 + 4))
    return MonthFigures(number, Figures(scores, scores, passed, 1, 0), versions)


def section(key, mean, n=40, at=0):
    return SectionFigures(key, at, Moments(n, mean * n, n * (mean**2 + 9)))


def drawn_forest(**values):
    fixed = {"network": 86.0, "target": 85.0, "sentence": "Two stations.", "level": 0.9}
    return forest(ROWS, **fixed, **values)


def drawn_trend(measure="score", found=None):
    found = found or [month(202601 + k, 90 + k % 2) for k in range(5)] + [month(202606, 60)]
    return of_months(found, Period(202601, 202606), measure)


def of_months(found, period, measure="score", running=203001, notes=()):
    by_month = {row.month: row.figures for row in found}
    measured = "score" if measure == "smoothed" else measure
    judgement = station_trends({1: by_month}, measured)[1]
    return station_charts.trend_chart(
        found, period, measure, judgement=judgement, running=running, notes=notes
    )


def drawn_profile():
    own = [section("close", 90), section("open", 70)]
    return station_charts.profile_chart(
        own, [section("close", 90, 400), section("open", 90, 400)], TITLES
    )


def drawn_items():
    own = [ItemFigures("A", "open", 40, 8, 0, 0, 60.0), ItemFigures("B", "open", 40, 2, 0, 0, 20.0)]
    whole = [ItemFigures("A", "open", 90, 9, 0, 0, 90.0), own[1]]
    return station_charts.items_chart(own, whole, {"A": {"en": "Greets"}}, (40, 100))


def drawn_heat():
    own = [section("open", 70, at=202601), section("open", 95, at=202602)]
    return station_charts.heat_chart(own, [section("open", 90, 400)], TITLES)


def drawn_funnel(by="critical"):
    counts = {k: Proportion(11, 100) for k in range(8)} | {8: Proportion(30, 100)}
    shown = SharesShown(by, compare_shares(counts), counts)
    return measure_ranking.shares_chart(shown, {k: f"Station {k}" for k in counts})


def drawn_key_moments():
    scores = {k: Moments(40, 3200.0 + 200 * k, 257_000.0 + 33_000 * k) for k in range(2)}
    shown = MeansShown(compare_means(scores), scores)
    return measure_ranking.means_chart(shown, {0: "Taipei", 1: "Kaohsiung"})


ALL = [
    *(drawn_forest, drawn_trend, drawn_profile, drawn_items, drawn_heat),
    *(drawn_funnel, drawn_key_moments),
]


@pytest.mark.parametrize("draw", ALL)
def test_every_text_in_a_chart_has_a_colour_of_its_own(draw):
    """What has none is black, also on the dark page."""
    texts = [layer for layer in draw().spec["layer"] if layer["mark"]["type"] == "text"]
    for layer in texts:
        assert "color" in layer["mark"] or "color" in layer["encoding"], layer["mark"]


@pytest.mark.parametrize("draw", ALL)
def test_every_chart_has_title_unit_sentence_and_clickable_marks(draw):
    drawn = draw()
    assert drawn.spec["title"]["text"]
    assert drawn.spec["title"]["subtitle"]
    assert drawn.sentence.endswith(".")
    assert sum("params" in layer for layer in drawn.spec["layer"]) == 1
    assert 0 < len(drawn.rows) <= MOST_ROWS
    assert set(drawn.columns) <= set(drawn.rows[0])


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.filterwarnings("default")
def test_every_chart_is_drawn_by_vega_lite(draw):
    svg = vl_convert.vegalite_to_svg(draw().spec | {"width": 600}, "6.4")
    assert svg.startswith("<svg")
    assert json.dumps(draw().spec)


def test_a_chart_of_raw_rows_is_refused():
    with pytest.raises(ValueError, match="401 rows"):
        framed([], [{}] * (MOST_ROWS + 1), title="", height=100)


def test_stations_keep_their_order_and_carry_interval_and_n():
    drawn = drawn_forest()
    mark = next(layer for layer in drawn.spec["layer"] if "params" in layer)
    assert mark["encoding"]["y"]["sort"] == ["Taipei", "Kaohsiung"]
    assert mark["params"][0]["select"]["fields"] == ["station"]
    assert [(row["low"], row["high"], row["n"]) for row in drawn.rows] == [
        (91.0, 93.0, 50),
        (78.5, 81.5, 40),
    ]


def test_colour_never_stands_alone():
    mark = next(layer for layer in drawn_forest().spec["layer"] if "params" in layer)
    colour, shape = mark["encoding"]["color"], mark["encoding"]["shape"]
    assert colour["scale"]["range"] == ["#0072B2", "#7A8790", "#D55E00"]
    assert (
        colour["scale"]["domain"]
        == shape["scale"]["domain"]
        == ["above", "cannot be told", "below"]
    )
    assert len(set(shape["scale"]["range"])) == 3


def test_only_an_adjusted_figure_shows_the_plain_one_beside_it():
    fields = [layer["encoding"].get("x", {}).get("field") for layer in drawn_forest().spec["layer"]]
    assert "plain" not in fields
    adjusted = forest(
        [row._replace(plain=row.value - 3) for row in ROWS],
        network=None,
        target=None,
        sentence=".",
        level=0.95,
    )
    fields = [layer["encoding"]["x"].get("field") for layer in adjusted.spec["layer"]]
    assert "plain" in fields


def test_the_trend_has_the_limits_of_the_chart_of_means():
    """Scores around each mean have the variance 40 * 4 / 39: limits 3 * 2.025 / sqrt(40) = .961."""
    found = [month(202601 + k, mean) for k, mean in enumerate((90, 91, 90, 91, 90, 89.5))]
    drawn = drawn_trend(found=found)
    assert [row["value"] for row in drawn.rows] == pytest.approx([90, 91, 90, 91, 90, 89.5])
    center = (90 * 3 + 91 * 2 + 89.5) / 6
    lower = {round(row["lower"], 6) for row in drawn.rows}
    assert lower == {round(center - 3 * (40 * 4 / 39) ** 0.5 / 40**0.5, 6)}
    assert drawn.sentence.startswith("No change is shown in 6 months; a step of 4 points would")


def test_the_running_month_is_marked():
    found = [month(202601 + k, 90 + k % 2 / 10) for k in range(6)] + [month(202607, 60)]
    drawn = of_months(found, Period(202601, 202607), running=202607)
    labels = [row["label"] for row in drawn.rows]
    assert labels[-2:] == ["Jun 2026", "Jul 2026 so far"]


def test_a_month_beyond_its_limits_is_marked_and_makes_no_sentence():
    found = [month(202501 + k, 90 + k % 2 / 10) for k in range(12)]
    found[7] = month(202508, 70)
    drawn = of_months(found, Period(202501, 202512))
    assert "Aug 2025" in [row["label"] for row in drawn.rows if row["signal"]]
    assert drawn.sentence.startswith("No change is shown in 12 months")
    assert not drawn.rows[7]["high"]


def test_shares_are_charted_with_limits_by_their_size():
    found = [month(202601 + k, 90, n=20 * (k + 1), passed=15 * (k + 1)) for k in range(6)]
    drawn = of_months(found, Period(202601, 202606), "passed")
    chart = p_chart([15 * (k + 1) for k in range(6)], [20 * (k + 1) for k in range(6)])
    assert [row["upper"] for row in drawn.rows] == pytest.approx(list(chart.upper))
    assert drawn.rows[0]["upper"] > drawn.rows[5]["upper"]


def test_a_month_without_inspections_is_a_gap():
    found = [month(202601, 90), month(202602, 91), month(202604, 90)]
    drawn = of_months(found, Period(202512, 202604))
    assert [row["month"] for row in drawn.rows] == [202601, 202602, 202603, 202604]
    assert drawn.rows[2]["value"] is None


def test_a_new_checklist_version_is_marked_where_it_begins():
    found = [
        month(202601, 90),
        month(202602, 91, versions=(1, 2)),
        month(202603, 90, versions=(2,)),
    ]
    drawn = of_months(found, Period(202601, 202603))
    assert [row["mark"] for row in drawn.rows] == ["", "version 2", ""]
    assert [row["notes"] for row in drawn.rows] == ["", "version 2", ""]


def test_what_happened_is_numbered_along_the_axis_and_said_in_words():
    """Three notes of one month have one mark; a note outside the months has none."""
    notes = [
        DatedNote(date(2025, 12, 31), NoteKind.WRITTEN, "before"),
        DatedNote(date(2026, 1, 5), NoteKind.VERSION, "2"),
        DatedNote(date(2026, 3, 2), NoteKind.STAFF, people=2),
        DatedNote(date(2026, 3, 9), NoteKind.TRAINING, "Calls", people=1),
        DatedNote(date(2026, 3, 30), NoteKind.WRITTEN, "Double <b>points</b>"),
    ]
    found = [month(202601 + k, 90 + k, versions=(2,)) for k in range(3)]
    drawn = of_months(found, Period(202601, 202603), notes=notes)
    assert [row["mark"] for row in drawn.rows] == ["1", "", "2–4"]
    assert [row["notes"] for row in drawn.rows] == [
        "Version 2 of the checklist in force",
        "",
        "2 people new here; Training: Calls (1 person); Double <b>points</b>",
    ]
    assert drawn.lines == (
        "1 · Jan 5, 2026 · Version 2 of the checklist in force",
        "2 · Mar 2, 2026 · 2 people new here",
        "3 · Mar 9, 2026 · Training: Calls (1 person)",
        "4 · Mar 30, 2026 · Double <b>points</b>",
    )
    assert drawn.columns["notes"] == "What happened"


@pytest.mark.filterwarnings("default")
def test_the_downloaded_picture_says_in_words_what_its_marks_stand_for():
    notes = [DatedNote(date(2026, 1, 5), NoteKind.WRITTEN, "New uniforms")]
    drawn = of_months([month(202601, 90), month(202602, 91)], Period(202601, 202602), notes=notes)
    shown, kept = drawn.spec["title"]["subtitle"], with_lines(drawn)
    assert kept["title"]["subtitle"] == [*shown, "1 · Jan 5, 2026 · New uniforms"]
    assert kept["height"] > drawn.spec["height"]
    assert "New uniforms" in vl_convert.vegalite_to_svg(kept | {"width": 600}, "6.4")


def test_sections_follow_the_checklist_and_are_compared_with_the_other_stations():
    drawn = drawn_profile()
    assert [row["label"] for row in drawn.rows] == ["Opening", "Closing"]
    assert drawn.rows[0]["network"] == pytest.approx((90 * 400 - 70 * 40) / 360)
    assert [row["side"] for row in drawn.rows] == ["below", "cannot be told"]
    assert drawn.sentence == "Below the other stations in: Opening."


def test_items_are_counted_per_hundred_inspections_here_and_elsewhere():
    first = drawn_items().rows[0]
    assert first["label"] == "A Greets"
    assert first["points"] == 150  # 60 points in 40 inspections
    assert first["network"] == 50  # 30 points in the other 60
    assert first["note"] == "8 of 40"
    assert "100 %" in drawn_items().sentence


def test_no_lost_points_give_no_chart():
    assert station_charts.items_chart([], [], {}, (40, 100)) is None
    assert station_charts.profile_chart([], [], TITLES) is None
    assert (
        station_charts.heat_chart([section("open", 90, n=2, at=202601)], [section("open", 90)], {})
        is None
    )


def test_the_heat_map_says_where_it_is_worst():
    drawn = drawn_heat()
    assert [row["difference"] for row in drawn.rows] == [-20, 5]
    assert drawn.sentence == "Furthest below the network: Opening in Jan 2026 (−20.0)."


def test_titles_and_months_are_in_the_readers_language():
    messages.use_language("zh_TW")
    try:
        assert drawn_heat().rows[0]["label"] == "開場"
        assert drawn_heat().rows[0]["column_label"] == "2026年1月"
    finally:
        messages.use_language("en")


def chart_kind(found, measure):
    return drawn_trend(measure, found).spec["title"]["subtitle"][1]


def test_the_chart_that_suits_is_named():
    steady = [month(202601 + k, 90 + k % 2) for k in range(6)]
    small = [*steady[:5], month(202606, 90, n=4)]
    uneven = [
        month(202601 + k, 90, n=400, passed=passed) for k, passed in enumerate((390, 200) * 3)
    ]
    assert chart_kind(steady, "score").startswith("chart of means, limits by")
    assert chart_kind(steady, "smoothed").startswith("EWMA chart")
    assert chart_kind(small, "smoothed").startswith("chart of means, as a month has fewer")
    assert chart_kind(steady, "passed") == "p chart"
    assert chart_kind(uneven, "passed").startswith("Laney's")


def contrast(section, value, half):
    return SectionContrast(
        section, 80 + value, 80, DifferenceInterval(value, value - half, value + half), 40
    )


def test_two_sides_are_drawn_as_differences_with_intervals():
    found = [contrast("close", -5.0, 2.0), contrast("open", 1.0, 2.0)]
    drawn = network_compare.sections_chart(found, ("May", "June"), TITLES)
    assert [row["label"] for row in drawn.rows] == ["Opening", "Closing"]
    assert [row["side"] for row in drawn.rows] == ["cannot be told", "lower"]
    assert drawn.sentence == "1 of 2 sections is shown to differ."
    assert drawn.spec["title"]["subtitle"][0] == "May minus June, points"
    assert "Opening" in vl_convert.vegalite_to_svg({**drawn.spec, "width": 500}, "6.4")
    assert network_compare.sections_chart([], ("May", "June"), TITLES) is None


def test_long_names_of_columns_are_slanted_and_all_shown():
    cells = [HeatCell("7", "Taipei", k, name, 90.0, "90", 1.0, 9) for k, name in enumerate("ab")]
    angles = []
    for name in ("Sep 2026", "2026年9月", "Needs and answers", "身分與資料核對"):
        named = [cell._replace(column_label=name) for cell in cells[:1]]
        drawn = heat(named, title="t", subtitle="s", sentence="x")
        angles.append(drawn.spec["layer"][0]["encoding"]["x"]["axis"]["labelAngle"])
    assert angles == [0, 0, 35, 35]


def test_more_critical_failures_are_worse_and_more_passed_are_better():
    """Station 8 has 30 of 100 where the others have 11: beyond its limit, and named."""
    critical, passed = drawn_funnel("critical").rows, drawn_funnel("passed").rows
    told = {row["side"]: row["name"] for row in critical if row["name"]}
    assert told == {"more": "Station 8"}
    assert {row["side"] for row in passed if row["name"]} == {"more passed"}
    assert critical[-1]["value"] > critical[-1]["high"]
    assert passed[0]["label"] == "Station 8"
    mark = next(layer for layer in drawn_funnel().spec["layer"] if "params" in layer)
    assert mark["encoding"]["color"]["scale"]["domain"] == ["fewer", "cannot be told", "more"]


def test_a_funnel_draws_its_limits_at_every_station():
    drawn = drawn_funnel()
    low, high, *_rest = drawn.spec["layer"]
    for layer, field in ((low, "low"), (high, "high")):
        by_n = {limit["n"]: limit[field] for limit in layer["data"]["values"]}
        assert {by_n[row["n"]] for row in drawn.rows} == {row[field] for row in drawn.rows}


def test_patterns_within_the_limits_are_ringed_and_make_no_sentence():
    """Six months steadily upwards by .2 around 85, sd 2 and 40 inspections each: all within."""
    rising = [month(202601 + k, 84.5 + 0.2 * k) for k in range(6)]
    drawn = of_months(rising, Period(202601, 202606))
    assert [row["pattern"] for row in drawn.rows] == [""] * 5 + ["6 steadily up or down (N 3)"]
    assert not any(row["signal"] for row in drawn.rows)
    assert "steadily" not in drawn.sentence
    assert "ring" in drawn.spec["title"]["subtitle"][-1]
    flat = of_months([month(202601 + k, 85 + k % 2) for k in range(6)], Period(202601, 202606))
    assert "ring" not in flat.spec["title"]["subtitle"][-1]
    smooth = of_months(rising, Period(202601, 202606), "smoothed")
    assert not any(row["pattern"] for row in smooth.rows)
