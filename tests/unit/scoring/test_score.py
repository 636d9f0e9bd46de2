"""The portal's own rules, each against a calculation by hand."""

from typing import Any

import pytest

from core.checklist import parse_checklist
from core.scoring import ScoreSheet, parse_answers, replay, rounded, score
from core.scoring.report import NO_WEIGHT, NOTHING_ANSWERED, NOTHING_APPLIES

BANDS = [
    {"key": "excellent", "from": 95},
    {"key": "qualified", "from": 85},
    {"key": "needs_improvement", "from": 60},
    {"key": "unqualified", "from": 0},
]


def _checklist(**rest: Any) -> dict[str, Any]:
    """Section one weighs 60: a (2) and b (1); section two weighs 40: c and d (1 each)."""
    return {
        "key": "c",
        "bands": BANDS,
        "sections": [
            {
                "key": "one",
                "weight": 60,
                "items": [
                    {"key": "a", "kind": "graded", "weight": 2, "key_moment": True},
                    {"key": "b", "effects": {"no": "section_zero", "no_with_loss": "form_zero"}},
                ],
            },
            {
                "key": "two",
                "weight": 40,
                "items": [
                    {"key": "c", "effects": {"no": {"cap": 60}}, "key_moment": True},
                    {"key": "d", "effects": {"no": {"cap": 30}}},
                ],
            },
        ],
        **rest,
    }


def _score(*, checklist: dict[str, Any] | None = None, **answers: Any) -> ScoreSheet:
    parsed = parse_checklist(checklist or _checklist())
    given = {
        key: {"na": True} if value is None else {"value": value} for key, value in answers.items()
    }
    return score(parsed, parse_answers(parsed, given))


def test_sections_and_items_share_100() -> None:
    # a: 60 x 2/3 = 40, level 3 of 4 earns 30; b: 20; c: 20; d: 20 lost but capped only at 30
    sheet = _score(a=3, b="yes", c="yes", d="yes")
    assert [item.weight for item in sheet.items] == pytest.approx([40, 20, 20, 20])
    assert [item.contribution for item in sheet.items] == pytest.approx([30, 20, 20, 20])
    assert [item.points_lost for item in sheet.items] == pytest.approx([10, 0, 0, 0])
    assert sheet.score == pytest.approx(90)
    assert [section.score for section in sheet.sections] == pytest.approx([100 * 50 / 60, 100])
    assert (sheet.band, sheet.passed, sheet.low) == ("qualified", True, False)
    assert [section.band for section in sheet.sections] == ["needs_improvement", "excellent"]
    # key moments a (40) and c (20): 50 of 60
    assert sheet.key_moment_score == pytest.approx(100 * 50 / 60)


def test_an_n_a_item_gives_its_weight_to_its_own_section() -> None:
    sheet = _score(a=None, b="yes", c="no", d="yes")
    # b alone carries 60, c and d 20 each; c no: 80 before, capped at 60
    assert [item.weight for item in sheet.items] == pytest.approx([0, 60, 20, 20])
    assert sheet.score_before_critical == pytest.approx(80)
    assert sheet.score == 60


def test_a_section_with_nothing_applicable_gives_its_weight_to_the_others() -> None:
    sheet = _score(a=2, b="yes", c=None, d=None)
    # one carries 100: a 66.67 at half, b 33.33
    assert sheet.score == pytest.approx(100 / 3 + 100 / 3)
    assert [section.score for section in sheet.sections] == [pytest.approx(200 / 3), None]
    assert [section.weight for section in sheet.sections] == pytest.approx([100, 0])


@pytest.mark.parametrize(
    ("answers", "before", "after", "flags"),
    [
        ({"c": "no"}, 80, 60, ("c", "form")),
        ({"c": "no", "d": "no"}, 60, 30, ("c", "d", "form")),  # the lowest cap
        ({"b": "no"}, 80, 40, ("b", "one", "form")),  # a's 40 go too
        ({"b": "no", "c": "no"}, 60, 20, ("b", "c", "one", "form")),  # 20 left is under the cap
        ({"b": "no_with_loss"}, 80, 0, ("b", "form")),
        ({"b": "no_with_loss", "d": "no"}, 60, 0, ("b", "d", "form")),
    ],
)
def test_effects_zero_sections_then_cap_then_zero_the_form(
    answers: dict[str, str], before: float, after: float, flags: tuple[str, ...]
) -> None:
    sheet = _score(**({"a": 4, "b": "yes", "c": "yes", "d": "yes"} | answers))
    assert sheet.score_before_critical == pytest.approx(before)
    assert sheet.score == pytest.approx(after)
    assert sheet.flags == flags
    assert sheet.critical
    assert replay(sheet.ledger) == pytest.approx(after)


def test_a_flag_alone_leaves_the_score() -> None:
    checklist = _checklist()
    checklist["sections"][1]["items"][1]["effects"] = {"no": "flag"}
    sheet = _score(checklist=checklist, a=4, b="yes", c="yes", d="no")
    assert (sheet.score, sheet.critical, sheet.flags) == (80, True, ("d", "form"))
    assert [item.effect for item in sheet.items] == [None, None, None, "flag"]


def test_one_answer_may_zero_other_sections() -> None:
    checklist = _checklist()
    checklist["sections"][1]["items"][1]["effects"] = {"no": {"section_zero": ["one", "two"]}}
    sheet = _score(checklist=checklist, a=4, b="yes", c="yes", d="no")
    assert (sheet.score, sheet.score_before_critical) == (0, pytest.approx(80))
    assert sheet.flags == ("d", "one", "two", "form")


def test_nothing_to_score_is_none_with_its_reason_never_0_or_100() -> None:
    all_na = _score(a=None, b=None, c=None, d=None)
    assert (all_na.score, all_na.score_before_critical) == (None, None)
    assert (all_na.band, all_na.passed, all_na.low) == (None, None, None)
    assert all_na.reason == NOTHING_APPLIES
    assert _score().reason == NOTHING_ANSWERED
    weightless = {"key": "c", "sections": [{"key": "s", "items": [{"key": "a", "weight": 0}]}]}
    assert _score(checklist=weightless, a="yes").reason == NO_WEIGHT


def test_a_failed_item_without_weight_zeroes_a_form_that_has_no_score() -> None:
    item = {"key": "a", "weight": 0, "effects": {"no": "form_zero"}}
    checklist = {"key": "c", "sections": [{"key": "s", "items": [item]}]}
    sheet = _score(checklist=checklist, a="no")
    assert (sheet.score, sheet.score_before_critical, sheet.reason) == (0, None, None)
    assert replay(sheet.ledger) == 0


def test_a_draft_is_scored_over_what_is_answered_and_says_what_is_missing() -> None:
    sheet = _score(a=2)
    assert sheet.score == 50
    assert sheet.missing == ("b", "c", "d")


def test_a_blank_may_be_made_to_count_as_zero() -> None:
    checklist = _checklist(settings={"blank": "zero"})
    sheet = _score(checklist=checklist, a=4)
    assert sheet.score == pytest.approx(40)
    assert not sheet.critical


def test_skipped_n_a_lowers_what_can_be_reached() -> None:
    sheet = _score(
        checklist=_checklist(settings={"na_policy": "skip"}), a=4, b=None, c="yes", d="yes"
    )
    assert sheet.score == pytest.approx(80)


def test_a_bonus_adds_and_is_never_lost() -> None:
    bonus = {"key": "extra", "bonus": True, "weight": 1}
    for over, expected in ((True, 120), (False, 100)):
        checklist = _checklist(settings={"bonus_over_100": over})
        checklist["sections"][1]["items"] = [*checklist["sections"][1]["items"], bonus]
        best = {"a": 4, "b": "yes", "c": "yes", "d": "yes"}
        assert _score(checklist=checklist, **best, extra="yes").score == pytest.approx(expected)
        without = _score(checklist=checklist, **best, extra="no")
        assert without.score == pytest.approx(100)
        assert without.items[-1].points_lost == 0


@pytest.mark.parametrize(("level", "after"), [(1, 0), (2, 70), (3, 85)])
def test_a_critical_item_under_half_zeroes_the_form_where_the_rule_says_so(
    level: int, after: float
) -> None:
    # a weighs 60 of 100; level 2 of 4 is half, not under it
    items = [
        {"key": "a", "kind": "graded", "weight": 60, "critical": True},
        {"key": "b", "weight": 40},
    ]
    settings = {"preset": "zendesk"}
    checklist = {"key": "c", "settings": settings, "sections": [{"key": "s", "items": items}]}
    sheet = _score(checklist=checklist, a=level, b="yes")
    assert sheet.score == pytest.approx(after)
    assert sheet.flags == (("a", "form") if level == 1 else ())


@pytest.mark.parametrize(("level", "zeroed"), [(1, True), (2, False)])
def test_a_critical_section_under_half_zeroes_the_form(level: int, zeroed: bool) -> None:
    checklist = _checklist(settings={"critical_rule": "below_half"})
    checklist["sections"][0]["critical"] = True
    # section one: a earns level/4 of 2/3, b is N/A, so level 1 is 25 % and level 2 half
    sheet = _score(checklist=checklist, a=level, b=None, c="yes", d="yes")
    assert (sheet.score == 0) is zeroed
    assert sheet.flags == (("one", "form") if zeroed else ())
    assert sheet.score_before_critical == pytest.approx(40 + 15 * level)


def test_a_mark_reached_but_for_binary_fractions_is_reached() -> None:
    # 17 of 20 twice is 85, but 9/11 and 2/11 of it sum to 84.99999999999999
    options = [{"key": "x", "points": 17}, {"key": "top", "points": 20}]
    items = [
        {"key": f"i{weight}", "kind": "single", "weight": weight, "options": options}
        for weight in (9, 2)
    ]
    checklist = {"key": "c", "bands": BANDS, "sections": [{"key": "s", "items": items}]}
    sheet = _score(checklist=checklist, i9="x", i2="x")
    assert sheet.score is not None
    assert sheet.score < 85
    assert (sheet.passed, sheet.band) == (True, "qualified")


def test_the_sheet_as_data_carries_what_the_command_line_promises() -> None:
    data = _score(a=3, b="no", c="yes", d="yes").to_data()
    promised = {"score", "score_before_critical", "band", "passed", "flags", "sections", "ledger"}
    assert promised <= set(data)
    assert data["ledger"][-1] == {
        "kind": "round",
        "subject": "form",
        "inputs": {"score": 40.0, "decimals": 2},
        "output": 40.0,
    }


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (62.5, 0, 63),
        (0.125, 2, 0.13),
        (2.675, 2, 2.68),  # a tie on paper, just below it in binary
        (84.949999, 1, 84.9),
        (84.95, 1, 85.0),
        (-0.5, 0, -1),
        (100, 2, 100),
    ],
)
def test_display_rounds_half_up(value: float, decimals: int, expected: float) -> None:
    assert rounded(value, decimals) == expected
