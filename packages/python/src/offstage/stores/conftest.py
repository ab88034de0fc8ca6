"""Stores under test: each test of the suite runs on every kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from offstage.testing.postgres_server import PostgresServer
from offstage.testing.store_places import MemoryPlace, OpenStore, StorePlace, file_in, schema_in


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """A new store of each kind."""
    place = _place(request, tmp_path)
    store = await place.open()
    yield OpenStore(place, store)
    await store.close()


def _place(request: pytest.FixtureRequest, folder: Path) -> StorePlace:
    kind: str = request.param
    if kind == "memory":
        return MemoryPlace()
    if kind == "sqlite":
        return file_in(folder)
    server: PostgresServer = request.getfixturevalue("postgres")
    return schema_in(server.url)(folder)
