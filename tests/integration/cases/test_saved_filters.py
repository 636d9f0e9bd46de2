"""Saved filters: one's own, shared ones, and whose they stay, on both databases."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db.cases import services as filters
from tests.factories import identity, make_user


@pytest.fixture
def cast(world):
    with world.seeded.transaction() as session:
        for name in ("tina", "tom"):
            make_user(session, name, Role.TRAINER)
        return identity(session, "tina"), identity(session, "tom")


def save(world, who, name, *, shared=False, **address):
    world.do(filters.save_filter, who, name=name, address=address, shared=shared)


def kept(world, who):
    rows = world.one(lambda session: filters.saved_filters(session, who))
    return [(row.name, row.address, row.own) for row in rows]


def test_own_filters_come_first_and_others_only_when_shared(world, cast):
    tina, tom = cast
    save(world, tina, "b", station="KHH")
    save(world, tina, "a", shared=True, item="ATD-02")
    save(world, tom, "c", words="機票")
    assert kept(world, tina) == [
        ("a", {"item": "ATD-02"}, True),
        ("b", {"station": "KHH"}, True),
    ]
    assert kept(world, tom) == [("c", {"words": "機票"}, True), ("a", {"item": "ATD-02"}, False)]


def test_the_same_name_replaces(world, cast):
    tina, _ = cast
    save(world, tina, "low", station="KHH")
    save(world, tina, " low ", station="TPE")
    assert kept(world, tina) == [("low", {"station": "TPE"}, True)]


@pytest.mark.parametrize("name", ["call 13812345678", "x" * 300])
def test_a_name_that_is_masked_or_cut_short_replaces_itself(world, cast, name):
    tina, _ = cast
    save(world, tina, name, station="KHH")
    save(world, tina, name, station="TPE")
    stored = name[:200].replace("13812345678", "█" * 11)
    assert kept(world, tina) == [(stored, {"station": "TPE"}, True)]


def test_nobody_deletes_anothers_filter(world, cast):
    tina, tom = cast
    save(world, tina, "low", shared=True, station="KHH")
    [row] = world.one(lambda session: filters.saved_filters(session, tom))
    with pytest.raises(NotFound), world.seeded.transaction() as session:
        filters.delete_filter(session, who=tom, filter_id=row.filter_id)
    with world.seeded.transaction() as session:
        filters.delete_filter(session, who=tina, filter_id=row.filter_id)
    assert kept(world, tina) == []


def test_a_filter_has_a_name_and_narrows_something(world, cast, monkeypatch):
    tina, _ = cast
    for name, address in ((" ", {"station": "KHH"}), ("x", {})):
        with pytest.raises(InvalidInput):
            save(world, tina, name, **address)
    monkeypatch.setattr(filters, "_MOST", 0)
    with pytest.raises(InvalidInput):
        save(world, tina, "x", station="KHH")


def test_who_browses_no_cases_keeps_no_filters(world):
    with pytest.raises(NotAllowed):
        kept(world, world.alice)
    with pytest.raises(NotAllowed):
        save(world, world.alice, "x", station="KHH")
