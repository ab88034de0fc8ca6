"""The embedded store, in one file."""

from .back_up import back_up_sqlite_store
from .sqlite_store import LOCK_TIMEOUT_MS, MEMORY, open_sqlite_store

__all__ = ["LOCK_TIMEOUT_MS", "MEMORY", "back_up_sqlite_store", "open_sqlite_store"]
