"""Calls helpers of a printed module with samples. One JSON document: `{"text": …, "samples": […], "calls": [[name, sample], …]}`.

Answers a line for each call: `{"value": …}` or `{"code": …, "message": …}`. Values are tagged, so that nothing of them is lost.
"""

import asyncio
import inspect
import json
import math
import sys
from typing import Any

from offstage.base import Map, Object, Set, UnsafeInteger, fields_of, normal_number, number_text, undefined
from printed_vocabulary import code_of, load, put_vocabulary


def decode(tagged: Any) -> Any:
    """A value from its tagged form."""
    if not isinstance(tagged, list):
        return tagged
    tag, *parts = tagged
    match tag:
        case "undefined":
            return undefined
        case "integer":
            return UnsafeInteger(parts[0])
        case "number":
            return -0.0 if parts[0] == "-0" else normal_number(float(parts[0].replace("Infinity", "inf")))
        case "list":
            return [decode(part) for part in parts]
        case "map":
            return Map([[decode(key), decode(value)] for key, value in parts])
        case "set":
            return Set([decode(part) for part in parts])
        case _:
            return Object({key: decode(value) for key, value in parts})


def encode(value: Any) -> Any:
    """The tagged form of a value."""
    if value is None or isinstance(value, bool | str):
        return value
    if value is undefined:
        return ["undefined"]
    if isinstance(value, UnsafeInteger):
        return ["integer", value.digits]
    if isinstance(value, int | float):
        return ["number", "-0" if value == 0 and math.copysign(1, value) < 0 else number_text(value)]
    if isinstance(value, list | tuple):
        return ["list", *[encode(part) for part in value]]
    if isinstance(value, Map):
        return ["map", *[[encode(key), encode(one)] for key, one in value]]
    if isinstance(value, Set):
        return ["set", *[encode(part) for part in value]]
    if isinstance(value, dict):
        return ["object", *[[key, encode(one)] for key, one in fields_of(value)]]
    return ["strange", repr(value)]


def call(function: Any, sample: Any) -> dict[str, Any]:
    """What a call came to."""
    try:
        found = function(decode(sample))
        return {"value": encode(asyncio.run(found) if inspect.isawaitable(found) else found)}
    except BaseException as error:
        return {"code": code_of(error), "message": f"{type(error).__name__}: {error}"}


put_vocabulary()
task = json.load(sys.stdin)
names = load(task["text"], "generated")
for name, sample in task["calls"]:
    sys.stdout.write(json.dumps(call(names[name], task["samples"][sample])) + "\n")
