"""Tables of states: every state can be reached, and a deed out of turn is refused."""

from __future__ import annotations

import ast
from collections import Counter
from enum import StrEnum, auto
from importlib import import_module

import pytest

from core.access import Action
from core.errors import StaleEdit
from core.states import States, deed
from pages.ui.safekeeping.audit_terms import action_names
from tests.support.requirements import ROOT

TABLES = [
    value
    for path in sorted((ROOT / "core").rglob("states.py"))
    for value in vars(
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    ).values()
    if isinstance(value, States)
]

BY_HAND = {  # kinds of record whose table of states is still to be declared
    "db/checklists/services/activation.py": 2,
    "db/importing/inspections.py": 1,
    "db/inspection/services/amendments.py": 1,
    "db/inspection/services/assignments.py": 1,
}


class Light(StrEnum):
    RED = auto()
    GREEN = auto()
    BROKEN = auto()


LIGHT = States(
    kind="light",
    first=Light.RED,
    deeds=(
        deed("switch", (Light.RED, Light.GREEN), (Light.RED, Light.GREEN), Action.ASSIGN),
        deed("break", (Light.RED, Light.GREEN), Light.BROKEN, None, needs_reason=True),
    ),
    refusal="This light is broken.",
)


@pytest.mark.parametrize("table", [*TABLES, LIGHT], ids=lambda table: table.kind)
def test_every_state_of_a_table_can_be_reached(table):
    states = set(type(table.first))
    reached = {table.first}
    for _ in states:
        reached |= {t for d in table.deeds if d.sources & reached for t in d.targets}
    assert reached == states


@pytest.mark.parametrize("table", [*TABLES, LIGHT], ids=lambda table: table.kind)
def test_a_deed_has_one_line(table):
    names = [line.name for line in table.deeds]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_the_audit_page_has_a_word_for_every_deed(table):
    assert {line.name for line in table.deeds} <= set(action_names())


def test_the_end_is_where_no_deed_leads_from():
    assert LIGHT.ends == {Light.BROKEN}


def test_a_move_says_where_it_leads_where_there_are_several():
    assert LIGHT.by("break").target is Light.BROKEN
    assert LIGHT.by("switch", to=Light.GREEN).target is Light.GREEN
    for name, to in (("switch", None), ("switch", Light.BROKEN), ("dim", None)):
        with pytest.raises(ValueError, match=name):
            LIGHT.by(name, to)


def test_whoever_comes_too_late_reads_the_sentence_of_the_kind():
    LIGHT.by("break").check("green")
    with pytest.raises(StaleEdit, match="This light is broken") as refusal:
        LIGHT.by("break").check("broken")
    assert refusal.value.current == "broken"


def test_states_are_set_where_records_are_moved():
    by_hand: Counter[str] = Counter()
    for path in (ROOT / "db").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [name for target in targets for name in ast.walk(target)]
            if any(isinstance(name, ast.Attribute) and name.attr == "state" for name in names):
                by_hand[str(path.relative_to(ROOT))] += 1
    assert by_hand.pop("db/store/moving.py") == 1
    assert dict(by_hand) == BY_HAND
