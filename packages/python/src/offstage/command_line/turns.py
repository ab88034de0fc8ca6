"""Limits of calls that every process over a store keeps together."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache

from offstage.base import ErrorData
from offstage.calls import RateLimit, Turns
from offstage.command_line.command_io import CommandIo
from offstage.command_line.terminal import escape_controls
from offstage.config import Configuration, credential_key
from offstage.host import StoreLanes, holder_is_alive, this_process
from offstage.state import Store


@asynccontextmanager
async def turns_over(io: CommandIo, configuration: Configuration, store: Store) -> AsyncGenerator[Turns]:
    """Turns in the lanes of a store; at the end nothing is held of them."""

    def trouble(why: ErrorData | None) -> None:
        told = "The rates of calls are shared with other processes again."
        if why is not None:
            told = f"The store cannot be asked whose turn it is, and this process keeps the rates of its calls alone meanwhile: {why['code']}: {why['message']}"
        io.terminal.note(escape_controls(told))

    def long_wait(server: str) -> None:
        io.terminal.note(
            f"Calls of {server} have waited for their turn for five seconds and more: its rate lets no more begin, or it asked to be left alone for a while."
        )

    @cache
    def credential_of(server: str) -> str:
        return credential_key(configuration.server(server), store.id)

    lanes = StoreLanes(
        store, io.clock, me=this_process(), alive=holder_is_alive, random_bytes=os.urandom, on_trouble=trouble
    )
    try:
        yield Turns(
            credential_of=credential_of,
            rate_of=lambda server: configuration.settings.rates.get(server, RateLimit()),
            lanes=lanes,
            on_long_wait=long_wait,
        )
    finally:
        await lanes.close()
