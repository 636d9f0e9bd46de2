"""An import changes only the columns it carries; whatever it lacks stays as it is stored."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from core.safekeeping.masking import masked
from db.encounters.models import ClearSpan, Interaction, Turn
from db.importing.encounter_changes import FIELDS
from db.importing.import_run import Order, run_import
from db.importing.kind_registry import columns_of
from db.people.models import Staff
from db.safekeeping.services.unmasking import clear_values
from db.store.session import reading, transaction
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, Desk, csv_of, jsonl, workbook
from tests.support.importing.partial import (
    ENCOUNTER,
    FORMATS,
    FULL,
    OF_THE_IMPORT,
    OTHER,
    PHONE,
    STATION,
    STORED_AS,
    changes,
    content_of,
    everything,
    keys_of,
    make_office,
    only,
    without,
)

COLUMNS = [
    (kind, column.name)
    for kind in FULL
    for column in columns_of(kind, NOW)
    if column.name not in keys_of(kind)
]
EMPTIED = [
    (kind, column.name)
    for kind in FULL
    for column in columns_of(kind, NOW)
    if not (column.required or column.required_if_new)
]
KEY = only(ENCOUNTER, "source", "external_id")
every_column = pytest.mark.parametrize(("kind", "column"), COLUMNS)


CLEARS = {"choices": FileChoices(empty="clears"), "agreed": True}


class Office(Desk):
    """What `make_office` made, and a folder for files whose empty cells clear what is stored."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder

    def load(self, kind, content, *, who=None, **options):
        return super().load(kind, content, who=who, **CLEARS | options)


@pytest.fixture
def office(databases, tmp_path):
    with databases.like("office", make_office) as engine:
        yield Office(engine, tmp_path)


def later(desk, kind, content, **options):
    """The counts of an import an hour later, and what it changed."""
    before = everything(desk.engine)
    order = Order(kind, desk.file(content), **CLEARS | options)
    result = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW + timedelta(hours=1))
    counts = result.counts
    told = (counts.read, counts.added, counts.unchanged, counts.updated, counts.refused)
    return told, changes(before, everything(desk.engine))


def stored_as(kind, column):
    return STORED_AS.get(column, {column}) | (OF_THE_IMPORT if kind == "interactions" else set())


def test_the_rows_here_have_every_column_filled():
    for kind, row in FULL.items():
        names = {column.name for column in columns_of(kind, NOW)}
        assert row.keys() == names
        assert OTHER[kind].keys() == names - set(keys_of(kind))
        assert all(row[name] != other for name, other in OTHER[kind].items())
    assert FIELDS.keys() == {column.name for column in columns_of("interactions", NOW)}


@every_column
def test_a_column_that_a_file_lacks_stays_beside_one_that_changes(office, kind, column):
    """Each column in the next format, so that all of them come to every format in turn."""
    form = FORMATS[COLUMNS.index((kind, column)) % len(FORMATS)]
    changed, other = {
        "interactions": ("severity", "case_kind"),
        "stations": ("region", "kind"),
        "staff": ("post", "uniform_variant"),
    }[kind]
    changed = other if changed == column else changed
    row = without(FULL[kind], column) | only(OTHER[kind], changed)
    counts, places = later(office, kind, content_of(form, row))
    assert counts == (1, 0, 0, 1, 0)
    assert places == stored_as(kind, changed)
    assert later(office, kind, content_of(form, row)) == ((1, 0, 1, 0, 0), set())


@every_column
def test_a_column_may_come_alone_and_changes_alone(office, kind, column):
    before = everything(office.engine)
    row = only(FULL[kind], *keys_of(kind)) | only(OTHER[kind], column)
    counts, places = later(office, kind, jsonl(row))
    assert counts == (1, 0, 0, 1, 0)
    assert places >= stored_as(kind, column) - {"turn_count"}
    assert places <= stored_as(kind, column)
    assert later(office, kind, jsonl(row)) == ((1, 0, 1, 0, 0), set())
    # The full file afterwards gives all that it says; what was hidden is encrypted anew.
    assert later(office, kind, jsonl(FULL[kind]))[0] == (1, 0, 0, 1, 0)
    assert spoken(office) == ["wu@example.com", PHONE, PHONE]
    anew = {"imported_at", "customer", "span of a turn", "span of an attribute"}
    assert changes(before, everything(office.engine)) <= anew
    assert later(office, kind, jsonl(FULL[kind])) == ((1, 0, 1, 0, 0), set())


@every_column
def test_what_is_stored_already_touches_nothing_by_whatever_columns(office, kind, column):
    form = FORMATS[(COLUMNS.index((kind, column)) + 1) % len(FORMATS)]
    alone = only(FULL[kind], *keys_of(kind), column)
    for row in (alone, without(FULL[kind], column), FULL[kind]):
        assert later(office, kind, content_of(form, row)) == ((1, 0, 1, 0, 0), set())


def spoken(desk):
    """The clear values of the encounter, sorted."""
    with reading(desk.engine) as session:
        [key] = session.scalars(select(Interaction.id))
        return sorted(v.text for v in clear_values(session, KEYS, key))[::-1]


@pytest.mark.parametrize(("kind", "column"), EMPTIED)
def test_an_empty_cell_is_carried_and_empties_what_is_stored(office, kind, column):
    form = FORMATS[EMPTIED.index((kind, column)) % len(FORMATS)]
    row = only(FULL[kind], *keys_of(kind)) | {column: None}
    counts, places = later(office, kind, content_of(form, row))
    assert counts == (1, 0, 0, 1, 0)
    assert places >= stored_as(kind, column) - {"customer"}
    assert places <= stored_as(kind, column)
    assert later(office, kind, content_of(form, row)) == ((1, 0, 1, 0, 0), set())


@pytest.mark.parametrize(
    ("column", "empty", "left"),
    [
        ("turns", "", 0),
        ("turns", [], 0),
        ("attributes", "", {}),
        ("attributes", {}, {}),
        ("events", "", []),
        ("events", [], []),
    ],
)
def test_empty_json_is_an_empty_cell(office, column, empty, left):
    later(office, "interactions", jsonl(KEY | {column: empty}))
    name = "turn_count" if column == "turns" else column
    assert office.all(getattr(Interaction, name)) == [(left,)]


def test_a_column_that_is_not_mapped_is_not_carried(office):
    row = KEY | {"severity": "ordinary", "language": "en"}
    mapping = {name: name for name in row if name != "language"}
    counts, places = later(office, "interactions", csv_of(row), mapping=mapping)
    assert counts == (1, 0, 0, 1, 0)
    assert places == {"severity"} | OF_THE_IMPORT


def test_a_mapped_heading_that_the_file_lacks_is_not_carried(office):
    mapping = {name: name for name in (*KEY, "severity", "language")}
    row = KEY | {"severity": "ordinary"}
    counts, places = later(office, "interactions", csv_of(row), mapping=mapping)
    assert counts == (1, 0, 0, 1, 0)
    assert places == {"severity"} | OF_THE_IMPORT


def test_records_of_one_file_carry_different_columns(office):
    """W1 changes its severity, W2 is new, W3 is new and lacks what a new one needs."""
    rows = [
        KEY | {"severity": "ordinary"},
        without(ENCOUNTER, "language") | {"external_id": "W2"},
        {"source": "pbx", "external_id": "W3", "severity": "urgent"},
        without(ENCOUNTER, "station_code") | {"external_id": "W4"},
    ]
    assert office.counts("interactions", jsonl(*rows)) == (4, 1, 0, 1, 2)
    assert office.refusals("interactions", jsonl(*rows)) == [
        (3, "channel", "This is required."),
        (4, "station_code", "This is required."),
    ]
    found = office.all(Interaction.external_id, Interaction.severity, Interaction.language)
    assert found == [("W1", "ordinary", "zh-TW"), ("W2", "urgent", "")]
    assert office.counts("interactions", jsonl(*rows)) == (4, 0, 2, 0, 2)


def test_strict_counts_a_new_row_that_lacks_a_column(office):
    rows = jsonl(KEY | {"severity": "ordinary"}, KEY | {"external_id": "W9"})
    counts, places = later(office, "interactions", rows, strict=True)
    assert (counts, places) == ((2, 0, 0, 0, 1), set())
    good = jsonl(KEY | {"severity": "ordinary"})
    assert later(office, "interactions", good, strict=True)[0] == (1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (kind, column.name)
        for kind in FULL
        for column in columns_of(kind, NOW)
        if column.required_if_new
    ],
)
def test_something_new_needs_every_required_column(office, kind, column):
    """In a table each new row is refused, with its column; what is stored already goes in."""
    new = dict.fromkeys(keys_of(kind), "new")
    rows = [FULL[kind], FULL[kind] | new]
    content = csv_of(*(without(row, column) for row in rows))
    assert office.refusals(kind, content) == [(3, column, "This is required.")]
    assert later(office, kind, content) == ((2, 0, 1, 0, 1), set())
    empty = jsonl(only(FULL[kind], *keys_of(kind)) | {column: " "})
    assert office.refusals(kind, empty) == [(1, column, "This is required.")]


@pytest.mark.parametrize("kind", FULL)
def test_a_table_without_the_columns_that_say_what_it_is_about_is_refused_whole(office, kind):
    for key in keys_of(kind):
        with pytest.raises(Unreadable, match=f"The column {key} is missing"):
            office.load(kind, csv_of(without(FULL[kind], key)))


# Turns in a file of their own or in a second sheet.

HEADS = ["source", "external_id", "turn", "speaker", "text", "start_seconds"]
TWO = [KEY | {"severity": "ordinary"}, KEY | {"external_id": "W2", "severity": "ordinary"}]


def second_of(desk):
    """A second encounter W2 like W1."""
    desk.load("interactions", jsonl(ENCOUNTER | {"external_id": "W2"}))


def turn_rows(*rows):
    return [dict(zip(HEADS, row, strict=False)) for row in rows]


@pytest.mark.parametrize("way", ["file", "sheet"])
def test_encounters_without_an_entry_among_the_turns_keep_theirs(office, way):
    second_of(office)
    before = everything(office.engine)
    spoken_anew = ["pbx", "W2", 1, "agent", "mail li@example.com"]
    if way == "file":
        turns = office.file(csv_of(*turn_rows(spoken_anew)), "turns.csv")
        content, options = csv_of(*TWO), {"turns": turns}
    else:
        rows = [list(TWO[0]), *(list(row.values()) for row in TWO)]
        content, options = workbook(rows, [HEADS[:5], spoken_anew]), {}
    assert office.counts("interactions", content, **options) == (2, 0, 0, 2, 0)
    after = everything(office.engine)
    first, second = (key for (key,) in office.all(Interaction.id))
    for place, value in before.items():
        if place[0] == "turn" and place[1] == first:
            assert after[place] == value
        if place[0] == "span" and (value[1] == first or place[2] == "span of an attribute"):
            assert after[place] == value
    assert office.all(Interaction.external_id, Interaction.turn_count) == [("W1", 2), ("W2", 1)]
    said = office.all(Turn.interaction_id, Turn.position, Turn.text)
    assert [row for row in said if row[0] == second] == [(second, 1, masked("mail li@example.com"))]
    assert office.counts("interactions", content, **options) == (2, 0, 2, 0, 0)


def test_a_turn_sheet_with_headings_alone_changes_no_turns(office):
    rows = [list(TWO[0]), list(TWO[0].values())]
    counts, places = later(office, "interactions", workbook(rows, [HEADS]))
    assert counts == (1, 0, 0, 1, 0)
    assert places == {"severity"} | OF_THE_IMPORT


def test_turns_of_nobody_in_the_file_change_nothing(office):
    turns = office.file(csv_of(*turn_rows(["pbx", "W9", 1, "agent", "x", 0])), "turns.csv")
    counts, places = later(office, "interactions", csv_of(TWO[0]), turns=turns)
    assert counts == (1, 0, 0, 1, 1)
    assert places == {"severity"} | OF_THE_IMPORT


def test_an_empty_cell_for_turns_is_filled_by_the_file_of_turns(office):
    turns = office.file(csv_of(*turn_rows(["pbx", "W1", 1, "agent", "x", 0])), "turns.csv")
    later(office, "interactions", csv_of(KEY | {"turns": ""}), turns=turns)
    assert office.all(Turn.text) == [("x",)]


# The rating, against the scale as it is stored.


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"customer_rating": 9}, "customer_rating"),
        ({"rating_scale": [1, 3]}, "rating_scale"),
        ({"customer_rating": 9, "rating_scale": [1, 8]}, "customer_rating"),
    ],
)
def test_a_rating_outside_the_stored_scale_is_refused(office, changed, column):
    """Stored is 4 of [1, 5]."""
    rows = jsonl(KEY | changed)
    assert office.refusals("interactions", rows) == [
        (1, column, "The rating lies outside its scale.")
    ]
    assert later(office, "interactions", rows) == ((1, 0, 0, 0, 1), set())


@pytest.mark.parametrize(
    "changed",
    [
        {"customer_rating": 5},
        {"customer_rating": None, "rating_scale": [1, 3]},
        {"customer_rating": 9, "rating_scale": None},
        {"customer_rating": 9, "rating_scale": [1, 10]},
        {"rating_scale": [4, 5]},
    ],
)
def test_a_rating_within_the_scale_that_results_goes_in(office, changed):
    assert later(office, "interactions", jsonl(KEY | changed))[0] == (1, 0, 0, 1, 0)


# What is assigned or inspected.


def make_assignment_of(session):
    [call] = session.scalars(select(Interaction))
    make_assignment(session, interaction=call)


def test_columns_that_a_row_lacks_never_shake_the_ground(office):
    with transaction(office.engine) as session:
        make_assignment_of(session)
    counts, places = later(office, "interactions", jsonl(KEY | {"customer_rating": 1}))
    assert (counts, places) == ((1, 0, 0, 1, 0), {"customer_rating"} | OF_THE_IMPORT)
    for column in ("station_code", "staff_no", "occurred_at", "channel", "turns"):
        same = jsonl(KEY | only(ENCOUNTER, column) | {"severity": "important"})
        assert later(office, "interactions", same)[0][4] == 0
        other = jsonl(KEY | only(OTHER["interactions"], column))
        [(_, _, reason)] = office.refusals("interactions", other)
        assert reason.startswith("It is assigned or inspected already")
        assert later(office, "interactions", other) == ((1, 0, 0, 0, 1), set())


# The digest by which a row that comes again is known.


def test_a_digest_of_a_former_release_still_knows_its_row(office):
    """It was that of all values, those the file lacked by their defaults, and it stays so."""
    row = without(ENCOUNTER, "external_id", "language", "turns") | {"external_id": "old"}
    office.load("interactions", csv_of(row))
    values = ENCOUNTER | {"external_id": "old", "language": "", "turns": []}
    values["occurred_at"] = "2026-03-09T01:00:00+00:00"
    values["events"] = [values["events"][0] | {"at": "2026-03-09T01:01:00+00:00"}]
    values |= {"customer_rating": 4.0, "rating_scale": [1.0, 5.0]}
    content = json.dumps(values, sort_keys=True)
    digest = hmac.new(KEYS.derive("interaction content"), content.encode(), hashlib.sha256)
    found = office.all(Interaction.external_id, Interaction.content_digest)
    assert dict(found)["old"] == digest.hexdigest()
    assert later(office, "interactions", csv_of(row)) == ((1, 0, 1, 0, 0), set())


def test_a_part_that_came_in_does_not_pass_for_the_whole(office):
    """The attributes stay when a row lacks them, and go when the same row empties them."""
    part = without(ENCOUNTER, "attributes") | {"severity": "ordinary"}
    later(office, "interactions", jsonl(part))
    assert office.all(Interaction.attributes) != [({},)]
    emptied = jsonl(part | {"attributes": {}})
    assert later(office, "interactions", emptied)[0] == (1, 0, 0, 1, 0)
    assert office.all(Interaction.attributes) == [({},)]
    assert later(office, "interactions", jsonl(part)) == ((1, 0, 1, 0, 0), set())


def test_true_is_not_one(office):
    rows = [KEY | {"attributes": {"vip": value}} for value in (True, 1)]
    assert [later(office, "interactions", jsonl(row))[0][3] for row in rows] == [1, 1]


def test_clear_values_that_are_not_kept_any_more_do_not_come_back(office):
    with transaction(office.engine) as session:
        session.execute(delete(ClearSpan))
    later(office, "interactions", jsonl(KEY | {"severity": "ordinary"}))
    counts, places = later(office, "interactions", jsonl(ENCOUNTER))
    assert (counts, places) == ((1, 0, 0, 1, 0), {"severity", "content_digest"})
    assert office.count(ClearSpan) == 0


def test_what_cannot_be_decrypted_is_replaced(office):
    with transaction(office.engine) as session:
        session.execute(update(ClearSpan).values(cipher=b"x"))
    row = jsonl(KEY | only(ENCOUNTER, "turns", "attributes"))
    assert later(office, "interactions", row)[0] == (1, 0, 0, 1, 0)
    assert spoken(office) == ["wu@example.com", PHONE, PHONE]


# Stations.


def test_a_station_keeps_its_place_when_another_moves_below_it(office):
    """A circle is the fault of who moves: PEK stands below D1, and says nothing of its place."""
    rows = jsonl({"code": "D1", "parent_code": "PEK"}, {"code": "PEK", "region": "East"})
    assert office.refusals("stations", rows) == [
        (1, "parent_code", "The station would stand below itself.")
    ]
    assert office.station("PEK").region == "East"
    assert office.station("PEK").parent_id == office.station("D1").id


def test_a_stored_station_keeps_a_name(office):
    names = dict.fromkeys(("name_zh_TW", "name_zh_CN", "name_en"), "")
    code = only(STATION, "code")
    assert office.counts("stations", jsonl(code | without(names, "name_en"))) == (1, 0, 0, 1, 0)
    assert office.refusals("stations", jsonl(code | names)) == [
        (1, "name_zh_TW", "A name in at least one language is required.")
    ]
    assert office.refusals("stations", jsonl(code | {"name_en": " "})) == [
        (1, "name_en", "A name in at least one language is required.")
    ]
    assert office.station("PEK").name_en == "Beijing Capital"


def test_somebody_who_left_stays_away(office):
    with transaction(office.engine) as session:
        session.execute(update(Staff).where(Staff.staff_no == "7").values(active=False))
    assert later(office, "staff", jsonl({"staff_no": "7", "post": "agent"}))[1] == {"post"}
