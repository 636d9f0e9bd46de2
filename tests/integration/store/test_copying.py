"""A portal's database copied from SQLite to PostgreSQL: everything, compared, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.errors import InvalidInput
from db.__main__ import main
from db.encounters.models import Interaction, Turn
from db.migrations import migrate
from db.people.models import Station
from db.safekeeping.database_key import keys_for
from db.safekeeping.log_verification import verify
from db.store import claims
from db.store.base import Model
from db.store.session import make_engine, reading, transaction
from db.upkeep import copying
from db.upkeep.copying import CopyDiffers, copy_database
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.safekeeping.nora import PHONE

pytestmark = sqlite_only


@pytest.fixture
def target(postgres_databases):
    with postgres_databases.empty() as engine:
        yield engine


def test_everything_arrives_and_goes_on_counting_where_it_was(nora, target):
    rows = copy_database(nora.engine, target, lambda _done, _of: None)
    assert migrate.differences(target) == [], "references and indexes are there again"
    with reading(nora.engine) as here, reading(target) as there:
        for table in Model.metadata.sorted_tables:
            counted = select(func.count()).select_from(table)
            if table.name == "meta":  # the copy says which terms its index has
                counted = counted.where(table.c.key != "search_terms")
            assert here.scalar(counted) == there.scalar(counted) == rows[table.name], table.name
        texts = select(Turn.text).order_by(Turn.interaction_id, Turn.position)
        assert there.scalars(texts).all() == here.scalars(texts).all()
        terms = there.scalar(text("SELECT count(*) FROM search_document"))
        assert terms == there.scalar(select(func.count(Interaction.id.distinct())).join(Turn))
    with transaction(target) as session:
        names = dict.fromkeys(("name_zh_tw", "name_zh_cn", "name_en"), "Next")
        session.add(Station(code="NEXT", kind="office", timezone="UTC", **names))


def test_the_key_opens_the_copy_and_its_log_is_as_sealed(nora, target):
    copy_database(nora.engine, target, lambda _done, _of: None)
    keys = keys_for(target, nora.settings.var_dir)
    with reading(target) as session:
        assert verify(session, keys, ()).is_whole
    assert keys.pseudonym(PHONE) == nora.keys.pseudonym(PHONE)


def test_a_database_in_use_is_not_written_over(nora, target):
    copy_database(nora.engine, target, lambda _done, _of: None)
    with pytest.raises(InvalidInput, match="in use"):
        copy_database(nora.engine, target, lambda _done, _of: None)
    with pytest.raises(InvalidInput, match="from SQLite to PostgreSQL"):
        copy_database(target, nora.engine, lambda _done, _of: None)


def test_a_row_that_comes_out_differently_undoes_the_copy(nora, target, monkeypatch):
    """The first reading of the stations, which is copied, has another zone than the second."""
    chunks, damaged = copying._chunks, []

    def damaged_once(session: Session, table):
        for rows in chunks(session, table):
            if table.name == "station" and not damaged:
                place = table.c.keys().index("timezone")
                damaged.extend((*row[:place], "Lost", *row[place + 1 :]) for row in rows)
                yield damaged
            else:
                yield rows

    monkeypatch.setattr(copying, "_chunks", damaged_once)
    with pytest.raises(CopyDiffers, match="Table station came out differently"):
        copy_database(nora.engine, target, lambda _done, _of: None)
    with reading(target) as session:
        assert session.scalar(select(func.count()).select_from(Station)) == 0
    assert migrate.differences(target) == []
    assert copy_database(nora.engine, target, lambda _done, _of: None)["station"] > 0


ODD = {
    "tenth": 0.1,
    "tiny": 1e-310,
    "huge": 2**70,
    "none": None,
    "text": 'a "quoted" \\u0000 that is no NUL, 😀 \u2028 \u0301',
    "order": {"b": 1, "a": [[], {}, ""]},
}

VAST = [1e22, 1e23, -1.7976931348623157e308, -0.0, 5e-324]
"""PostgreSQL writes the first three without an exponent, and Python reads them as whole numbers."""


def test_odd_values_arrive_as_they_are(nora, target):
    with transaction(nora.engine) as session:
        row = session.scalars(select(Interaction).order_by(Interaction.id)).first()
        row.attributes = {**ODD, "vast": VAST}
        row.occurred_at = datetime(1950, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    copy_database(nora.engine, target, lambda _done, _of: None)
    with reading(target) as session:
        row = session.scalars(select(Interaction).order_by(Interaction.id)).first()
        arrived = dict(row.attributes)
        assert [float(number) for number in arrived.pop("vast")] == VAST
        assert arrived == ODD
        assert row.occurred_at == datetime(1950, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE station SET timezone = printf('%.300c', 'x')", "value too long"),
        ('UPDATE interaction SET attributes = \'{"a": "\\ud800"}\'', "invalid input syntax|json"),
        ('UPDATE interaction SET attributes = \'{"a": "\\u0000"}\'', "Unicode escape sequence"),
        ("UPDATE station SET name_en = 'a' || char(0) || 'b'", "NUL"),
        ("UPDATE interaction SET occurred_at = 'yesterday'", "isoformat string: 'yesterday'"),
    ],
)
def test_what_postgresql_does_not_take_is_named_with_its_table(nora, target, statement, problem):
    with nora.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()
    with pytest.raises(CopyDiffers, match=f"^Table (station|interaction) holds .*({problem})"):
        copy_database(nora.engine, target, lambda _done, _of: None)
    with reading(target) as session:
        assert session.scalar(select(func.count()).select_from(Station)) == 0
    assert migrate.differences(target) == []


def test_the_command_waits_for_the_portal_to_be_stopped(nora, target, monkeypatch, capsys):
    url = target.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", nora.engine.url.render_as_string())
    monkeypatch.setenv("VAR_DIR", str(nora.settings.var_dir))
    with transaction(nora.engine) as session:
        claims.take_lease(
            session, claims.WORKER, holder="a portal", now=_in_the_future(), lasting=claims.KEPT
        )
    assert main(["copy-to", url]) == 2
    assert "stop it first" in capsys.readouterr().err
    with transaction(nora.engine) as session:
        claims.return_lease(session, claims.WORKER, holder="a portal")
    assert main(["copy-to", url]) == 0
    assert "copied, and compared one by one" in capsys.readouterr().out
    assert make_engine(url).dialect.name == "postgresql"


def _in_the_future():
    return NOW.replace(year=2999)
