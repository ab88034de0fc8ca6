"""The servers of a run, started when it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from offstage.base import ErrorData
from offstage.calls import LockGuard
from offstage.command_line.command_io import CommandIo

# Who starts within this is not worth a word. Ms.
_PATIENCE_MS = 3_000


async def start_servers(io: CommandIo, guard: LockGuard, servers: Sequence[str]) -> dict[str, ErrorData]:
    """Starts them side by side; says which of them it waits for when that takes long. Gives those that cannot be reached: the run may never call them."""
    pending = set(servers)

    async def connect(server: str) -> ErrorData | None:
        try:
            return await guard.connect(server)
        finally:
            pending.discard(server)

    async def tell() -> None:
        await io.clock.sleep(_PATIENCE_MS)
        io.terminal.note(f"Waiting for {', '.join(sorted(pending))} to start …")

    teller = asyncio.create_task(tell())
    try:
        errors = await asyncio.gather(*(connect(server) for server in servers))
    finally:
        teller.cancel()
    return {server: error for server, error in zip(servers, errors, strict=True) if error is not None}
