"""Migrations on both databases, and the guards that come with them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.encounters.models import Interaction
from db.inspection.models import Assignment
from db.migrations import migrate
from db.migrations.search import is_model
from db.people.models import Station, User
from db.store import audit
from db.store.base import Model
from db.store.models import AuditEvent
from db.store.session import reading, transaction
from tests.support.clock import NOW

pytestmark = pytest.mark.both


def test_a_new_database_is_not_current_until_it_is_upgraded(empty_engine: Engine):
    assert not migrate.is_current(empty_engine)
    assert migrate.problem(empty_engine) == "the database is not migrated"
    migrate.upgrade(empty_engine)
    assert migrate.is_current(empty_engine)
    assert migrate.problem(empty_engine) is None


def test_migrations_make_exactly_the_tables_of_the_models(engine: Engine):
    assert migrate.differences(engine) == []
    tables = {name for name in inspect(engine).get_table_names() if is_model(name, "table", {})}
    assert tables == {*Model.metadata.tables, "alembic_version"}


def test_a_column_that_no_migration_makes_is_reported(engine: Engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE meta ADD COLUMN forgotten INTEGER")
    assert len(migrate.differences(engine)) == 1


def test_downgrade_leaves_nothing_and_upgrade_works_again(engine: Engine):
    migrate.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine)
    assert migrate.is_current(engine)
    assert migrate.differences(engine) == []


def test_upgrade_of_a_current_database_changes_nothing(engine: Engine):
    with transaction(engine) as session:
        audit.record(session, None, "test", ("nothing", 1), now=NOW)
    migrate.upgrade(engine)
    with reading(engine) as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["test"]


@pytest.mark.parametrize(
    "change",
    [update(AuditEvent).values(reason="other"), delete(AuditEvent)],
    ids=["update", "delete"],
)
def test_the_audit_log_refuses_changes(engine: Engine, change):
    with transaction(engine) as session:
        audit.record(session, None, "test", ("nothing", 1), now=NOW, reason="first")
    with pytest.raises(DBAPIError, match="append-only"), transaction(engine) as session:
        session.execute(change)
    with reading(engine) as session:
        assert session.scalars(select(AuditEvent.reason)).all() == ["first"]


def test_an_unused_checklist_version_may_change(engine: Engine):
    version_id = _version(engine)
    with transaction(engine) as session:
        session.execute(update(ChecklistVersion).values(content={"key": "changed"}))
    with reading(engine) as session:
        assert session.get_one(ChecklistVersion, version_id).content == {"key": "changed"}


def test_a_used_checklist_version_refuses_another_content(engine: Engine):
    version_id = _version(engine)
    _use(engine, version_id)
    with pytest.raises(DBAPIError, match="immutable"), transaction(engine) as session:
        session.execute(update(ChecklistVersion).values(content={"key": "changed"}))
    with transaction(engine) as session:
        session.execute(update(ChecklistVersion).values(state="retired"))
    with reading(engine) as session:
        version = session.get_one(ChecklistVersion, version_id)
        assert (version.content, version.state) == ({"key": "first"}, "retired")


def _version(engine: Engine) -> int:
    with transaction(engine) as session:
        record = ChecklistRecord(key="test", origin="portal", created_at=NOW)
        session.add(record)
        session.flush()
        version = ChecklistVersion(
            checklist_id=record.id,
            number=1,
            state="active",
            content={"key": "first"},
            content_digest="x" * 64,
            created_at=NOW,
        )
        session.add(version)
        session.flush()
        return version.id


def _use(engine: Engine, version_id: int) -> None:
    names = dict.fromkeys(("name_zh_tw", "name_zh_cn", "name_en"), "Desk")
    with transaction(engine) as session:
        session.execute(
            insert(Station).values(id=1, code="D", kind="phone_desk", timezone="UTC", **names)
        )
        session.execute(
            insert(User).values(
                id=1, username="alice", name="Alice", password_hash="", created_at=NOW
            )
        )
        session.execute(
            insert(Interaction).values(
                id=1,
                source="test",
                external_id="1",
                channel="phone",
                station_id=1,
                occurred_at=NOW,
                events=[],
                attributes={},
                content_digest="x",
                imported_at=NOW,
            )
        )
        session.execute(
            insert(Assignment).values(
                interaction_id=1,
                checklist_version_id=version_id,
                inspector_id=1,
                due_on=NOW.date(),
                submission_key="key",
                assigned_at=NOW,
            )
        )
