"""Turns in a file of their own or in a second sheet: encounters without an entry keep theirs."""

from __future__ import annotations

import pytest

from core.safekeeping.masking import masked
from db.encounters.models import Interaction, Turn
from db.importing.preview import preview
from db.tabular.tables import Unreadable
from tests.support.clock import NOW
from tests.support.importing.files import csv_of, jsonl, workbook
from tests.support.importing.offices import KEY, later
from tests.support.importing.partial import (
    ENCOUNTER,
    OF_THE_IMPORT,
    everything,
)

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


def test_a_sheet_is_said_to_be_read_or_not_and_never_both(office):
    """Of three sheets the notes alone are left out, in the import as in what is shown before."""
    rows = [list(TWO[0]), list(TWO[0].values())]
    spoken = ["pbx", TWO[0]["external_id"], 1, "agent", "Hello"]
    content = workbook(rows, [["remark"], ["none"]], [HEADS[:5], spoken])
    said = [str(note) for note in office.load("interactions", content, dry=True).forecast.notes]
    assert "Sheets that are not read: Sheet1." in said
    assert "The turns are read from sheet Sheet2." in said
    shown = preview(office.file(content), "interactions", NOW)
    assert [str(note) for note in shown.facts.notes] == ["Sheets that are not read: Sheet1."]


def test_a_file_of_turns_without_their_texts_takes_none_away(office):
    """Without the column every turn would be one without words."""
    rows = turn_rows(["pbx", "W1", 1, "agent"], ["pbx", "W1", 2, "customer"])
    turns = office.file(csv_of(*rows), "turns.csv")
    with pytest.raises(Unreadable, match="The column text is missing"):
        office.load("interactions", csv_of(TWO[0]), turns=turns)
    turns = office.file(jsonl(*rows), "turns.jsonl")
    found = office.refusals("interactions", csv_of(TWO[0]), turns=turns)
    assert [(line, column) for line, column, _ in found] == [
        (1, "turns.text"),
        (2, "turns.text"),
        (2, "turns"),
    ]
