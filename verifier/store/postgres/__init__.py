"""A case in PostgreSQL: what differs from SQLite."""
