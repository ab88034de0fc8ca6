"""Stub."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar, final

K = TypeVar("K")
V = TypeVar("V")


@final
class Undefined: ...


class Map(Generic[K, V]): ...


class Set(Generic[K]): ...


class Server:
    def __init__(self, name: str) -> None: ...
    async def read(self, uri: str) -> Any: ...
    async def prompt(self, name: str, args: Mapping[str, str] | None = None) -> Any: ...


class Tool:
    def __init__(self, server: Server, name: str) -> None: ...
    async def call(self, arguments: Mapping[str, object]) -> Any: ...


class Pages:
    def __init__(self, tool: Tool, max: float | None, until: Callable[[Any], bool] | None, truncate: Literal["allow"] | None) -> None: ...
    async def read(self, arguments: Mapping[str, object]) -> Any: ...
