"""Tables of states: every state can be reached, and a deed out of turn is refused."""

from __future__ import annotations

import ast
from enum import StrEnum, auto
from importlib import import_module

import pytest

from core.access import Action
from core.errors import OutOfTurn
from core.states import States, Trace, deed
from db.store.base import table_of
from db.store.queries import kinds_of_records
from pages.ui.safekeeping.audit_terms import action_names, object_names
from tests.support.requirements import ROOT

TABLES = [
    value
    for path in sorted((ROOT / "core").rglob("states.py"))
    for value in vars(
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    ).values()
    if isinstance(value, States)
]


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
def test_the_audit_page_has_a_word_for_every_deed_it_lists_and_for_the_kind(table):
    logged = {line.name for line in table.deeds if line.leaves is not Trace.NOTHING}
    assert logged <= set(action_names())
    assert table.kind in object_names() or not logged


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_a_table_has_its_model_and_the_model_its_owner_and_its_day(table):
    """Whom a deed tells stands in a column; what waits for people has a day by which it ends."""
    states, model = kinds_of_records()[table.kind]
    assert states is table
    columns = table_of(model).c
    assert not table.owner or table.owner in columns
    assert table.owner or not any(line.leaves is Trace.NOTICE for line in table.deeds)
    assert table.waits_for is None or "due_on" in columns


def test_the_end_is_where_no_deed_leads_from():
    assert LIGHT.ends == {Light.BROKEN}


def test_an_end_stays_one_though_a_deed_may_lead_back_from_it():
    table = States(
        kind="lamp",
        first=Light.RED,
        deeds=(
            deed("break", Light.RED, Light.BROKEN, None),
            deed("mend", Light.BROKEN, Light.RED, None),
        ),
        refusal="",
        reopening=frozenset({"mend"}),
    )
    assert (table.ends, table.open) == ({Light.BROKEN}, {Light.RED, Light.GREEN})


def test_a_move_says_where_it_leads_where_there_are_several():
    assert LIGHT.by("break").target is Light.BROKEN
    assert LIGHT.by("switch", to=Light.GREEN).target is Light.GREEN
    for name, to in (("switch", None), ("switch", Light.BROKEN), ("dim", None)):
        with pytest.raises(ValueError, match=name):
            LIGHT.by(name, to)


def test_whoever_comes_too_late_reads_the_sentence_of_the_kind():
    LIGHT.by("break").check("green")
    with pytest.raises(OutOfTurn, match="This light is broken") as refusal:
        LIGHT.by("break").check("broken")
    assert refusal.value.current == "broken"


WORDS = {state.value for table in TABLES for state in type(table.first)}


def modules(*rooms):
    for path in (path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))):
        name = str(path.relative_to(ROOT))
        if not name.startswith("db/migrations/"):
            yield name, ast.parse(path.read_text("utf-8"))


def is_state(node):
    return isinstance(node, ast.Attribute) and node.attr == "state"


def about_states(node):
    """The parts of a node that say in which state a record is, or is to be."""
    match node:
        case ast.Compare() if any(is_state(part) for part in ast.walk(node)):
            return [node.left, *node.comparators]
        case ast.Call(func=ast.Attribute(attr="in_" | "not_in", value=value)) if is_state(value):
            return node.args
        case ast.Assign() if any(is_state(t) for target in node.targets for t in ast.walk(target)):
            return [node.value]
        case ast.keyword(arg="state"):
            return [node.value]
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "state"]
    return []


def spelled_out(tree):
    """The lines on which a state is a word, not a member of its table's enumeration."""
    return sorted(
        part.lineno
        for node in ast.walk(tree)
        for expression in about_states(node)
        for part in ast.walk(expression)
        if isinstance(part, ast.Constant) and part.value in WORDS
    )


def test_no_state_is_spelled_out():
    found = {name: spelled_out(tree) for name, tree in modules("core", "db", "pages")}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        'row.state == "open"',
        '"open" != task.state',
        'Inspection.state.concat("") == "valid"',
        'Appeal.state.in_(("kept", "changed"))',
        'version.state, version.edit = "active", 1',
        'Assignment(state="open", purpose="record")',
        'update(Assignment).values(state="skipped")',
        'rows = [{"state": "open"}]',
        'row.state = "draft" if versions else State.ACTIVE',
    ],
)
def test_a_word_in_place_of_a_state_is_seen(line):
    assert set(spelled_out(ast.parse(line))) == {1}


def test_what_is_no_state_may_be_such_a_word():
    for line in ('audit.record(session, who, "draft")', 'row.kind == "open"', 'x = {"open": 1}'):
        assert spelled_out(ast.parse(line)) == []


def test_states_are_set_where_records_are_moved():
    setting = {
        name
        for name, tree in modules("db")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        if any(is_state(part) for target in node.targets for part in ast.walk(target))
    }
    assert setting == set()
