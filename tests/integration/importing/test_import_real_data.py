"""The real dialogues go in whole, once, and what is personal in them is masked."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select

from db.encounters.models import ClearSpan, Interaction, Turn
from db.importing.import_run import Order, run_import
from db.people.models import Station
from db.store.session import reading
from tests import real_data
from tests.support.clock import NOW
from tests.support.importing.files import KEYS

KINDS = {
    *("phone", "email", "bank_card", "account", "id_card", "tw_id", "permit", "member", "digits"),
    *("name", "address", "order", "locator", "ticket"),
}


@pytest.fixture
def load(engine, tmp_path):
    def load(kind, rows):
        path = real_data.write_jsonl(tmp_path / f"{kind}.jsonl", rows)
        later = NOW.replace(year=2027)  # 3,700 dialogues, one each 17 minutes from January 2026
        started = time.perf_counter()
        result = run_import(engine, KEYS, Order(kind, path), who=None, clock=lambda: later)
        seconds = time.perf_counter() - started
        print(f"{engine.dialect.name}: {result.counts.read / seconds:,.0f} {kind} a second")
        assert not result.first_refusals
        return result.counts

    return load


def test_the_crsa_dialogues_become_phone_calls_of_a_station_tree(engine, load):
    assert load("stations", real_data.crsa_stations()).added == 5
    assert load("interactions", real_data.crsa_interactions()).added == 768
    assert load("interactions", real_data.crsa_interactions()).unchanged == 768
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 4182
        channels = set(session.scalars(select(Interaction.channel)))
        assert channels == {"phone"}
        first = session.scalars(select(Turn.text).where(Turn.interaction_id == 1)).first()
        assert first == "您好，请问有什么可以帮您"
        below = select(Interaction.id).join(Station).where(Station.parent_id.is_not(None))
        assert len(session.scalars(below).all()) == 768


def test_the_stc3_dialogues_become_chats_of_their_accounts(engine, load):
    stations = load("stations", real_data.stc3_stations()).added
    assert load("interactions", real_data.stc3_interactions()).added == 3700
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 15_400
        used = select(func.count(Interaction.station_id.distinct()))
        assert session.scalar(used) == stations == 28  # 27 accounts and the others
        kinds = dict(
            session.execute(select(ClearSpan.kind, func.count()).group_by(ClearSpan.kind)).all()
        )
        assert kinds["phone"] > 200
        assert set(kinds) <= KINDS
        mobile = session.scalars(
            select(Turn.text).where(Turn.text.regexp_match("[^0-9]1[38][0-9]{9}[^0-9]"))
        )
        assert not list(mobile)
