"""The tables of the search index, which are no models."""

from __future__ import annotations

from alembic import op

_CREATE_SQLITE = """CREATE VIRTUAL TABLE search_document USING fts5(
    terms, content='', detail=none, columnsize=0, tokenize='ascii')"""
_CREATE_POSTGRESQL = """CREATE TABLE search_document (
    interaction_id bigint PRIMARY KEY REFERENCES interaction (id) ON DELETE CASCADE,
    terms tsvector NOT NULL)"""
_INDEX_POSTGRESQL = "CREATE INDEX ix_search_document_terms ON search_document USING gin (terms)"
CREATE = {
    "sqlite": (_CREATE_SQLITE,),
    "postgresql": (_CREATE_POSTGRESQL, _INDEX_POSTGRESQL),
}
DROP = "DROP TABLE search_document"


def install() -> None:
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)


def remove() -> None:
    op.execute(DROP)


def is_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares a table with the models: not those of the index."""
    return not (kind == "table" and str(name).startswith("search_document"))
