"""Triggers that keep the audit log append-only and used checklist versions immutable.

Entries of the log leave only when their batch is marked as pruned, which its seal must prove.
"""

from __future__ import annotations

import re

from alembic import op

_DRAFT_SCORES_NOTHING = """CREATE TRIGGER {table}_not_of_a_draft BEFORE INSERT ON {table}
    WHEN (SELECT state FROM checklist_version WHERE id = NEW.checklist_version_id) = 'draft'
    BEGIN SELECT RAISE(ABORT, 'a draft checklist scores nothing'); END"""
_SQLITE = (
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    WHEN OLD.id > coalesce(
        (SELECT max(last_id) FROM audit_seal WHERE pruned_at IS NOT NULL), 0)
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
    BEGIN SELECT RAISE(ABORT, 'audit_seal is append-only'); END""",
    """CREATE TRIGGER audit_seal_no_update
    BEFORE UPDATE OF id, first_id, last_id, entries, newest_at, mac, sealed_at ON audit_seal
    BEGIN SELECT RAISE(ABORT, 'audit_seal is append-only'); END""",
    """CREATE TRIGGER checklist_version_immutable
    BEFORE UPDATE OF content, number, checklist_id ON checklist_version
    WHEN OLD.state <> 'draft' AND
        (EXISTS (SELECT 1 FROM assignment WHERE checklist_version_id = OLD.id)
        OR EXISTS (SELECT 1 FROM inspection WHERE checklist_version_id = OLD.id))
    BEGIN SELECT RAISE(ABORT, 'a used checklist version is immutable'); END""",
    """CREATE TRIGGER checklist_version_no_way_back BEFORE UPDATE OF state ON checklist_version
    WHEN NEW.state = 'draft' AND OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'an activated version does not become a draft'); END""",
    _DRAFT_SCORES_NOTHING.format(table="assignment"),
    _DRAFT_SCORES_NOTHING.format(table="inspection"),
)
_POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION refuse_kept_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.id > coalesce(
            (SELECT max(last_id) FROM audit_seal WHERE pruned_at IS NOT NULL), 0)
        THEN RAISE EXCEPTION 'audit_event is append-only'; END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER audit_event_append_only BEFORE UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_kept_event()""",
    """CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR
    UPDATE OF id, first_id, last_id, entries, newest_at, mac, sealed_at ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION refuse_used_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 'draft' THEN RETURN NEW; END IF;
        IF NEW.state = 'draft'
        THEN RAISE EXCEPTION 'an activated version does not become a draft'; END IF;
        IF (NEW.content, NEW.number, NEW.checklist_id)
            IS NOT DISTINCT FROM (OLD.content, OLD.number, OLD.checklist_id)
        THEN RETURN NEW; END IF;
        IF EXISTS (SELECT 1 FROM assignment WHERE checklist_version_id = OLD.id)
            OR EXISTS (SELECT 1 FROM inspection WHERE checklist_version_id = OLD.id)
        THEN RAISE EXCEPTION 'a used checklist version is immutable'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER checklist_version_immutable BEFORE UPDATE ON checklist_version
    FOR EACH ROW EXECUTE FUNCTION refuse_used_version()""",
    """CREATE FUNCTION refuse_draft() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT state FROM checklist_version WHERE id = NEW.checklist_version_id) = 'draft'
        THEN RAISE EXCEPTION 'a draft checklist scores nothing'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER assignment_not_of_a_draft BEFORE INSERT ON assignment
    FOR EACH ROW EXECUTE FUNCTION refuse_draft()""",
    """CREATE TRIGGER inspection_not_of_a_draft BEFORE INSERT ON inspection
    FOR EACH ROW EXECUTE FUNCTION refuse_draft()""",
)
_POSTGRESQL_DROP = (
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "DROP TRIGGER audit_event_kept ON audit_event",
    "DROP TRIGGER audit_seal_append_only ON audit_seal",
    "DROP TRIGGER checklist_version_immutable ON checklist_version",
    "DROP TRIGGER assignment_not_of_a_draft ON assignment",
    "DROP TRIGGER inspection_not_of_a_draft ON inspection",
    "DROP FUNCTION refuse_change()",
    "DROP FUNCTION refuse_kept_event()",
    "DROP FUNCTION refuse_used_version()",
    "DROP FUNCTION refuse_draft()",
)
_SQLITE_DROP = (
    "DROP TRIGGER audit_event_no_update",
    "DROP TRIGGER audit_event_no_delete",
    "DROP TRIGGER audit_seal_no_delete",
    "DROP TRIGGER audit_seal_no_update",
    "DROP TRIGGER checklist_version_immutable",
    "DROP TRIGGER checklist_version_no_way_back",
    "DROP TRIGGER assignment_not_of_a_draft",
    "DROP TRIGGER inspection_not_of_a_draft",
)
AT_HEAD = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
"""The guards a database of the newest revision has. What 0001 runs stays as it is: a revision that
changes a guard brings its own statements, and here they stand in the place of the first ones."""
_OF_TABLE = re.compile(r"CREATE TRIGGER .*?\bON (\w+)", re.DOTALL)


def install() -> None:
    _run(_SQLITE, _POSTGRESQL)


def put_back(table: str) -> None:
    """Make a table's guards again after SQLite made the table anew, which drops them."""
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else ():
        of_table = _OF_TABLE.match(statement)
        if of_table and of_table[1] == table:
            op.execute(statement)


def remove() -> None:
    _run(_SQLITE_DROP, _POSTGRESQL_DROP)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)
