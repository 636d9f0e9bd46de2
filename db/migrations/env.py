"""Run by Alembic inside the connection that db.migrate opened."""

from alembic import context

from db.models import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
