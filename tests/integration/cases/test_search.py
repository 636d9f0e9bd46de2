"""Finding cases by words of their transcript, in either script, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from core.access import Role
from core.text.search_query import query_of
from core.text.textfold import TextRange
from db.cases.queries import case_search
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases, summary
from db.encounters import search_index
from db.encounters.models import Interaction, Turn
from db.inspection.models import Inspection
from tests.factories import (
    identity,
    make_interaction,
    make_staff,
    make_station,
    make_user,
)
from tests.support.inspection.inspecting import NO

pytestmark = pytest.mark.both


@pytest.fixture
def said(world):
    """`said("…", ITEM=NO)`: an inspected call in which the agent says this, indexed."""

    def stored(*turns, staff=None, **lost):
        call = {"turns": [("agent", text) for text in turns]}
        made = world.scored(staff=staff or world.staff(), call=call, **lost)
        with world.seeded.transaction() as session:
            search_index.index_interactions(session, [world.inspection(made).interaction_id])
        return made

    return stored


@pytest.fixture(params=["reading", "index"])
def way(request, monkeypatch):
    """Once by reading case after case, once by the index from the first case on."""
    if request.param == "reading":
        monkeypatch.setattr(case_search, "_FEW", -1)
    return request.param


def found(world, who, words, **wanted):
    page = world.one(lambda session: cases(session, who, CaseFilter(words=words, **wanted)))
    return [row.inspection_id for row in page.rows]


@pytest.mark.parametrize("typed", ["票", "機票", "机票", "機票退款", "机票退款"])
def test_one_two_and_four_characters_find_either_script(world, trainer, said, way, typed):
    traditional, simplified = said("我的機票退款呢"), said("我的机票退款呢")
    said("行李呢")
    assert found(world, trainer, typed) == [traditional, simplified]


def test_latin_words_are_found_in_any_case_and_by_their_beginning(world, trainer, said, way):
    made = said("My Passport, ＹＦ417.")
    said("A port.")
    for typed in ("passport", "PASS", "yf417", "ｐａｓｓ"):
        assert found(world, trainer, typed) == [made]
    assert found(world, trainer, "assport") == []
    assert found(world, trainer, "17") == []
    assert found(world, trainer, "417") == [made]


def test_all_words_must_be_there_though_not_in_one_turn(world, trainer, said, way):
    both = said("我要退款", "這張機票")
    said("我要退款")
    said("這張機票")
    assert found(world, trainer, "機票 退款") == [both]


def test_pairs_that_stand_apart_are_no_word(world, trainer, said, way):
    """退票 and 票款 both stand in it, 退票款 does not."""
    said("我要退票", "票款多少")
    made = said("退票款")
    assert found(world, trainer, "退票款") == [made]


def test_words_come_in_the_order_of_the_scores_and_with_the_other_filters(
    world, trainer, said, way
):
    with world.seeded.transaction() as session:
        desk = make_station(session, code="DESK")
        here = make_staff(session, station=desk)
        desk_id = desk.id
    full, greeting, solution = (
        said("機票", staff=here),
        said("機票", HELLO=NO),
        said("機票", staff=here, RIGHT=NO),
    )
    said("行李", HELLO=NO)
    assert found(world, trainer, "機票") == [solution, greeting, full]
    assert found(world, trainer, "機票", best_first=True) == [full, greeting, solution]
    assert found(world, trainer, "機票", item_key="HELLO") == [greeting]
    assert found(world, trainer, "機票", section_key="solution") == [solution]
    assert found(world, trainer, "機票", station_ids=(desk_id,)) == [solution, full]
    assert found(world, trainer, "機票", channel="chat") == []


def test_a_station_manager_finds_only_in_the_own_subtree(world, said, way):
    with world.seeded.transaction() as session:
        desk = make_station(session, code="DESK")
        here = make_staff(session, station=desk)
        make_user(session, "mona", Role.STATION_MANAGER, station_id=desk.id)
        mona = identity(session, "mona")
    mine = said("機票", staff=here)
    said("機票")
    assert found(world, mona, "機票") == [mine]


def test_pages_follow_each_other_without_gap_or_repeat(world, trainer, said, way):
    made = [said("機票", **lost) for lost in ({}, {"HELLO": NO}, {}, {"HELLO": NO}, {})]
    seen, after = [], None
    wanted = CaseFilter(words="机票")
    for _ in range(3):
        with world.seeded.reading() as session:
            page = cases(session, trainer, wanted, after=after, limit=2)
        seen += [row.inspection_id for row in page.rows]
        after = page.next
    assert (seen, after) == ([made[1], made[3], made[0], made[2], made[4]], None)


def test_what_was_typed_is_marked_in_the_excerpt(world, trainer, said, way):
    said("您好。", "啊" * 50 + "我的機票呢")
    page = world.one(lambda session: cases(session, trainer, CaseFilter(words="机票")))
    excerpt = page.rows[0].excerpt
    assert [excerpt.text[start:end] for start, end in excerpt.hits] == ["機票"]
    assert excerpt.text == "…" + "啊" * 28 + "我的機票呢"
    assert excerpt.hits == (TextRange(31, 33),)


@pytest.mark.parametrize(
    "typed", ["a'b", "機*", "機 OR 票", "机:*", "NEAR(", "a\\b", "a&b|c", "!機"]
)
def test_signs_of_the_databases_own_language_are_nothing_special(world, trainer, said, way, typed):
    made = said("機 or 票 a b c near 机")
    assert found(world, trainer, typed) == [made]


@pytest.mark.parametrize("typed", ["'", '"', "*", "\\", "%", "😀", "🧳 👍🏽", "-", '""'])
def test_signs_alone_find_nothing(world, trainer, said, way, typed):
    said("機票 😀")
    assert found(world, trainer, typed) == []
    none = world.one(lambda session: summary(session, trainer, CaseFilter(words=typed), 85))
    assert (none.count, none.more) == (0, False)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ('"check in"', (0, 1)),
        ("check in", (0, 1, 2)),
        ("check-in", (0, 1)),
        ("行李", (3, 4)),
        ("-行李", (0, 1, 2, 5)),
        ("行李 NOT 登機", (3,)),
        ("行李 OR 106", (3, 4, 5)),
        ("106", (4, 5)),
        ("YF 106", (4, 5)),
        ("YF106 -行李", (5,)),
    ],
)
def test_phrases_exclusions_alternatives_and_parts_of_codes(
    world, trainer, said, way, typed, numbers
):
    texts = (
        ("A check in the hall.",),
        ("Your check-in.",),
        ("A check.", "Then in."),
        ("行李",),
        ("行李", "登機 YF106"),
        ("YF 106",),
    )
    made = [said(*turns) for turns in texts]
    assert found(world, trainer, typed) == [made[number] for number in numbers]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("登機門", "登\u200b機\u2060門"),
        ("boarding", "boar\u00adding"),
        ("轉盤", "轉\n盤"),
        ("機票", "機\ufe00票"),
        ("café", "cafe\u0301"),
        ("cafe\u0301", "café"),
        ("衛生", "衞生"),
        ("1,234", "1234"),
        ("1234", "1,234"),
        ("rebooking", "re-booking"),
    ],
)
def test_what_is_not_seen_hides_no_word_and_the_mark_is_right(
    world, trainer, said, way, typed, written
):
    made = said(f"前 {written} 後")
    page = world.one(lambda session: cases(session, trainer, CaseFilter(words=typed)))
    [row] = page.rows
    assert row.inspection_id == made
    assert [row.excerpt.text[start:end] for start, end in row.excerpt.hits] == [written]


def test_exclusions_alone_are_found_on_every_page(world, trainer, said, way):
    said("行李")
    made = [said("機票") for _ in range(3)]
    with world.seeded.reading() as session:
        first = cases(session, trainer, CaseFilter(words="-行李"), limit=2)
        second = cases(session, trainer, CaseFilter(words="-行李"), limit=2, after=first.next)
    assert [row.inspection_id for row in (*first.rows, *second.rows)] == made


def test_the_summary_of_words_is_counted_as_far_as_the_first_page(world, trainer, said, way):
    for _ in range(27):
        said("機票", HELLO=NO)
    few = world.one(lambda session: summary(session, trainer, CaseFilter(words="機票"), 85))
    assert (few.count, few.more, few.low) == (25, True, 25)
    assert [(item.item_key, item.cases) for item in few.most_lost] == [("HELLO", 25)]


def test_the_first_page_is_what_the_summary_has_found(world, trainer, said, way):
    made = [said("機票") for _ in range(27)]
    wanted = CaseFilter(words="機票")
    with world.seeded.reading() as session:
        known = summary(session, trainer, wanted, 85)
        page = cases(session, trainer, wanted, known=known)
        assert page == cases(session, trainer, wanted)
        assert [row.inspection_id for row in page.rows] == made[:25]
        behind = cases(session, trainer, wanted, after=page.next, known=known)
    assert [row.inspection_id for row in behind.rows] == made[25:]


def test_who_has_refused_since_the_summary_is_on_no_page(world, trainer, said, way):
    first, second = said("機票"), said("機票")
    wanted = CaseFilter(words="機票")
    known = world.one(lambda session: summary(session, trainer, wanted, 85))
    with world.seeded.transaction() as session:
        refusing = select(Inspection.interaction_id).where(Inspection.id == first)
        session.execute(
            update(Interaction).where(Interaction.id.in_(refusing)).values(consent=False)
        )
    page = world.one(lambda session: cases(session, trainer, wanted, known=known))
    assert [row.inspection_id for row in page.rows] == [second]


def test_an_encounter_that_changed_is_found_by_its_new_words_only(world, trainer, said, way):
    made = said("舊的機票")
    with world.seeded.transaction() as session:
        call = session.scalars(select(Interaction.id)).all()[-1]
        session.execute(delete(Turn).where(Turn.interaction_id == call))
        session.add(Turn(interaction_id=call, position=1, speaker="agent", text="新的行李"))
        session.flush()
        search_index.index_interactions(session, [call])
    assert found(world, trainer, "行李") == [made]
    assert found(world, trainer, "機票") == []


def test_a_deleted_encounter_is_no_candidate_that_hurts(world, trainer, said, way):
    said("機票")
    with world.seeded.transaction() as session:
        gone = make_interaction(session, turns=[("agent", "機票")])
        search_index.index_interactions(session, [gone.id])
        session.execute(delete(Turn).where(Turn.interaction_id == gone.id))
        session.flush()
        session.execute(delete(Interaction).where(Interaction.id == gone.id))
    assert len(found(world, trainer, "機票")) == 1


def test_everything_can_be_indexed_anew(world, monkeypatch):
    monkeypatch.setattr(search_index, "_CHUNK", 2)
    with world.seeded.transaction() as session:
        calls = [make_interaction(session).id for _ in range(3)]
        steps = []
        total = search_index.reindex(session, lambda done, of: steps.append((done, of)))
    assert total == steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == [2, 4]
    found = world.one(lambda session: search_index.candidates(session, query_of("机票")))
    assert set(calls) <= set(found)


def test_an_index_of_an_older_version_is_made_anew_at_a_start(world, trainer, said):
    made = said("YF 106")
    with world.seeded.transaction() as session:
        assert not search_index.is_up_to_date(session)
        search_index.reindex(session, lambda done, total: None)
        assert search_index.is_up_to_date(session)
        [call] = search_index.candidates(session, query_of("106"))
        search_index.forget(session, [call])
        assert search_index.candidates(session, query_of("106")) == []
        search_index.reindex(session, lambda done, total: None)
    assert found(world, trainer, "YF106") == [made]


def test_more_candidates_than_can_be_ranked_are_read_case_by_case(
    world, trainer, said, monkeypatch
):
    monkeypatch.setattr(case_search, "_FEW", -1)
    monkeypatch.setattr(case_search, "_FIRST", 1)
    monkeypatch.setattr(case_search, "_STEP", 1)
    monkeypatch.setattr(case_search, "_RARE", 1)
    said("行李", RIGHT=NO)
    made = [said("機票", HELLO=NO), said("機票")]
    assert found(world, trainer, "機票") == made
    monkeypatch.setattr(case_search, "_MOST_READ", 2)
    assert found(world, trainer, "機票") == made


def test_an_update_of_a_score_keeps_the_order(world, trainer, said, way):
    first, second = said("機票", HELLO=NO), said("機票", RIGHT=NO)
    assert found(world, trainer, "機票") == [second, first]
    with world.seeded.transaction() as session:
        session.execute(update(Interaction).values(language="en"))
    assert found(world, trainer, "機票") == [second, first]
