"""Forms of Genesys, Google and our own read, and damaged forms of all systems refused or read."""

from __future__ import annotations

import os
from copy import deepcopy

import pytest

from core.checklist import parse_checklist, to_data
from core.forms import FormError, read_form, to_connect
from core.scoring import parse_answers
from tests.support.checklists.forms import ARN, CONNECT, SHIPPED, form, items_of, repaired, scored
from tests.support.checklists.mangled import mangled

GENESYS = form("genesys_example_form.json")
GOOGLE = form("google_scorecard_bundle.json")


def test_positions_of_genesys_become_keys():
    imported = read_form(GENESYS)
    checklist = parse_checklist(imported.content)
    first, second, third, multi = checklist.items()
    assert (first.fatal, first.critical, first.na_allowed) == (True, True, True)
    assert (second.when.item, second.when.keys) == (first.key, ("answer-1",))
    assert checklist.sections[1].when.item == first.key
    assert [section.multiplier for section in checklist.sections] == [1, 1.5, 2]
    assert [option.points for option in multi.options] == [1, 2, 1]
    assert third.options[2].points == 3
    lost = {problem.path.rpartition("[")[2] for problem in imported.repairs}
    assert lost == {"0].isCritical", "1].isKill", "1].visibilityCondition"}


def test_a_position_that_leads_nowhere_is_told():
    data = deepcopy(GENESYS)
    rule = data["questionGroups"][1]["visibilityCondition"]
    rule["predicates"] = ["/form/questionGroup/9/question/0/answer/0"]
    imported = read_form(data)
    assert "questionGroups[1].visibilityCondition" in repaired(imported)
    assert parse_checklist(imported.content).sections[1].when is None


def test_a_google_scorecard_keeps_points_na_and_tags():
    """Greeting No .5 of 1, disclosure Yes 2 of 2: 2.5 of 3 is 83.3 percent."""
    imported = read_form(GOOGLE)
    items = items_of(imported)
    assert {key: item.na_allowed for key, item in items.items()} == {"q1": False, "q2": True}
    assert {item.tag for item in items.values()} == {"CUSTOMER", "COMPLIANCE"}
    assert scored(imported, q1="no", q2="y").score == pytest.approx(100 * 2.5 / 3)


def test_fields_of_googles_older_guide_are_named():
    data = deepcopy(GOOGLE)
    data["qaQuestions"][0] |= {"body": "Old text", "weight": 3, "score": None}
    del data["qaQuestions"][0]["questionBody"]
    imported = read_form(data)
    assert repaired(imported) == {f"qaQuestions[0].{name}" for name in ("body", "weight", "score")}
    assert items_of(imported)["q1"].text == {"en": "Old text"}


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_our_own_format_comes_back_the_same(key):
    assert read_form(to_data(SHIPPED[key])).content == to_data(SHIPPED[key])


def _survives(data):
    """A damaged form is a clear error or a checklist that parses."""
    try:
        imported = read_form(data)
    except FormError as error:
        return not error.problems
    checklist = parse_checklist(imported.content)
    parse_answers(checklist, {})
    return True


SOURCES = {
    "connect": CONNECT,
    "genesys": GENESYS,
    "google": GOOGLE,
    "own": to_data(SHIPPED["email"]),
    "export": to_connect(SHIPPED["phone"], language="en", instance_arn=ARN).data,
}


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_damaged_forms_are_refused_or_read(source):
    assert {_survives(mangled(SOURCES[source], seed)) for seed in range(60)} == {True, False}


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="ten thousand damaged forms: make soak")
def test_ten_thousand_damaged_forms_are_refused_or_read():
    for seed in range(10_000):
        _survives(mangled(SOURCES[sorted(SOURCES)[seed % len(SOURCES)]], seed))
