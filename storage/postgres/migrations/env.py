"""What Alembic runs for each migration: on the connection that it was handed, in a transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
