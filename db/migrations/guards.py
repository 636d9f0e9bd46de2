"""Triggers that keep the audit log append-only and used checklist versions immutable."""

from __future__ import annotations

from alembic import op

_SQLITE = (
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER checklist_version_immutable BEFORE UPDATE OF content ON checklist_version
    WHEN EXISTS (SELECT 1 FROM assignment WHERE checklist_version_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'a used checklist version is immutable'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION refuse_used_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.content IS DISTINCT FROM OLD.content AND EXISTS
            (SELECT 1 FROM assignment WHERE checklist_version_id = OLD.id)
        THEN RAISE EXCEPTION 'a used checklist version is immutable'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER checklist_version_immutable BEFORE UPDATE ON checklist_version
    FOR EACH ROW EXECUTE FUNCTION refuse_used_version()""",
)
_POSTGRESQL_DROP = (
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "DROP TRIGGER checklist_version_immutable ON checklist_version",
    "DROP FUNCTION refuse_change()",
    "DROP FUNCTION refuse_used_version()",
)
_SQLITE_DROP = (
    "DROP TRIGGER audit_event_no_update",
    "DROP TRIGGER audit_event_no_delete",
    "DROP TRIGGER checklist_version_immutable",
)


def install() -> None:
    _run(_SQLITE, _POSTGRESQL)


def remove() -> None:
    _run(_SQLITE_DROP, _POSTGRESQL_DROP)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)
