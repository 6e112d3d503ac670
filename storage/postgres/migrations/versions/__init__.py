"""What the database's tables are made by, step by step (Alembic)."""
