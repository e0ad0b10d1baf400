"""Where records are kept; SQLAlchemy Core over SQLite, or PostgreSQL for a team."""
