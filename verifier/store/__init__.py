"""Where records are kept; SQLAlchemy Core over SQLite."""

from verifier.store.opening import OBJECTS
from verifier.store.store import Store

__all__ = ["OBJECTS", "Store"]
