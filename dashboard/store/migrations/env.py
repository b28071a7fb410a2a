"""Alembic environment: always runs on the connection the caller gives."""

from alembic import context

from dashboard.store.instantanes import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
