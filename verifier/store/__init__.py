"""Where records are kept; SQLAlchemy Core over SQLite."""

from verifier.store.store import Store

__all__ = ["Store"]
