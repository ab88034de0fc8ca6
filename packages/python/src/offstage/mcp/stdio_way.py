"""A server that is a process of ours.

Ours rather than the SDK's way: integers stay exact, wrappers leave no orphans, and what the process did explains every
failure.
"""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter
from pydantic import ValidationError

from offstage.base import OffstageError

from .failures import (
    Refusal,
    exit_failure,
    garbage_failure,
    silence_failure,
    start_failure,
    unread_failure,
)
from .process_group import end_group, track_group
from .protocol_line import Message, answer_with_error
from .server_config import StdioServerConfig
from .server_output import OutputSink, ServerOutput
from .way import Streams, WayContext

# What a child gets of our environment, whatever its entry says.
_INHERITED = ("PATH", "HOME", "LANG")
# What a server has not read of what it was sent stays in our memory; with so much of it, it gets nothing more. Bytes.
_MOST_WAITING_BYTES = 8 * 1024 * 1024
# An orphan can keep the pipes of an ended server open; its exit tells enough after this. Ms.
_LAST_WORDS_MS = 200
_CHUNK = 65_536


class StdioWay:
    """Starts one server as a process group of its own and speaks newline-delimited JSON with it."""

    def __init__(self, config: StdioServerConfig, context: WayContext) -> None:
        self._config = config
        self._context = context
        self._failure: OffstageError | None = None
        self._is_ready = False
        self._process: Process | None = None
        self._over = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None
        self._refusals: dict[int, Refusal] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._incoming, self._read = anyio.create_memory_object_stream[SessionMessage | Exception](float("inf"))
        self._output = ServerOutput(
            OutputSink(
                on_message=self._take,
                on_garbage=lambda line, too_long: self._end(
                    garbage_failure(config.name, context.redactor.redact(line), too_long=too_long)
                ),
                log=context.log,
                redact=context.redactor.redact,
                max_line_bytes=context.max_line_bytes,
            )
        )

    async def open(self, stack: AsyncExitStack) -> Streams:
        """Starts the process. Errors: `SERVER_START`."""
        config = self._config
        inherited = {name: value for name in _INHERITED if (value := self._context.inherited_env.get(name)) is not None}
        try:
            self._process = await asyncio.create_subprocess_exec(
                config.command,
                *config.args,
                cwd=config.cwd,
                env={**inherited, **config.env()},
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            # A zero byte in an argument, an environment that is too large: the system is not even asked.
            self._failure = start_failure(config, error, _is_there(config.cwd))
            self._over.set()
            raise self._failure from error
        track_group(self._process.pid)
        write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
        self._tasks = [
            asyncio.create_task(work)
            for work in (
                self._read_stdout(self._process),
                self._read_stderr(self._process),
                self._write(self._process, outgoing),
                self._watch(self._process),
            )
        ]
        return self._read, write

    def failure(self) -> OffstageError | None:
        return self._failure

    def unanswered(self, ms: float) -> OffstageError:
        garbage = self._output.garbage()
        if garbage is not None:
            return garbage_failure(self._config.name, self._context.redactor.redact(garbage))
        return silence_failure(self._config.name, ms, self._output.last_lines)

    def refusal(self, request_id: int) -> Refusal | None:
        return self._refusals.pop(request_id, None)

    def content(self, result: Mapping[str, object]) -> Mapping[str, object]:
        return result

    @property
    def ended_early(self) -> bool:
        return self._failure is not None and self._failure.code == "SERVER_EXITED"

    async def over(self) -> None:
        await self._over.wait()

    async def close(self) -> None:
        """Ends the process with its whole group."""
        self._end(exit_failure(self._config.name, None, [], was_ready=True))
        if self._ending is not None:
            await asyncio.shield(self._ending)

    def _take(self, message: Message) -> None:
        if self._failure is not None:
            return
        self._is_ready = True
        try:
            parsed = jsonrpc_message_adapter.validate_python(message, by_name=False)
        except ValidationError:
            self._context.log("protocol: a message that is none of the protocol was left out")
            return
        self._incoming.send_nowait(SessionMessage(parsed))

    async def _read_stdout(self, process: Process) -> None:
        assert process.stdout is not None
        while chunk := await process.stdout.read(_CHUNK):
            self._output.stdout.push(chunk)
            # What floods us shall not stop everything else.
            await asyncio.sleep(0)
        self._output.stdout.end()
        await self._end_soon()

    async def _read_stderr(self, process: Process) -> None:
        assert process.stderr is not None
        while chunk := await process.stderr.read(_CHUNK):
            self._output.stderr.push(chunk)
            await asyncio.sleep(0)
        self._output.stderr.end()

    async def _watch(self, process: Process) -> None:
        # Not wait(): that waits for the pipes too, which an orphan may hold.
        while process.returncode is None:
            await self._context.clock.sleep(50)
        await self._end_soon()

    async def _write(self, process: Process, outgoing: MemoryObjectReceiveStream[SessionMessage]) -> None:
        assert process.stdin is not None
        async for sent in outgoing:
            message: Message = sent.message.model_dump(by_alias=True, exclude_unset=True)
            refused = self._why_not(process)
            if refused is None:
                # In one piece, and without waiting: what was handed to the system counts as sent.
                process.stdin.write(f"{json.dumps(message, separators=(',', ':'))}\n".encode())
            elif isinstance(request_id := message.get("id"), int) and "method" in message:
                self._refusals[request_id] = Refusal(error=refused, sent=False)
                self._take_own(answer_with_error(request_id, refused.message))

    def _why_not(self, process: Process) -> OffstageError | None:
        """Why nothing may be sent now."""
        if self._failure is not None:
            return self._failure
        if process.returncode is not None or process.stdin is None or process.stdin.is_closing():
            return self._exit_failure()
        waiting = process.stdin.transport.get_write_buffer_size()
        return unread_failure(self._config.name, waiting) if waiting > _MOST_WAITING_BYTES else None

    def _take_own(self, message: Message) -> None:
        # The connection may be over; all callers are told so.
        with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            self._incoming.send_nowait(SessionMessage(jsonrpc_message_adapter.validate_python(message, by_name=False)))

    async def _end_soon(self) -> None:
        """Something ended; what the server still has to say, and how it exits, belongs to the story."""
        if self._failure is None:
            await self._context.clock.sleep(_LAST_WORDS_MS)
            self._end(self._exit_failure())

    def _end(self, failure: OffstageError) -> None:
        if self._ending is not None or (self._failure is not None and self._process is None):
            return
        if self._failure is None:
            self._failure = failure
        self._incoming.close()
        self._over.set()
        self._ending = asyncio.create_task(self._end_process())

    async def _end_process(self) -> None:
        if self._process is not None:
            await end_group(self._process, self._context.clock, self._context.patience)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        transport = getattr(self._process, "_transport", None)
        if transport is not None:
            # An orphan that is not of the group may hold the pipes.
            transport.close()

    def _exit_failure(self) -> OffstageError:
        code = None if self._process is None else self._process.returncode
        garbage = self._output.garbage()
        # A program that prints its help and exits well was simply not a server.
        if garbage is not None and code == 0:
            return garbage_failure(self._config.name, self._context.redactor.redact(garbage))
        return exit_failure(self._config.name, code, self._output.last_lines, was_ready=self._is_ready)


def _is_there(folder: str | None) -> bool:
    return folder is None or os.path.isdir(folder)
