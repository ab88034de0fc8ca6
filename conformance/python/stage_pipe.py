"""How a process of a stage speaks with the test: lines of JSON in the codec, both ways at once."""

import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from offstage.base import OffstageError, decode_value, encode_value

# A line may hold all that a store has.
_LONGEST = 64 * 1024 * 1024


class StagePipe:
    """Questions to the test (`ask`), and what the test wants to have done (`serve`)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = count()
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @staticmethod
    async def open(socket: str, name: str) -> "StagePipe":
        """`name`: by which the test knows the process."""
        pipe = StagePipe(*await asyncio.open_unix_connection(socket, limit=_LONGEST))
        pipe._say({"name": name})
        return pipe

    def tell(self, what: str, *args: Any) -> None:
        """What the test only hears."""
        self._say({"ask": next(self._ids), "what": what, "args": encode_value([*args])})

    async def ask(self, what: str, *args: Any) -> Any:
        """What the test answers."""
        id = next(self._ids)
        self._asked[id] = answer = asyncio.get_running_loop().create_future()
        self._say({"ask": id, "what": what, "args": encode_value([*args])})
        return await answer

    async def serve(
        self, do: Callable[[str, list[Any]], Awaitable[Any]], told: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        """Until the test has no more words. `do`: one of its wishes, beside others. `told`: what has changed, before anything that comes after it."""
        while line := await self._reader.readline():
            said = json.loads(line)
            if "answer" in said:
                asked = self._asked.pop(said["answer"], None)
                if asked is not None:
                    asked.set_result(decode_value(said["gives"]))
            elif "now" in said:
                await told(said)
            else:
                task = asyncio.create_task(self._do(said["do"], do(said["what"], decode_value(said["args"]))))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _do(self, id: int, work: Awaitable[Any]) -> None:
        try:
            self._say({"done": id, "gives": encode_value(await work)})
        except OffstageError as error:
            self._say({"done": id, "raises": {"code": error.code, "message": error.message, "hint": error.hint}})
        except BaseException as error:
            self._say({"done": id, "crashed": "".join(traceback.format_exception(error))[-3000:]})

    def _say(self, said: dict[str, Any]) -> None:
        self._writer.write(json.dumps(said).encode() + b"\n")
