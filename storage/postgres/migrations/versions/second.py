"""Offices that are given back, and turns to identify with Discord."""

from alembic import op

revision = "0002"
down_revision = "0001"

_CHANGES = (
    "DELETE FROM offices",
    "ALTER TABLE offices ADD COLUMN resigned boolean NOT NULL DEFAULT false",
    """
    CREATE TABLE identify_slots (
        bucket integer PRIMARY KEY, free_at timestamptz NOT NULL
    )""",
)


def upgrade() -> None:
    """Let a holder say that it has ended, and let processes take turns."""
    for statement in _CHANGES:
        op.execute(statement)
