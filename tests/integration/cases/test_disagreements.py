"""Double scorings that disagree: which are listed, for whom, and what of them is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import NotAllowed
from db.cases.queries import disagreements as disagreeing
from db.cases.queries.disagreements import disagreements
from db.encounters.models import Interaction
from db.inspection.services.amendments import void
from tests.support.inspection.inspecting import NO, YES
from tests.support.results.busy import NA, part, scored_twice


@pytest.fixture
def dana(busy):
    return busy.inspector("dana")


def twice(busy, dana, day, record, second, item="HELLO"):
    """A call of February that both score; the record's id and the call's."""
    when = datetime(2026, 2, day, 4, tzinfo=UTC)
    return scored_twice(busy, dana, when, {item: record}, {item: second})


def found(busy, item="HELLO", who=None, **slice_):
    return busy.one(lambda s: disagreements(s, who or busy.bob, part(busy, **slice_), item))


def test_pairs_that_rate_the_item_differently_are_listed_the_newest_first(busy, dana):
    twice(busy, dana, 3, YES, YES)
    older, _call = twice(busy, dana, 4, YES, NO | {"note": "no greeting at all"})
    newer, _call = twice(busy, dana, 5, NO, NA)
    listed = found(busy)
    assert (listed.compared, [row.inspection_id for row in listed.rows]) == (3, [newer, older])
    row = listed.rows[1]
    assert (row.record.inspector, row.second.inspector) == ("Alice", "Dana")
    assert (row.record.answer.keys, row.second.answer.keys) == (("yes",), ("no",))
    assert row.second.answer.note == "no greeting at all"
    assert found(busy, "NAME") == (3, ())


def test_a_slice_without_them_and_a_voided_record_list_nothing(busy, dana):
    record, _call = twice(busy, dana, 3, YES, NO)
    assert found(busy, first=202603).compared == 0
    assert found(busy, channel="chat").compared == 0
    busy.do(void, busy.bob, inspection_id=record, reason="wrong call")
    assert found(busy) == (0, ())


def test_a_list_ends_where_enough_disagree(busy, dana, monkeypatch):
    monkeypatch.setattr(disagreeing, "MOST_LISTED", 2)
    for day in range(3, 7):
        twice(busy, dana, day, YES, NO)
    listed = found(busy)
    assert (listed.compared, len(listed.rows)) == (2, 2)


def test_words_of_a_customer_who_refuses_are_not_read(busy, dana):
    _record, call = twice(busy, dana, 3, YES, NO | {"note": "no greeting at all"})
    with busy.seeded.transaction() as session:
        session.get_one(Interaction, call).consent = False
    [row] = found(busy).rows
    assert (row.second.answer.keys, row.second.answer.note) == (("no",), "███")


def test_who_may_not_amend_reads_no_second_scoring(busy, dana):
    for who in (busy.alice, dana):
        with pytest.raises(NotAllowed):
            found(busy, who=who)
