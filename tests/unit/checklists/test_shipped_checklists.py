"""The twelve checklists of core/standards: their shape, and what each branch of them scores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from core.checklist import Checklist, Item
from core.checklist.path_shares import MOST_SHARE, largest_shares, lonely_critical_items
from core.library import load_checklists, load_library
from core.scoring import ScoreSheet, parse_answers, score
from tests.support.requirements import ROOT

REASONS = (ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")
LIBRARY = load_library()
SHIPPED = {checklist.key: checklist for checklist in load_checklists(LIBRARY)}
every_checklist = pytest.mark.parametrize("checklist", SHIPPED.values(), ids=SHIPPED)


def test_there_are_twelve():
    assert sorted(SHIPPED) == [
        "agency_journey",
        "airport_counter",
        "chat",
        "complaint",
        "customer_profile",
        "email",
        "order",
        "phone",
        "service_record",
        "station_audit_facilities",
        "station_audit_management",
        "work_order",
    ]


def test_every_item_stands_in_a_checklist_or_has_a_reason_but_never_both():
    used = {item.key for checklist in SHIPPED.values() for item in checklist.items()}
    unexplained = [item.id for item in LIBRARY if (item.id in used) == bool(item.off)]
    assert unexplained == []


@every_checklist
def test_sections_share_100_among_15_to_45_items(checklist: Checklist):
    assert sum(section.weight for section in checklist.sections) == 100
    assert 15 <= len(list(checklist.items())) <= 45
    assert 4 <= len(checklist.sections) <= 8


@every_checklist
def test_no_check_stands_beside_its_alias(checklist: Checklist):
    keys = set(checklist.by_key)
    doubled = {
        key: LIBRARY.by_id[key].alias_of
        for key in keys & set(LIBRARY.by_id)
        if LIBRARY.by_id[key].alias_of in keys
    }
    assert doubled == {}


@every_checklist
def test_every_item_can_be_observed_in_a_channel_of_the_checklist(checklist: Checklist):
    unseen = [
        item.key
        for item in checklist.items()
        if item.channels and not set(item.channels) & set(checklist.channels)
    ]
    assert unseen == []


@every_checklist
def test_clocks_awaiting_confirmation_or_switched_off_do_not_count(checklist: Checklist):
    counted = [
        item.key
        for item in checklist.items()
        if item.clock and item.clock.status in {"check", "off"} and item.scored
    ]
    assert counted == []


@every_checklist
def test_every_branch_scores_100_at_its_best_and_0_at_its_worst(checklist: Checklist):
    for branch in branches(checklist):
        best, worst = sheet(checklist, branch, max), sheet(checklist, branch, min)
        assert best.missing == ()
        assert best.score == pytest.approx(100)
        assert worst.score_before_critical == 0


@every_checklist
def test_no_branch_leaves_a_section_to_one_item_that_zeroes_the_score(checklist: Checklist):
    for branch in branches(checklist):
        counting = [item for item in sheet(checklist, branch, max).items if item.weight > 0]
        for section in checklist.sections:
            left = [item.key for item in counting if item.section == section.key]
            assert len(left) != 1 or "form_zero" not in certain_effects(checklist.by_key[left[0]])


def test_identity_items_leave_a_call_that_needs_no_verification():
    """15 of the 100 points go to the sections that stay: 5 becomes 5 / (100 - 10 - 15) = 6.7."""
    general = {"CALL-SUBJECT": "enquiry", "VERIFICATION": "not_needed"}
    weights = section_weights("phone", general)
    assert weights["verification"] == 0
    assert weights["opening"] == pytest.approx(100 * 5 / 75)
    statuses = {item.key: item.status for item in sheet(SHIPPED["phone"], general, max).items}
    assert {statuses[key] for key in ("FST-02", "INF-23", "INF-09")} == {"hidden"}


def test_one_block_of_the_order_checklist_shows_at_a_time():
    """25 + 25 = 50 of the 100 points apply: 25 becomes 50."""
    weights = section_weights("order", {"ORDER-KIND": "refund"})
    assert {key: weight for key, weight in weights.items() if weight} == {
        "customer_data": pytest.approx(50),
        "refund": pytest.approx(50),
    }


def test_a_bot_is_scored_on_information_and_escalation_only():
    alone = {"CHAT-PARTNER": "bot", "CHAT-SUBJECT": "disruption", "VERIFICATION": "needed"}
    counting = {item.key for item in sheet(SHIPPED["chat"], alone, max).items if item.weight > 0}
    assert counting == {
        "CON-05", "FST-03", "FST-04", "WKO-07", "PRB-24", "LNG-03", "LNG-04", "LNG-05",
    }  # fmt: skip


@pytest.mark.parametrize(("key", "partner"), [("phone", {}), ("chat", {"CHAT-PARTNER": "agent"})])
def test_a_plain_question_of_a_calm_customer_is_asked_no_more_than_it_can_show(key, partner):
    """No process, no trouble to come, no date, nobody to calm, no data: 28 of 42 and 29 of 43."""
    subject = "CALL-SUBJECT" if key == "phone" else "CHAT-SUBJECT"
    plain = {subject: "enquiry", "VERIFICATION": "not_needed", "CUSTOMER-UPSET": "calm"} | partner
    statuses = {item.key: item.status for item in sheet(SHIPPED[key], plain, max).items}
    hidden = {item for item, status in statuses.items() if status == "hidden"}
    assert hidden >= {"FST-03", "FST-04", "WKO-09", "SEC-02", "ATD-05", "ATD-08", "SKL-03"}
    assert len(statuses) - len(hidden) == {"phone": 28, "chat": 29}[key]


def test_an_upset_customer_is_to_be_calmed_whatever_the_subject():
    upset = {"CALL-SUBJECT": "enquiry", "VERIFICATION": "not_needed", "CUSTOMER-UPSET": "upset"}
    statuses = {item.key: item.status for item in sheet(SHIPPED["phone"], upset, max).items}
    assert "hidden" not in {statuses[item] for item in ("ATD-05", "ATD-08", "SKL-03")}


def test_a_complaint_is_asked_about_its_own_class_only():
    branch = {"COMPLAINT-CLASS": "policy", "COMPLAINT-MAJOR": "ordinary"}
    shown = [
        item.key
        for item in sheet(SHIPPED["complaint"], branch, max).items
        if item.key in {f"CLS-{number:02d}" for number in range(5, 10)} and item.status != "hidden"
    ]
    assert shown == ["CLS-06"]


@every_checklist
def test_what_the_check_still_says_of_one_item_has_a_written_reason(checklist: Checklist):
    """More than 15 of 100 points on some path, or a section left to one critical item."""
    named = {key for key, share in largest_shares(checklist).items() if share > MOST_SHARE + 1e-6}
    named |= set(lonely_critical_items(checklist))
    chapter = REASONS.split("## What the check before activation says")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in chapter.splitlines() if line.startswith("| `")]
    explained = {
        key for names, keys in rows if f"`{checklist.key}`" in names for key in keys.split(", ")
    }
    assert {key.strip() for key in explained} == named


@every_checklist
def test_the_page_of_reasons_names_each_section_with_its_weight(checklist: Checklist):
    chapter = REASONS.split(f"### {checklist.title['en']} (`{checklist.key}`)")[1].split("###")[0]
    for section in checklist.sections:
        assert f"| {section.title['en']} | {section.weight:g} | " in chapter


def test_the_page_of_reasons_names_every_item_left_out():
    chapter = REASONS.split("## Items in no checklist")[1]
    left_out = [item for item in LIBRARY if item.off]
    assert [item.id for item in left_out if item.off["en"] not in chapter] == []
    assert chapter.startswith(f" ({len(left_out)} of {len(LIBRARY)})")


def questions(checklist: Checklist) -> list[Item]:
    """The checklist's own unscored questions, which choose what is shown."""
    return [item for item in checklist.items() if item.key not in LIBRARY.by_id]


def branches(checklist: Checklist) -> Iterator[dict[str, str]]:
    asked = questions(checklist)
    for keys in product(*(item.by_option for item in asked)):
        yield dict(zip((item.key for item in asked), keys, strict=True))


def sheet(checklist: Checklist, branch: dict[str, str], choose: Any) -> ScoreSheet:
    answers: dict[str, Any] = {key: {"value": value} for key, value in branch.items()}
    for item in checklist.items():
        if item.key not in branch:
            option = choose(item.options, key=lambda option: option.points)
            unset = item.clock is not None and item.clock.limit_minutes is None
            answers[item.key] = {"na": True} if unset else {"value": option.key}
    return score(checklist, parse_answers(checklist, answers))


def section_weights(key: str, branch: dict[str, str]) -> dict[str, float]:
    return {part.key: part.weight for part in sheet(SHIPPED[key], branch, max).sections}


def certain_effects(item: Item) -> set[str]:
    return {option.effect.kind for option in item.options if option.effect and option.key == "no"}
