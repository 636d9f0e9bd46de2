"""Run by Alembic inside the connection that db.migrations.migrate opened."""

from alembic import context

from db.migrations.rendering import rendered
from db.migrations.search import is_model
from db.store.base import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    render_item=rendered,
    include_name=is_model,
)
with context.begin_transaction():
    context.run_migrations()
