"""What alembic runs: migrations on the connection that it is handed, within the caller's transaction."""

from __future__ import annotations

from alembic import context

from verifier.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
