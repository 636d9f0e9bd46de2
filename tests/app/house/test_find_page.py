"""Find leads to things by number or words, in either script, and to nothing one may not see."""

from __future__ import annotations

import pytest

from db.people.models import Staff, Station
from tests.support.house.app_pages import opened

FIND = "find.py"
NUMBER = "YF106/2026-7"


HEAD = {"Find", "My account", "Alice", "Bob", "Charlie", "Tina"}


def hits(app):
    """The labels of links on the page, those around it apart."""
    return [link.proto.label for link in app.get("page_link") if link.proto.label not in HEAD]


@pytest.fixture
def named(world):
    """The station and its member of staff, each with a name in Traditional characters."""
    world.scored(call={"external_id": NUMBER})
    with world.seeded.transaction() as session:
        staff = session.get_one(Staff, world.seeded.staff_id)
        staff.name, staff.staff_no = "陳國華", "EMP-77"
        session.get_one(Station, staff.station_id).name_zh_tw = "臺灣桃園機場"
    return world


def test_a_station_is_found_in_either_script(named, open_app):
    with named.seeded.reading() as session:
        code = session.get_one(Station, named.seeded.station_id).code
    for typed in ("台湾桃园", "臺灣桃園", code.lower()):
        found = hits(opened(open_app("bob"), FIND, q=typed))
        assert any(code in one.replace("\\", "") for one in found), (typed, found)


def test_a_person_is_found_by_name_or_number_by_who_may_know_the_name(named, open_app):
    for typed in ("陈国华", "emp-77"):
        found = hits(opened(open_app("bob"), FIND, q=typed))
        assert any("陳國華" in one and "77" in one for one in found)


def test_a_trainer_finds_no_colleague_by_name_or_number(named, open_app):
    for typed in ("陈国华", "emp-77"):
        assert not any("陳國華" in one for one in hits(opened(open_app("tina"), FIND, q=typed)))


def test_a_case_is_found_by_the_number_of_its_encounter(named, open_app):
    found = hits(opened(open_app("bob"), FIND, q=f" {NUMBER} "))
    assert any(one.replace("\\", "").startswith(NUMBER) for one in found)
    assert hits(opened(open_app("alice"), FIND, q=NUMBER)) == []


def test_a_page_is_found_by_its_title_by_who_may_open_it(world, open_app):
    assert "Coverage" in hits(opened(open_app("bob"), FIND, q="cover"))
    assert hits(opened(open_app("charlie"), FIND, q="cover")) == []


def test_where_nothing_is_called_so_the_words_can_still_be_searched(world, open_app):
    app = opened(open_app("bob"), FIND, q="[zz](x)")
    assert [box.value for box in app.info] == ["Nothing is called so, of what you may see."]
    [link] = hits(app)
    assert "\\[zz\\]" in link


def test_before_anything_is_typed_it_says_what_it_looks_among(world, open_app):
    app = opened(open_app("alice"), FIND)
    assert [text.value for text in app.caption] == ["Looks among what you may see: Pages."]
