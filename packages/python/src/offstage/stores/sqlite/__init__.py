"""The embedded store, in one file."""

from .sqlite_store import LOCK_TIMEOUT_MS, MEMORY, open_sqlite_store

__all__ = ["LOCK_TIMEOUT_MS", "MEMORY", "open_sqlite_store"]
