"""Stores under test: a file, and a schema of a real PostgreSQL that a test run shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from offstage.testing.postgres_server import PostgresServer, find_postgres
from offstage.testing.store_places import StoreIn, StorePlace, file_in, schema_in

_PROGRAMS = find_postgres()
_NO_POSTGRES = "There is no PostgreSQL here: apt-get install postgresql"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Offstage runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server that a test run shares; `npm run test:python` installs its programs where it can."""
    yield from _served()


@pytest.fixture
def new_postgres() -> Iterator[PostgresServer]:
    """A server of a test's own."""
    yield from _served()


# The suite of stores always has both; all that stands on them takes minutes more: `OFFSTAGE_BOTH_STORES=1`.
_KINDS = ["sqlite", "postgres"] if os.environ.get("OFFSTAGE_BOTH_STORES") == "1" else ["sqlite"]


@pytest.fixture(params=_KINDS)
def store_in(request: pytest.FixtureRequest) -> StoreIn:
    """Where the stores of folders are, for each kind that several processes may share."""
    if request.param == "sqlite":
        return file_in
    server: PostgresServer = request.getfixturevalue("postgres")
    return schema_in(server.url)


@pytest.fixture
def place(store_in: StoreIn, tmp_path: Path) -> StorePlace:
    """A place that nobody has used, and that several processes may share."""
    return store_in(tmp_path)


def _served() -> Iterator[PostgresServer]:
    if _PROGRAMS is None:
        pytest.skip(_NO_POSTGRES)
    server = PostgresServer(_PROGRAMS)
    yield server
    server.stop()
