"""An import lets others write: short transactions, and nothing masked or indexed inside one."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core.encounters import prepared_texts
from core.encounters.prepared_texts import each_prepared
from core.safekeeping.masking import mask_turns
from core.text.search_query import query_of
from db.encounters.models import ClearSpan, Interaction, Turn
from db.encounters.search_index import candidates
from db.importing import import_run
from db.importing.batches.pace import Pace
from db.importing.import_run import Order, run_import
from db.people.models import Station
from db.store.session import reading
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, call, csv_of, jsonl

SAID = "您好，我的电话是13812345678，请问行李在哪里？"


def calls(number, characters):
    """Conversations of so many characters in turns of 28."""
    turns = [
        {"speaker": "customer", "text": f"{SAID}{place % 10}"}
        for place in range(max(1, characters // len(SAID)))
    ]
    return [call(each, turns=turns) for each in range(1, number + 1)]


class Transactions:
    """How many encounters each writing transaction of an engine stores."""

    def __init__(self):
        self.stored, self.is_open = [], False

    @contextmanager
    def of(self, engine):
        listeners = {"begin": self._begin, "commit": self._end, "rollback": self._end}
        listeners["before_cursor_execute"] = self._execute
        for name, listener in listeners.items():
            event.listen(engine, name, listener)
        yield self
        for name, listener in listeners.items():
            event.remove(engine, name, listener)

    @property
    def encounters(self):
        return [number for number in self.stored if number]

    def _begin(self, connection):
        if connection.get_execution_options().get("portal_writes"):
            self.is_open = True
            self.stored.append(0)

    def _end(self, _connection):
        self.is_open = False

    def _execute(self, _connection, _cursor, statement, given, _context, many):
        if statement.startswith("INSERT INTO interaction "):
            self.stored[-1] += len(given) if many else 1


@pytest.fixture
def transactions(desk):
    with Transactions().of(desk.engine) as listening:
        yield listening


def every_transaction_takes(monkeypatch, seconds):
    ticks = count(step=seconds)
    monkeypatch.setattr(import_run, "perf_counter", lambda: next(ticks))


def test_where_the_machine_is_slow_a_transaction_takes_one_conversation(
    desk, transactions, monkeypatch
):
    """One of 8,000 characters; only the first goes by no experience, and takes one or two."""
    every_transaction_takes(monkeypatch, 1.0)
    assert desk.counts("interactions", jsonl(*calls(12, 8_000)))[1] == 12
    assert sum(transactions.encounters) == 12
    assert set(transactions.encounters[1:]) == {1}


def test_where_it_is_fast_one_takes_a_batch(desk, transactions, monkeypatch):
    every_transaction_takes(monkeypatch, 0.0001)
    desk.counts("interactions", jsonl(*calls(900, 40)))
    assert sum(transactions.encounters) == 900
    assert max(transactions.encounters) == transactions.encounters[-2] == 100


class Rows(list):
    """Rows of these sizes, as far as a pace sees them."""

    def __init__(self, *sizes):
        super().__init__(type("Row", (), {"size": size})() for size in sizes)

    @staticmethod
    def sizes(portions):
        return [[row.size for row in portion] for portion in portions]


def test_a_portion_is_as_large_as_the_time_allows():
    """At first 20,000. They took 0.01 s where 0.04 are meant: half as much again, 30,000, is tried.

    30,000 took 0.05 s, so 24,000 fit.
    """
    pace, rows = Pace(0.04), Rows(*[4_000] * 8)
    assert Rows.sizes(pace.portions(rows)) == [[4_000] * 5, [4_000] * 3]
    pace.took(Rows(20_000), 0.01)
    assert Rows.sizes(pace.portions(rows)) == [[4_000] * 7, [4_000]]
    pace.took(Rows(30_000), 0.05)
    assert Rows.sizes(pace.portions(rows)) == [[4_000] * 6, [4_000] * 2]


def test_a_portion_never_becomes_so_small_that_its_rows_take_the_least_of_it():
    pace = Pace(0.04)
    pace.took(Rows(20_000), 4.0)
    assert Rows.sizes(pace.portions(Rows(*[4_000] * 5))) == [[4_000] * 5]


def test_a_row_larger_than_a_portion_goes_alone():
    assert Rows.sizes(Pace().portions(Rows(5, 900_000, 5))) == [[5], [900_000], [5]]


def test_a_small_rest_that_was_fast_says_nothing_of_a_whole_portion():
    pace = Pace(0.04)
    pace.took(Rows(100), 0.00001)
    assert Rows.sizes(pace.portions(Rows(12_000, 12_000))) == [[12_000], [12_000]]


def test_each_text_is_masked_once_and_in_no_transaction(desk, transactions, monkeypatch):
    masked = []

    def noting(texts):
        masked.append((tuple(texts), transactions.is_open))
        return mask_turns(texts)

    monkeypatch.setattr(prepared_texts, "mask_turns", noting)
    rows = [call(n, turns=[{"speaker": "agent", "text": f"Call {n}."}]) for n in range(1, 31)]
    desk.counts("interactions", jsonl(*rows))
    assert sorted(masked) == sorted(((f"Call {n}.",), False) for n in range(1, 31))
    masked.clear()
    assert desk.counts("interactions", jsonl(*rows))[2] == 30  # unchanged: nothing to mask
    assert masked == []


def test_a_row_is_read_once_and_goes_in_as_it_was_looked_at(desk):
    """What is agreed to is what is written, whatever becomes of the file meanwhile."""
    rows = [call(n, attributes={"seats": [{"row": n}]}) for n in range(1, 4)]
    path = desk.file(json.dumps(rows).encode())

    def overwriting(_share, _counts):
        path.write_bytes(jsonl(call(9)))

    order = Order("interactions", path)
    run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW, progress=overwriting)
    assert desk.all(Interaction.external_id, Interaction.attributes) == [
        (f"call-{n}", {"seats": [{"row": n}]}) for n in range(1, 4)
    ]


def test_rows_that_cannot_be_read_are_counted_in_their_places(desk, monkeypatch):
    """Seven rows, five without a source: refused by twos, each once, in the file as on the page."""
    monkeypatch.setattr(import_run, "_UNREAD", 2)
    rows = [call(n, **({} if n in (3, 6) else {"source": ""})) for n in range(1, 8)]
    told = []
    result = run_import(
        desk.engine,
        KEYS,
        Order("interactions", desk.file(jsonl(*rows)), refused=desk.folder / "refused.csv"),
        who=None,
        clock=lambda: NOW,
        progress=lambda _share, counts: told.append((counts.read, counts.added, counts.refused)),
    )
    assert (result.counts.read, result.counts.added, result.counts.refused) == (7, 2, 5)
    assert [refusal.line for refusal in result.first_refusals] == [1, 2, 4, 5, 7]
    written = (desk.folder / "refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in written] == ["line", "1", "2", "4", "5", "7"]
    looked, stored = told[: len(told) // 2], told[len(told) // 2 :]
    assert looked == [(2, 0, 2), (5, 0, 4), (7, 0, 5)]
    assert stored == [(2, 0, 2), (5, 0, 4), (7, 2, 5)]


def test_no_garbage_is_looked_for_while_others_wait(desk, transactions):
    """Looking for it in a hundred thousand rows has kept a pad waiting for half a second."""
    collected = []

    def noting(phase, _info):
        if phase == "start":
            collected.append(len(transactions.stored) - 1 if transactions.is_open else None)

    usual = gc.get_threshold()
    gc.callbacks.append(noting)
    gc.set_threshold(50, 1, 1)
    try:
        desk.counts("interactions", jsonl(*calls(60, 400)))
    finally:
        gc.set_threshold(*usual)
        gc.callbacks.remove(noting)
    assert None in collected
    assert not any(transactions.stored[number] for number in collected if number is not None)
    assert gc.isenabled()


def test_attributes_alone_are_made_ready_too(desk, transactions, monkeypatch):
    desk.counts("interactions", jsonl(call(1)))
    made = []

    def noting(texts):
        made.append(transactions.is_open)
        return each_prepared(texts)

    monkeypatch.setattr("db.importing.batches.preparing.each_prepared", noting)
    row = call(1, attributes={"note": "Telephone 13812345678"})
    del row["turns"]
    assert desk.counts("interactions", jsonl(row))[3] == 1
    assert made == [False]
    assert desk.all(Interaction.attributes) == [({"note": "Telephone ███████████"},)]


@pytest.mark.both
def test_what_went_in_is_found_and_told_again_is_found_anew(desk):
    first = call(1, turns=[{"speaker": "agent", "text": "The belt is broken."}])
    second = call(1, turns=[{"speaker": "agent", "text": "The belt is repaired."}])
    for row, word in ((first, "broken"), (second, "repaired")):
        desk.counts("interactions", jsonl(row))
        with reading(desk.engine) as session:
            assert session.scalars(select(Turn.text)).all() == [row["turns"][0]["text"]]
            assert candidates(session, query_of(word))


class Stopped(Exception):
    """Somebody stops the import."""


@pytest.mark.both
def test_an_import_cut_off_is_finished_by_the_next_one(desk):
    """Cut off after 100 of 900: nothing of them is there twice, and nothing of the rest lacks."""
    content = jsonl(*calls(900, 60))

    def stopping(_share, counts):
        if counts.added >= 100:
            raise Stopped

    order = Order("interactions", desk.file(content))
    with pytest.raises(Stopped):
        run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW, progress=stopping)
    stored = desk.count(Interaction)
    assert 0 < stored < 900
    assert desk.counts("interactions", content) == (900, 900 - stored, stored, 0, 0)
    assert (desk.count(Interaction), desk.count(Turn), desk.count(ClearSpan)) == (900, 1800, 1800)
    with reading(desk.engine) as session:
        assert len(candidates(session, query_of("行李"))) == 900


@contextmanager
def meanwhile(desk, do):
    """Does something once, when the import has stored its first rows."""
    waiting = [do]

    def after_commit(_session):
        with reading(desk.engine) as session:
            begun = session.scalar(select(Interaction.id).filter_by(external_id="call-1"))
        if begun and waiting:
            waiting.pop()()

    event.listen(Session, "after_commit", after_commit)
    yield
    event.remove(Session, "after_commit", after_commit)
    assert not waiting


def says(desk, text):
    row = call(3, turns=[{"speaker": "agent", "text": text}])
    path = desk.folder / "meanwhile"
    path.write_bytes(jsonl(row))
    run_import(desk.engine, KEYS, Order("interactions", path), who=None, clock=lambda: NOW)


@pytest.mark.both
@pytest.mark.parametrize("stored_before", [None, "The third speaks of 13912345678."])
def test_what_was_stored_meanwhile_is_compared_again(desk, monkeypatch, stored_before):
    """Rows one to three are looked at before the first is written; then somebody tells the third.

    Looked at, it was new or unchanged; written, it has the words of the file, once, found by them
    and no others, with its own hidden number.
    """
    monkeypatch.setattr("db.importing.interactions.Interactions.at_once", 1)
    told = "The third speaks of 13912345678."
    if stored_before:
        says(desk, stored_before)
    rows = [call(n, turns=[{"speaker": "agent", "text": f"Call {n}."}]) for n in (1, 2)]
    content = jsonl(*rows, call(3, turns=[{"speaker": "agent", "text": told}]), call(4))
    with meanwhile(desk, lambda: says(desk, "Otherwise by 13700000000.")):
        desk.load("interactions", content)
    assert desk.count(Interaction) == 4
    with reading(desk.engine) as session:
        third = session.scalars(select(Interaction.id).filter_by(external_id="call-3")).one()
        texts = select(Turn.text).where(Turn.interaction_id == third)
        assert session.scalars(texts).all() == [f"The third speaks of {'█' * 11}."]
        spans = select(ClearSpan.cipher).where(ClearSpan.interaction_id == third)
        assert [KEYS.decrypt(cipher) for cipher in session.scalars(spans)] == ["13912345678"]
        assert third in candidates(session, query_of("third"))


def test_stations_far_apart_in_a_file_are_seen_together(desk):
    """A parent may stand below 1,200 children, which are more than a batch of other rows."""
    rows = [
        {
            "code": f"K{number}",
            "name_en": f"Counter {number} {'long ' * 20}",
            "kind": "shop",
            "timezone": "Asia/Taipei",
            "parent_code": "TOP",
        }
        for number in range(1_200)
    ]
    top = {"code": "TOP", "name_en": "Top", "kind": "shop", "timezone": "Asia/Taipei"}
    content = csv_of(*rows, top)
    assert len(content) > import_run._AT_ONCE
    assert desk.counts("stations", content)[1] == 1_201
    parents = {parent for (parent,) in desk.all(Station.parent_id)}
    assert len(parents - {None}) == 1
