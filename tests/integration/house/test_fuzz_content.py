"""Bad files and answers by the thousand: nothing goes in by half, nothing breaks the scorer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.checklist import parse_checklist
from core.errors import PortalError
from core.scoring import parse_answers, score
from db.encounters.models import Interaction
from db.importing.kind_registry import KINDS
from db.tabular.tables import Unreadable
from tests.support.databases import sqlite_only
from tests.support.house.fuzzing import cases, item_keys, json_values
from tests.support.importing.files import call, csv_of, jsonl
from tests.support.inspection.inspecting import SMALL

CHECKLIST = parse_checklist(SMALL)


@sqlite_only
def test_no_file_goes_in_by_half(desk):
    rows = st.dictionaries(
        st.sampled_from([*call(), "attributes", "events", "x"]), json_values, max_size=8
    ).map(lambda changed: call() | changed)
    files = st.one_of(
        st.binary(max_size=200),
        st.lists(rows, min_size=1, max_size=3).map(lambda found: as_lines(found, jsonl)),
        st.lists(rows, min_size=1, max_size=3).map(lambda found: as_lines(found, csv_of)),
    )

    @cases("import")
    @given(st.sampled_from(KINDS), files, st.booleans())
    def check(kind, content, strict):
        before = desk.count(Interaction)
        try:
            counts = desk.load(kind, content, strict=strict).counts
        except Unreadable:
            counts = None
        grown = desk.count(Interaction) - before
        if counts is None or kind != "interactions" or (strict and counts.refused):
            assert grown == 0
        else:
            assert grown == counts.added

    check()


def as_lines(rows, write):
    try:
        return write(*rows)
    except (UnicodeEncodeError, ValueError, TypeError):
        return b"\xff"


@cases("answers")
@given(st.dictionaries(item_keys, json_values, max_size=6))
def test_no_answer_breaks_the_scorer(given):
    try:
        sheet = score(CHECKLIST, parse_answers(CHECKLIST, given))
    except PortalError:
        return
    assert sheet.score is None or 0 <= sheet.score <= 100
