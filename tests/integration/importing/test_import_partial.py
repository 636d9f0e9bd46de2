"""An import changes only the columns it carries; whatever it lacks stays as it is stored."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from sqlalchemy import delete, select, update

from db.encounters.models import ClearSpan, Interaction
from db.importing.encounter_changes import FIELDS
from db.importing.kind_registry import columns_of
from db.people.models import Staff
from db.store.session import transaction
from db.tabular.tables import Unreadable
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, csv_of, jsonl
from tests.support.importing.offices import KEY, later, spoken
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
every_column = pytest.mark.parametrize(("kind", "column"), COLUMNS)


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
