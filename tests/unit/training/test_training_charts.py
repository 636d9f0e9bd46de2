"""The charts of training: the effect against zero, an item's losses against its limit."""

from __future__ import annotations

import pytest
import vl_convert

from pages.ui.kit.charts.effect import EffectRow, effect_chart
from pages.ui.kit.charts.rising_losses import RisePoint, rise_chart
from pages.ui.kit.phrases import Side


def drawn_effect(low=1.5, high=4.5, side=Side.ABOVE):
    rows = [
        EffectRow("Change seen", 2.7, None, None, 33, Side.UNCLEAR),
        EffectRow("Effect", 3.0, low, high, 33, side, "▲ established"),
    ]
    return effect_chart(rows, title="What the training changed", sentence="It helped.")


def drawn_rise(newest=40.0):
    months = ("Jan", "Feb", "Mar")
    shares = (10.0, 11.0, newest)
    points = [
        RisePoint(202601 + place, label, share, 100)
        for place, (label, share) in enumerate(zip(months, shares, strict=True))
    ]
    return rise_chart(points, usual=10.5, limit=19.7, title="Patience", sentence="It rose.")


@pytest.mark.parametrize("draw", [drawn_effect, drawn_rise])
@pytest.mark.filterwarnings("default")
def test_each_has_title_unit_table_and_is_drawn(draw):
    drawn = draw()
    assert drawn.spec["title"]["text"]
    assert drawn.spec["title"]["subtitle"]
    assert set(drawn.columns) <= set(drawn.rows[0])
    svg = vl_convert.vegalite_to_svg(drawn.spec | {"width": 600}, "6.4")
    assert svg.startswith("<svg")


def test_only_the_effect_has_an_interval_and_says_on_which_side_of_zero_it_lies():
    seen, effect = drawn_effect().rows
    assert (seen["low"], seen["side"], seen["text"]) == (None, "cannot be told", "+2.7")
    assert (effect["low"], effect["high"], effect["side"]) == (1.5, 4.5, "above")


@pytest.mark.filterwarnings("default")
def test_the_verdict_stands_beside_the_effect_and_no_legend_names_other_sides():
    drawn = drawn_effect()
    assert [row["text"] for row in drawn.rows] == ["+2.7", "+3.0 ▲ established"]
    svg = vl_convert.vegalite_to_svg(drawn.spec | {"width": 600}, "6.4")
    assert "▲ established" in svg
    assert "role-legend" not in svg


def test_a_month_beyond_its_limit_is_marked_by_a_word_as_well():
    states = [row["state"] for row in drawn_rise().rows]
    assert states == ["within limits", "within limits", "beyond its limit"]
    assert {row["state"] for row in drawn_rise(newest=19.0).rows} == {"within limits"}
