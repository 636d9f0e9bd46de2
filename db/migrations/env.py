"""Run by Alembic inside the connection that db.migrations.migrate opened."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from db.migrations.search import is_model
from db.store.base import InState, Model, PersonalJson, PersonalText, UtcDateTime


def rendered(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """The text for what Alembic cannot write by itself; False leaves it to Alembic."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, InState):
        return "sa.String(length=64)"
    if kind == "type" and isinstance(item, PersonalText):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    if kind == "type" and isinstance(item, PersonalJson):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    render_item=rendered,
    include_name=is_model,
)
with context.begin_transaction():
    context.run_migrations()
