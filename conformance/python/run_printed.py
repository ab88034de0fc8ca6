"""Runs printed workflows that take no step. Lines of JSON: `{"id": …, "text": …}` → `{"id": …, "output": …}` or `{"id": …, "code": …, "message": …}`."""

import asyncio
import json
import sys
from typing import Any

from offstage.base import canonical_json, undefined
from offstage.values import to_data
from printed_vocabulary import code_of, load, put_vocabulary

CONTEXT = {"inputs": {"any": ""}, "event": None, "run": {"id": "run", "startedAt": 0}}

put_vocabulary()
for line in sys.stdin:
    task = json.loads(line)
    answer: dict[str, Any] = {"id": task["id"]}
    try:
        names = load(task["text"], task["id"])
        function = next(one for one in names.values() if getattr(one, "is_workflow", False))
        output = to_data(asyncio.run(function(CONTEXT)), "The output")
        answer["output"] = canonical_json(None if output is undefined else output)
    except BaseException as error:
        answer |= {"code": code_of(error), "message": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
