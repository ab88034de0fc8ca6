"""The store that the settings name."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from offstage.base import Clock, OffstageError, Redactor
from offstage.config import Configuration, ResolvedPostgres, resolve_postgres
from offstage.state import Store
from offstage.stores.sqlite import open_sqlite_store


@asynccontextmanager
async def open_store(
    configuration: Configuration, folder: Path, clock: Clock, redactor: Redactor
) -> AsyncGenerator[Store]:
    """A store for one command. Errors: those of its adapter, and of the secrets in its URL."""
    settings = configuration.settings.store
    postgres = resolve_postgres(settings, configuration.sources, redactor)
    own = folder / ".offstage" if postgres is not None else Path(settings.file).parent
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        if postgres is None:
            hint = (
                "See that this user may write there and that no file is in the way, or set store.file in settings.json."
            )
            raise OffstageError(
                "STORE_UNAVAILABLE", f"The store's folder {own} cannot be made: {error.strerror}", hint=hint
            ) from error
    store = await (
        open_sqlite_store(settings.file, now=clock.now()) if postgres is None else _open_postgres(postgres, own, clock)
    )
    try:
        yield store
    finally:
        await store.close()


async def _open_postgres(postgres: ResolvedPostgres, own: Path, clock: Clock) -> Store:
    try:
        from offstage.stores.postgres import open_postgres_store
    except ImportError as error:
        hint = "pip install 'psycopg[binary]>=3.3,<4'"
        raise OffstageError(
            "STORE_UNAVAILABLE", "settings.json names a store in PostgreSQL, and psycopg is not installed.", hint=hint
        ) from error
    parts = urlsplit(postgres.url)
    where = f"{parts.hostname}:{parts.port or 5432}{parts.path} {postgres.schema}"
    mark = own / f"postgres-{hashlib.sha256(where.encode()).hexdigest()[:12]}.mark"
    return await open_postgres_store(postgres.url, now=clock.now(), schema=postgres.schema, mark_file=mark)
