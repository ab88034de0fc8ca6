"""A way to a server of PostgreSQL that breaks where it is told to."""

import asyncio
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

CommitFault: TypeAlias = Literal["never-sent", "answer-lost"]
"""What is done with the next COMMIT of something that was written: it breaks before the server gets it, or once it has answered."""

_COMMIT = b"; COMMIT"


class BreakingProxy:
    """Stands before the server of a URL. `refusing`: who comes meanwhile finds nobody."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.next: CommitFault | None = None
        self.broken = 0
        self.refusing = False
        self.url = url

    async def start(self) -> None:
        """From here on `url` leads through it."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = self._target._replace(netloc=f"{self._target.netloc.rsplit(':', 1)[0]}:{port}").geturl()

    def close(self) -> None:
        """Ends it, with all connections."""
        for task in self._tasks:
            task.cancel()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        if self.refusing:
            writer.transport.abort()
            return
        upstream = await asyncio.open_connection(self._target.hostname, self._target.port)
        ways = [self._asked(reader, upstream[1]), self._answered(upstream[0], writer)]
        _, others = await asyncio.wait(
            [asyncio.ensure_future(way) for way in ways], return_when=asyncio.FIRST_COMPLETED
        )
        for other in others:
            other.cancel()
        for one in (writer, upstream[1]):
            one.transport.abort()

    async def _asked(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            fault = self.next if _COMMIT in data else None
            if fault == "never-sent":
                self._broke()
                return
            self._swallows = fault == "answer-lost"
            upstream.write(data)
            await upstream.drain()

    async def _answered(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await upstream.read(65_536):
            if self._swallows:
                self._swallows = False
                self._broke()
                return
            writer.write(data)
            await writer.drain()

    _swallows = False

    def _broke(self) -> None:
        self.next = None
        self.broken += 1
