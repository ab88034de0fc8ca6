"""Makes the processes of Python's stages: each a fork of this one, which has loaded the library already.

Reads lines of JSON, a process each: `{"name", "socket", …}`, with what `stage_host.py` reads of it. The process speaks over the socket; when it has
ended, however, this one says `{"ended": name, "code"}`.
"""

import asyncio
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

from stage_host import load, serve

_STDIN = 0


def _live(task: dict[str, Any]) -> None:
    asyncio.run(serve(task))


class _Lines:
    """Whole lines of what can be read now."""

    def __init__(self) -> None:
        self.is_over = False
        self._rest = b""

    def read(self) -> Iterator[str]:
        read = os.read(_STDIN, 65_536)
        self.is_over = read == b""
        *lines, self._rest = (self._rest + read).split(b"\n")
        return (line.decode() for line in lines)


def main() -> None:
    """Until there are no more lines."""
    context = multiprocessing.get_context("fork")
    living: dict[Any, tuple[str, BaseProcess]] = {}
    lines = _Lines()
    while not lines.is_over:
        for ready in wait([_STDIN, *living]):
            if ready == _STDIN:
                for line in lines.read():
                    task = json.loads(line)
                    load(task)
                    process = context.Process(target=_live, args=(task,), daemon=True)
                    process.start()
                    living[process.sentinel] = (task["name"], process)
            else:
                name, process = living.pop(ready)
                process.join()
                sys.stdout.write(json.dumps({"ended": name, "code": process.exitcode}) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
