"""Stores under test: each test of the suite runs on every kind."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from offstage.testing.postgres_server import PostgresServer, find_postgres
from offstage.testing.store_places import FilePlace, MemoryPlace, OpenStore, PostgresPlace, StorePlace

_PROGRAMS = find_postgres()
# `npm run test:python` installs a PostgreSQL where it can; without one its stores are no part of the suite.
collect_ignore_glob = ["postgres/*_test.py"] if _PROGRAMS is None else []
_SHARED = ["sqlite", *(["postgres"] if _PROGRAMS is not None else [])]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Offstage runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server that a test run shares."""
    if _PROGRAMS is None:
        raise RuntimeError("There is no PostgreSQL here: apt-get install postgresql")
    server = PostgresServer(_PROGRAMS)
    yield server
    server.stop()


@pytest.fixture
def new_postgres() -> Iterator[PostgresServer]:
    """A server of a test's own."""
    if _PROGRAMS is None:
        raise RuntimeError("There is no PostgreSQL here: apt-get install postgresql")
    server = PostgresServer(_PROGRAMS)
    yield server
    server.stop()


@pytest.fixture(params=["memory", *_SHARED])
async def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """A new store of each kind."""
    place = _place(request, tmp_path)
    store = await place.open()
    yield OpenStore(place, store)
    await store.close()


@pytest.fixture(params=_SHARED)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> StorePlace:
    """A place that several processes may share."""
    return _place(request, tmp_path)


def _place(request: pytest.FixtureRequest, tmp_path: Path) -> StorePlace:
    kind: str = request.param
    if kind == "memory":
        return MemoryPlace()
    if kind == "sqlite":
        return FilePlace(tmp_path / "store.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return PostgresPlace(server.url)
