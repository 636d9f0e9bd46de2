"""What narrows the cases beyond station, checklist and item, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.access import Role
from db.cases.queries import case_filter, case_search
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases, summary
from db.encounters import search_index
from db.teaching.models import TrainingMark
from tests.factories import identity, make_station, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO

pytestmark = pytest.mark.both


@pytest.fixture
def scored(world):
    """`scored(call={…}, post="guide", HELLO=NO)`: an inspection of such an encounter."""

    def stored(*, post="agent", **given):
        made = world.scored(staff=world.staff(post=post), **given)
        with world.seeded.transaction() as session:
            search_index.index_interactions(session, [world.inspection(made).interaction_id])
        return made

    return stored


@pytest.fixture(params=["rare", "common"])
def way(request, monkeypatch):
    """Once looked up because there are few, once met by reading in order."""
    if request.param == "common":
        monkeypatch.setattr(case_search, "_RARE", 0)
    return request.param


def listed(world, who, **wanted):
    page = world.one(lambda session: cases(session, who, CaseFilter(**wanted)))
    return [row.inspection_id for row in page.rows]


def rated(rating, low=1, high=5):
    return {"customer_rating": rating, "rating_low": low, "rating_high": high}


def test_cases_of_a_staff_group(world, trainer, scored, way):
    guide, agent = scored(post="guide"), scored(HELLO=NO)
    assert listed(world, trainer, post="guide") == [guide]
    assert listed(world, trainer, post="agent") == [agent]
    assert listed(world, trainer, post="nobody") == []


def test_cases_of_a_person_are_for_those_who_may_know_whom(world, trainer, scored, way):
    """Bob may see all names, the manager of another station none of these, a trainer no name."""
    made, other = scored(HELLO=NO), scored()
    person, elsewhere = world.inspection(made).staff_id, world.inspection(other).staff_id
    assert person != elsewhere
    assert listed(world, world.bob, staff_id=person) == [made]
    assert listed(world, world.bob, staff_id=person, item_key="HELLO") == [made]
    assert listed(world, world.bob, staff_id=elsewhere, item_key="HELLO") == []
    assert listed(world, trainer, staff_id=person) == []
    with world.seeded.transaction() as session:
        make_user(
            session, "here", Role.STATION_MANAGER, station_id=world.inspection(made).station_id
        )
        away = make_station(session, code="AWAY").id
        make_user(session, "away", Role.STATION_MANAGER, station_id=away)
    here, away = (world.one(lambda s, name=name: identity(s, name)) for name in ("here", "away"))
    assert listed(world, here, staff_id=person) == [made]
    assert listed(world, away, staff_id=person) == []
    readers = (world.bob, here, away, trainer)
    with world.seeded.reading() as session:
        named = [case_filter.person(session, who, person) for who in readers]
    assert [bool(name) for name in named] == [True, True, False, False]


def test_cases_in_a_language(world, trainer, scored, way):
    best, worst = scored(call={"language": "ja"}), scored(call={"language": "ja"}, RIGHT=NO)
    scored()
    assert listed(world, trainer, language="ja") == [worst, best]
    assert listed(world, trainer, language="ja", best_first=True) == [best, worst]
    assert listed(world, trainer, language="ja", item_key="RIGHT") == [worst]


def test_a_rating_is_low_or_high_on_its_own_scale(world, trainer, scored, way):
    """A quarter of 1..5 reaches to 2, of 0..10 to 2.5; unrated encounters are in none."""
    scored()
    ratings = [(1, 1, 5), (2, 1, 5), (3, 1, 5), (4, 1, 5), (2.5, 0, 10), (7, 0, 10), (8, 0, 10)]
    made = [scored(call=rated(*each)) for each in ratings]
    assert listed(world, trainer, rating="low") == [made[0], made[1], made[4]]
    assert listed(world, trainer, rating="middle") == [made[2], made[5]]
    assert listed(world, trainer, rating="high") == [made[3], made[6]]


def test_cases_with_a_critical_effect(world, trainer, scored):
    scored(HELLO=NO)
    capped = scored(HONEST=NO)
    assert listed(world, trainer, effect="cap") == [capped]
    assert listed(world, trainer, effect="cap", item_key="HELLO") == []
    assert listed(world, trainer, effect="form_zero") == []
    assert listed(world, trainer, effect="cap", words="機票") == [capped]


def test_cases_marked_for_training(world, trainer, scored, way):
    marked, never = scored(), scored()
    scored()
    with world.seeded.transaction() as session:
        for inspection_id, kind in ((marked, "use"), (never, "never")):
            call = world.inspection(inspection_id).interaction_id
            session.add(
                TrainingMark(interaction_id=call, kind=kind, user_id=trainer.user_id, at=NOW)
            )
    assert listed(world, trainer, mark="use") == [marked]
    assert listed(world, trainer, mark="never") == [never]


def test_pages_of_a_rare_kind_follow_each_other(world, trainer, scored, way):
    made = [scored(post="guide", **lost) for lost in ({}, {"HELLO": NO}, {}, {"HELLO": NO})]
    with world.seeded.reading() as session:
        first = cases(session, trainer, CaseFilter(post="guide"), limit=3)
        second = cases(session, trainer, CaseFilter(post="guide"), limit=3, after=first.next)
    seen = [row.inspection_id for row in (*first.rows, *second.rows)]
    assert (seen, second.next) == ([made[1], made[3], made[0], made[2]], None)


@pytest.mark.parametrize("typed", ["態度急躁", "态度急躁", "躁"])
@pytest.mark.parametrize("few", [-1, 8_000], ids=["reading", "index"])
def test_words_in_notes_find_a_case_too(world, trainer, scored, monkeypatch, few, typed):
    monkeypatch.setattr(case_search, "_FEW", few)
    whole, item = scored(note="態度急躁。"), scored(HELLO=NO | {"note": "员工态度急躁"})
    scored(note="很好")
    assert listed(world, trainer, words=typed) == [item, whole]
    page = world.one(lambda session: cases(session, trainer, CaseFilter(words=typed)))
    assert [row.excerpt.text for row in page.rows] == ["员工态度急躁", "態度急躁。"]


def test_what_needs_looking_up_is_counted_as_far_as_the_first_page(world, trainer, scored):
    for _ in range(27):
        scored(post="guide")
    few = world.one(lambda session: summary(session, trainer, CaseFilter(post="guide"), 60))
    assert (few.count, few.more, few.low) == (25, True, 0)


def test_the_filter_offers_the_groups_and_languages_there_are(world, scored):
    scored(post="guide", call={"language": "ja"})
    scored(call={"language": ""})
    scored(call={"language": "en"})
    with world.seeded.reading() as session:
        assert case_filter.posts(session) == ("agent", "guide")
        assert case_filter.languages(session) == ("en", "ja")  # and not that of a call unscored


def test_a_filter_knows_what_it_asks_for():
    assert CaseFilter(effect="cap").by_finding
    assert not CaseFilter().needs_other_tables
    assert replace(CaseFilter(), rating="low").needs_other_tables
