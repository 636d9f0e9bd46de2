"""Words within a slice: the index is asked for both, and the answer is that of reading all."""

from __future__ import annotations

import random
import re

import pytest
from sqlalchemy import select, update

from core.access import Role
from core.text.search_query import query_of
from core.text.words import terms_of
from db.cases.queries import case_search
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.case_search import ids_with_words
from db.checklists.services.standards import sync_standards
from db.encounters import search_index
from db.encounters.models import Turn
from db.inspection.models import Assignment, Inspection
from db.inspection.services.drafts import Work
from db.migrations import migrate
from db.store.session import reading, transaction
from tests.bench.generate import bench_now, generate
from tests.factories import identity, make_user
from tests.support.cases.slow_search import by_reading_all
from tests.support.inspection.inspecting import answers

pytestmark = pytest.mark.both
_CASES, _SEARCHES, _PAGE = 300, 24, 4


@pytest.fixture
def filled(databases):
    with databases.like("slices to search", _filled) as engine:
        yield engine


@pytest.fixture(params=["as it is", "by reading on", "in small steps"])
def way(request, monkeypatch):
    small = {
        "_FEW": 2,
        "_FIRST": 2,
        "_STEP": 7,
        "_LONG_STEP": 11,
        "_RARE": 4,
        "_MANY": 25,
        "_MOST_READ": 20,
    }
    changed = {"by reading on": {"_FEW": -1}, "in small steps": small}
    for name, value in changed.get(request.param, {}).items():
        monkeypatch.setattr(case_search, name, value)


def _filled(engine):
    migrate.upgrade(engine)
    with transaction(engine) as session:
        sync_standards(session, now=bench_now())
    generate(engine, _CASES, now=bench_now(), seed=3)
    with transaction(engine) as session:
        make_user(session, "quentin", Role.QUALITY_MANAGER)
        make_user(session, "tina", Role.TRAINER)
        make_user(
            session,
            "sue",
            Role.STATION_MANAGER,
            station_id=_values(session, Inspection.station_id)[0],
        )
        noted = Inspection.id % 9 == 0
        session.execute(update(Inspection).where(noted).values(note="退款 refund QZX70417"))
        session.flush()
        search_index.reindex(session, lambda _done, _total: None)


def _values(session, column):
    return sorted(session.scalars(select(column).distinct()))


def words_of(session):
    """Two characters, beginnings and whole words that stand in the texts, each often or seldom."""
    texts = " ".join(
        session.scalars(select(Turn.text).order_by(Turn.interaction_id, Turn.position).limit(200))
    )
    pairs = re.findall("[\u4e00-\u9fff]{2}", texts)
    return sorted({*pairs, *re.findall("[A-Za-z]{4,}", texts), "QZX70417", "refund", "zebra"})


def typed(draw, words):
    one, other = draw.choice(words), draw.choice(words)
    forms = (one, one, f"{one} {other}", f"{one} OR {other}", f"{one} -{other}", f'"{one}"')
    return draw.choice((*forms, f"-{one}"))


def slice_of(draw, session):
    first = draw.choice([202401, 202505, 202601, 202605])
    maybe = {
        "channel": draw.choice(_values(session, Inspection.channel)),
        "language": draw.choice(_values(session, Inspection.language)),
        "station_ids": tuple(draw.sample(_values(session, Inspection.station_id), 2)),
        "from_month": first,
        "to_month": first + draw.randrange(4),
        "critical_only": True,
        "best_first": True,
    }
    chosen = {name: value for name, value in maybe.items() if draw.random() < 0.35}
    return CaseFilter(words=typed(draw, words_of(session)), **chosen)


@pytest.mark.parametrize("reader", ["quentin", "tina", "sue"])
def test_any_words_in_any_slice_are_found_as_by_reading_every_case(filled, way, reader):
    draw = random.Random(f"slices {reader}")
    found = []
    with reading(filled) as session:
        who = identity(session, reader)
        for _ in range(_SEARCHES):
            wanted = slice_of(draw, session)
            every = by_reading_all(session, who, wanted)
            page = ids_with_words(session, who, wanted, limit=_PAGE)
            assert page == every[:_PAGE], wanted
            if len(every) > _PAGE:
                behind = ids_with_words(session, who, wanted, limit=_CASES, after=page[-1])
                assert behind == every[_PAGE:], wanted
            found.append(len(every))
    assert min(found) < _PAGE < max(found)


def test_an_inspection_is_found_in_its_slice_from_its_submission_on(world, trainer):
    """The words were indexed with the encounter, before anybody scored it."""
    tasks = [
        world.assigned(language=code, turns=[("agent", "行李")]) for code in ("ja", "en", "ja")
    ]
    with world.seeded.transaction() as session:
        calls = [session.get_one(Assignment, task).interaction_id for task in tasks]
        search_index.index_interactions(session, calls)
    for task in tasks[:2]:
        world.draft(Work(answers(), [], ""), task=task)
    made, other = (world.submit(task=task).inspection_id for task in tasks[:2])
    with world.seeded.reading() as session:
        wanted = CaseFilter(words="行李", language="ja", channel="phone")
        found = ids_with_words(session, trainer, wanted, limit=9)
        assert [case.inspection_id for case in found] == [made]
        for key, call, language in ((made, calls[0], "ja"), (other, calls[1], "en")):
            facets = [
                [search_index.facet_term("month", world.inspection(key).month)],
                [search_index.facet_term("language", language)],
            ]
            named = search_index.candidates(session, query_of("行李"), facets=facets)
            assert named == [call]  # and not the one that nobody has scored


@pytest.mark.parametrize("codes", [("zh-TW", "zh_tw"), ("KIOSK", "kiosk")])
def test_codes_that_differ_in_signs_have_one_term(codes):
    assert len({search_index.facet_term("language", code) for code in codes}) == 1


@pytest.mark.parametrize("typed", ["σ13", '"σ13"', "λen", "κphone OR σ13", "μ202605"])
def test_no_word_finds_a_slice(typed):
    """σ13 stands for a station: typed, it is a letter and a number apart."""
    terms = {text for word in query_of(typed).words for way in terms_of(word) for text, _ in way}
    assert terms
    assert not terms & {
        search_index.facet_term("station_id", 13),
        search_index.facet_term("language", "en"),
        search_index.facet_term("channel", "phone"),
        search_index.facet_term("month", 202605),
    }
