"""Places where stores under test live."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_hex
from typing import Protocol, TypeAlias, TypeVar

from offstage.base import OffstageError
from offstage.state import Store, StoreTx
from offstage.stores.postgres import open_postgres_store
from offstage.stores.sqlite import MEMORY, open_sqlite_store

T = TypeVar("T")

NOW = 1_700_000_000_000


class StorePlace(Protocol):
    """A place nobody has used; opening it several times gives several stores over the same rows."""

    async def open(self, now: int = NOW) -> Store: ...


class MemoryPlace:
    """A store that ends with the test. Opened once."""

    async def open(self, now: int = NOW) -> Store:
        return await open_sqlite_store(MEMORY, now=now)


class FilePlace:
    """A file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    async def open(self, now: int = NOW) -> Store:
        return await open_sqlite_store(self.file, now=now)


class PostgresPlace:
    """A schema of a server that tests share."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        self.url = url
        self.schema = f"s_{token_hex(6)}" if schema is None else schema

    async def open(self, now: int = NOW) -> Store:
        return await open_postgres_store(self.url, schema=self.schema, now=now)


StoreIn: TypeAlias = Callable[[Path], StorePlace]
"""Where the store of a folder is: always the same place, in every process."""


def file_in(folder: Path) -> StorePlace:
    """A file of the folder."""
    return FilePlace(folder / "store.db")


def schema_in(url: str) -> StoreIn:
    """For each folder a schema of this server."""
    return lambda folder: PostgresPlace(url, f"s_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}")


class OpenStore:
    """A store, and a way to run one transaction in it."""

    def __init__(self, place: StorePlace, store: Store) -> None:
        self.place = place
        self.store = store

    async def tx(self, body: Callable[[StoreTx], Awaitable[T]]) -> T:
        """A durable transaction."""
        return await self.store.transact(body, durable=True)


async def code_of(work: Awaitable[object]) -> object:
    """The code of the error that it ends with; whatever else it does is given back as it is."""
    try:
        return {"value": await work}
    except OffstageError as error:
        return error.code


async def all_of(works: list[Awaitable[T]]) -> list[T]:
    """What all of them give, in their order."""
    return list(await asyncio.gather(*works))


def place_arguments(place: StorePlace) -> list[str]:
    """A place in the arguments of another process; `place_from` reads them."""
    if isinstance(place, PostgresPlace):
        return [place.url, place.schema]
    assert isinstance(place, FilePlace)
    return [str(place.file)]


def place_from(arguments: list[str]) -> StorePlace:
    """What `place_arguments` wrote."""
    if len(arguments) == 1:
        return FilePlace(Path(arguments[0]))
    return PostgresPlace(arguments[0], arguments[1])
