"""Runs printed workflows over the ports of a TypeScript test: what the engine asks goes out as a line of JSON, and the answer comes in.

In: `{"id", "folder", "frame"}`, the frame in the codec. Out: `{"ask": [port, …arguments]}`, answered by `{"gives"}` or `{"raises": {"code", "message"}}`; at the end
`{"id", "result"}`. Values are in the codec's text.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from offstage.base import OffstageError, decode_value, encode_value
from offstage.engine import CompactedItem, RunFrame, Workflow, load_module, run_workflow


def _ask(*parts: Any) -> Any:
    """One question, and its answer: nothing else goes on meanwhile."""
    sys.stdout.write(json.dumps({"ask": encode_value([*parts])}) + "\n")
    sys.stdout.flush()
    answer = json.loads(sys.stdin.readline())
    if "raises" in answer:
        raise OffstageError(answer["raises"]["code"], answer["raises"]["message"], hint=answer["raises"].get("hint"))
    return decode_value(answer["gives"])


class _Journal:
    """That of the world: what it keeps outlives the run."""

    async def once(self, key: str, hash: str, perform: Callable[[], Awaitable[Any]]) -> Any:
        kept: list[Any] = _ask("journal.get", key, hash)
        if kept:
            return kept[0]
        value = await perform()
        _ask("journal.put", key, hash, value)
        return value

    def now(self, key: str) -> int:
        return int(_ask("journal.now", key))

    def compacted(self, key: str) -> CompactedItem | None:
        return _ask("journal.compacted", key)

    async def compact(self, key: str, item: CompactedItem) -> None:
        _ask("journal.compact", key, item)


class _Paging:
    def __init__(self, server: str, tool: str, most: int | None) -> None:
        self._tool = (server, tool)
        self._page = -1
        self.max = most

    def first(self, args: Any) -> Any:
        return _ask("paging.first", *self._tool, args)

    def next(self, args: Any, result: Any) -> Any | None:
        self._page += 1
        return _ask("paging.next", *self._tool, args, result, self._page)

    def items(self, result: Any) -> Sequence[Any]:
        return _ask("paging.items", *self._tool, result)

    def more(self, result: Any) -> bool:
        return _ask("paging.more", *self._tool, result)


class _Tools:
    def classify(self, server: str, tool: str, args: Any) -> Any:
        return _ask("classify", server, tool)

    def paging(self, server: str, tool: str, args: Any) -> _Paging:
        return _Paging(server, tool, _ask("paging.max", server, tool))


class _Reads:
    async def read(self, step: str, server: str, tool: str, args: Any) -> Any:
        return _ask("read", step, server, tool, args)

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> Any:
        return _ask("read_offer", step, server, offer)


class _Models:
    async def ask(self, step: str, prompt: str, schema: Any, max_tokens: int, model: str | None) -> Any:
        return _ask("model", step, prompt, schema, max_tokens, model)


class _Effects:
    async def entry(self, identity: Any) -> Any:
        return _ask("entry", identity)

    async def earlier_window(self, identity: Any, step: str) -> int | None:
        return None

    async def record(self, key: Any, server: str) -> Any:
        return _ask("record", key, server)

    async def perform(self, request: Any) -> Any:
        return _ask("perform", request)

    async def settle(self, effect: str, evidence: Any) -> Any:
        return _ask("settle", effect, evidence)

    async def complete(self, effect: str, completion: str) -> None:
        _ask("complete", effect, completion)

    async def bind(self, change: Any) -> Any:
        return _ask("bind", change)

    async def bindings(self, scope: str, record: str | None) -> Any:
        return _ask("bindings", scope, record)


class _States:
    async def get(self, scope: str, name: str, key: str) -> tuple[Any, int]:
        value, version = _ask("state", scope, name, key)
        return value, version


class _Waits:
    async def sleep(self, **request: Any) -> Any:
        return _ask("sleep", request)

    async def approve(self, **request: Any) -> Any:
        return _ask("approve", request)

    async def event(self, **request: Any) -> Any:
        return _ask("event", request)


class _Ports:
    def __init__(self) -> None:
        self.journal = _Journal()
        self.tools = _Tools()
        self.reads = _Reads()
        self.models = _Models()
        self.effects = _Effects()
        self.states = _States()
        self.waits = _Waits()

    def conforms(self, schema: Any, value: Any) -> list[str]:
        return _ask("conforms", schema, value)

    def log(self, step: str, text: str) -> None:
        _ask("log", step, text)

    def checkpoint(self, kind: str) -> None:
        _ask("checkpoint", kind)


def _run(task: dict[str, Any], count: int) -> dict[str, Any]:
    folder = Path(task["folder"])
    package = f"printed_{count}"
    spec = load_module(folder / "__init__.py", package)
    spec.__path__ = [str(folder)]
    module = load_module(folder / "workflow.py", f"{package}.workflow")
    # Those that it calls or starts are imported.
    workflows = [one for one in vars(module).values() if isinstance(one, Workflow)]
    workflow = next(one for one in workflows if one.body.__module__ == module.__name__)
    given = decode_value(task["frame"])
    frame = RunFrame(
        run_id=given["runId"],
        root_run_id=given["rootRunId"],
        scope=given["scope"],
        scopes=given["scopes"],
        phase=given["phase"],
        started_at=given["startedAt"],
        inputs=given["inputs"],
        event=given["event"],
        sweep=given["sweep"],
    )
    result = asyncio.run(run_workflow(workflow, frame, _Ports()))  # pyright: ignore[reportArgumentType]
    return asdict(result)


def main() -> None:
    """Until there are no more lines."""
    for count, line in enumerate(iter(sys.stdin.readline, "")):
        task = json.loads(line)
        try:
            answer = {"id": task["id"], "result": encode_value(_run(task, count))}
        except OffstageError as error:
            answer = {"id": task["id"], "died": error.code}
        except BaseException as error:
            answer = {"id": task["id"], "crashed": "".join(traceback.format_exception(error))[-3000:]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
