"""A store in PostgreSQL, behind the same queries. Needs psycopg: `pip install offstage[postgres]`."""

from .postgres_store import LOCK_TIMEOUT_MS, PATIENCE_MS, SCHEMA_NAME, open_postgres_store

__all__ = ["LOCK_TIMEOUT_MS", "PATIENCE_MS", "SCHEMA_NAME", "open_postgres_store"]
