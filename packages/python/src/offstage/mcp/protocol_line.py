"""One line of a server's output, or one event of its stream: a message of the protocol, or something else."""

import json
import re
from collections.abc import Mapping

from offstage.base import Data, OffstageError, is_fields, parse_exact, stringify_exact

# JSON-RPC's own code for what cannot be read; servers use it too.
_PARSE_ERROR = -32_700
_INTERNAL_ERROR = -32_603

# A text, a bracket, or what lies between. A text that does not end is passed over: then the rest is no JSON.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^"\[\]{}]+', re.S)

Message = Mapping[str, Data]


def read_protocol_line(line: str) -> Message | None:
    """A message, or None when it is something else (a greeting, a log line).

    An answer that the protocol does not allow becomes an error answer to the same request, so that the caller hears of
    it now rather than at its timeout.
    """
    if not line.lstrip().startswith("{"):
        return None
    try:
        message = parse_exact(line)
    except OffstageError as error:
        return _unreadable_answer(line, error.message)
    if not is_fields(message) or message.get("jsonrpc") != "2.0":
        return None
    return message if isinstance(message.get("method"), str) or "id" not in message else _answer(message)


def answer_with_error(request_id: int | str, message: str, code: int = _INTERNAL_ERROR) -> Message:
    """An answer to a request that will get no other: what happened instead."""
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}


def id_of(message: Message) -> int | str | None:
    """The id of a request or an answer."""
    found = message.get("id")
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def _answer(message: Message) -> Message:
    request_id = id_of(message)
    if request_id is None:
        return message
    if "error" in message:
        return _error_answer(request_id, message["error"])
    return message if is_fields(message.get("result")) else answer_with_error(request_id, "the answer holds no result")


def _error_answer(request_id: int | str, error: Data) -> Message:
    fields: Mapping[str, Data] = error if is_fields(error) else {"message": error}
    code, text = fields.get("code"), fields.get("message")
    said = text if isinstance(text, str) else stringify_exact(text if text is not None else error)
    data = {"data": fields["data"]} if "data" in fields else {}
    return {
        "jsonrpc": "2.0",
        "id": request_id,
        "error": {
            "code": code if isinstance(code, int) and not isinstance(code, bool) else _INTERNAL_ERROR,
            "message": said,
            **data,
        },
    }


def _unreadable_answer(line: str, reason: str) -> Message | None:
    """The line is JSON that we refuse to hold; Python's own reader tells whose answer it was."""
    try:
        message = _read(line)
    except ValueError:
        return None
    if not is_fields(message) or message.get("jsonrpc") != "2.0":
        return None
    request_id = id_of(message)
    return (
        None
        if request_id is None
        else answer_with_error(request_id, f"the answer cannot be read: {reason}", _PARSE_ERROR)
    )


def _read(line: str) -> Data:
    try:
        return json.loads(line)
    except RecursionError:
        return json.loads(_outermost(line))


def _outermost(line: str) -> str:
    """The object of a line with each list and object in it emptied."""
    kept: list[str] = []
    depth = 0
    for part in _PART.finditer(line):
        text = part[0]
        if text in ("]", "}"):
            depth -= 1
        if depth <= 1 if text in "[]{}" else depth == 1:
            kept.append(text)
        if text in ("[", "{"):
            depth += 1
    # One that is not closed was cut off.
    return "".join(kept) if depth == 0 else ""
