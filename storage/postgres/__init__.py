"""The rooms of the PostgreSQL store."""
