"""Makes the calls of a file over a project's servers, for TypeScript to compare: `python -m offstage.testing.play_calls FILE`.

The file has `folder` (with `mcp.json`), `calls` (server, tool, args, effect; or a resource or prompt) and `secrets`. What came of each is a line of JSON, with the log and the pins after them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, cast

from offstage.base import Data, JsonObject, Redactor, parse_exact, stringify_exact
from offstage.calls import Calls, CallsOptions, LockGuard, Offer, Rule, Rulebook
from offstage.config import Configuration, load_configuration
from offstage.mcp import ServerPool, ServerPoolOptions
from offstage.testing.worlds import MemoryBlobs, RealClock


class _Effects:
    """Says of each call what the file says; the rest is the profiles'."""

    def __init__(self) -> None:
        self.effect: Any = "write"
        self.book = Rulebook({}, policy_effect=lambda _server, _tool: self.effect)

    def rule(self, server: str, tool: str, args: Any) -> Rule:
        return self.book.rule(server, tool, args)


async def play(asked: JsonObject) -> None:
    """Plays them one after the other."""
    redactor = Redactor()
    for secret in asked.get("secrets", []):
        redactor.register(secret, "TOKEN")
    config = load_configuration(asked["folder"], dict(os.environ), redactor)
    log: list[Data] = []
    clock, effects = RealClock(), _Effects()
    options = ServerPoolOptions(
        servers=config.pool_servers(),
        clock=clock,
        redactor=redactor,
        inherited_env=dict(os.environ),
        on_stderr=lambda server, line: log.append(f"{server}: {line}"),
        client_version="0.0.0",
    )
    pool = ServerPool(options)
    calls = Calls(
        CallsOptions(
            sessions=pool.session,
            rules=effects,
            redactor=redactor,
            clock=clock,
            timeout_ms=lambda _: asked.get("timeoutMs", 25_000),
            blobs=MemoryBlobs(),
        )
    )
    try:
        for one in asked["calls"]:
            effects.effect = one.get("effect", "read")
            offer = one.get("offer")
            if offer is None:
                outcome: Any = await calls.call(one["server"], one["tool"], one["args"])
            else:
                outcome = await calls.read_offer(
                    one["server"],
                    Offer(kind=offer["kind"], name=offer.get("uri", offer.get("name")), args=offer.get("args", {})),
                )
            said = cast("dict[str, Any]", vars(outcome))
            print(stringify_exact({name: value for name, value in said.items() if name != "refused" or offer is None}))
        print(stringify_exact({"faults": await _faults(config, pool), "log": log}))
    finally:
        await pool.close()


async def _faults(config: Configuration, pool: ServerPool) -> list[Data]:
    """What is not as it was pinned."""
    guard = LockGuard(config.lock, pool.catalogue)
    faults: list[Data] = []
    for name, server in config.lock.servers.items():
        if all(entry.name != name for entry in config.entries.servers):
            continue
        found = [await guard.connect(name), *(guard.fault(name, tool) for tool in server.tools)]
        faults += [fault for fault in found if fault is not None]
    return faults


if __name__ == "__main__":
    asyncio.run(play(parse_exact(Path(sys.argv[1]).read_text("utf-8"))))
