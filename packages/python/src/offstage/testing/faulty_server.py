"""A real MCP server on stdio that does what servers do on bad days:

`python faulty_server.py [--quits] [--silent] [--garbage]`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

NAME = {"name": "faulty", "version": "1.0.0"}


def text(*texts: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": one} for one in texts], **more}


def die(_args: Any, _id: Any) -> Any:
    sys.stdout.flush()
    os._exit(3)


def late(args: Any, _id: Any) -> Any:
    time.sleep(args.get("seconds", 1))
    return text("late")


def raw(line: str) -> Any:
    """Answers with a line that no library would write."""

    def tool(_args: Any, request_id: Any) -> None:
        sys.stdout.write(line.replace("$id", json.dumps(request_id)) + "\n")
        sys.stdout.flush()

    return tool


def fail(code: int, message: str) -> Any:
    def tool(_args: Any, _id: Any) -> None:
        raise ProtocolError(code, message)

    return tool


class ProtocolError(Exception):
    """An answer that is an error of the protocol."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def say(args: Any, _id: Any) -> Any:
    print(args["text"], file=sys.stderr, flush=True)
    return text("said")


def asks(_args: Any, request_id: Any) -> Any:
    send(
        {
            "jsonrpc": "2.0",
            "id": "q1",
            "method": "elicitation/create",
            "params": {"message": "Sure?", "requestedSchema": {"type": "object", "properties": {}}},
        }
    )
    for line in sys.stdin:
        answer = json.loads(line)
        if answer.get("id") == "q1":
            return text(json.dumps(answer.get("result", answer.get("error"))))
    return None


count: dict[str, int] = {"calls": 0}


def counted(_args: Any, _id: Any) -> Any:
    count["calls"] += 1
    return text(json.dumps(count))


TOOLS: dict[str, Callable[[Any, Any], Any]] = {
    "structured": lambda _args, _id: text("3", structuredContent={"count": 3}),
    "none_structured": lambda _args, _id: text("[1]", structuredContent=None),
    "json_text": lambda _args, _id: text('{"items": [{"id": 1, "token": "t-1"}, {"id": 2.0}]}'),
    "markdown": lambda _args, _id: text("# Done\n\n**Key**: PROD-1"),
    "two_blocks": lambda _args, _id: text("1", "2"),
    "strange": lambda _args, _id: {"content": [{"type": "hologram", "depth": 3}, {"type": "text", "text": "x"}, 7]},
    "no_content": lambda _args, _id: {},
    "image": lambda _args, _id: {"content": [{"type": "image", "data": "AAECAw==", "mimeType": "image/png"}]},
    "big_structured": raw(
        '{"jsonrpc":"2.0","id":$id,"result":{"content":[],"structuredContent":{"id":9007199254740993,"f":1.50,"e":1e3,"i":9007199254740993.0}}}'
    ),
    "big_text": lambda _args, _id: text('{"id": 9007199254740993}'),
    "deep": raw('{"jsonrpc":"2.0","id":$id,"result":{"content":[],"structuredContent":' + "[" * 400 + "]" * 400 + "}}"),
    "deep_enough": raw(
        '{"jsonrpc":"2.0","id":$id,"result":{"content":[],"structuredContent":{"in":' + "[" * 250 + "]" * 250 + "}}}"
    ),
    "bottomless": raw('{"jsonrpc":"2.0","id":$id,"result":{"content":[],"in":' + "[" * 100_000 + "]" * 100_000 + "}}"),
    "surrogate": raw(
        '{"jsonrpc":"2.0","id":$id,"result":{"content":[{"type":"text","text":"\\ud83d\\ude00 \\u00e9"}]}}'
    ),
    "no_result": raw('{"jsonrpc":"2.0","id":$id,"result":7}'),
    "huge": lambda args, _id: text("x" * args["size"]),
    "is_error": lambda args, _id: text(args.get("text", "It is wrong."), isError=True),
    "invalid": fail(-32602, "Invalid arguments for tool invalid: there are none"),
    "broken": fail(-32603, "Internal error"),
    "fails_with": lambda args, _id: fail(-32000, args["text"])(args, _id),
    "arguments": lambda args, _id: text(json.dumps(args)),
    "echo": lambda args, _id: text(args["text"]),
    "environment": lambda _args, _id: text(json.dumps(sorted(os.environ))),
    "die": die,
    "late": late,
    "say": say,
    "asks": asks,
    "counted": counted,
    "pid": lambda _args, _id: text(json.dumps({"pid": os.getpid(), "group": os.getpgid(0)})),
}


def send(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(method: str, params: Any, request_id: Any) -> Any:
    if method == "initialize":
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": NAME}
    if method == "tools/list":
        return {
            "tools": [
                {
                    "name": name,
                    "description": f"Does {name}.",
                    "inputSchema": {"type": "object", "maximum": 18446744073709551615},
                    "x-own": [1.0],
                }
                for name in TOOLS
            ]
        }
    if method == "tools/call":
        if params["name"] == "meta":
            return text(json.dumps(params.get("_meta", {})))
        if params["name"] not in TOOLS:
            raise ProtocolError(-32602, f"Unknown tool: {params['name']}")
        return TOOLS[params["name"]](params.get("arguments") or {}, request_id)
    raise ProtocolError(-32601, "Method not found")


def main() -> None:
    flags = sys.argv[1:]
    if "--quits" in flags:
        print("there is no licence for swordfish-1234", file=sys.stderr, flush=True)
        sys.exit(2)
    if "--garbage" in flags:
        print("Welcome to the server!")
        sys.exit(0)
    for line in sys.stdin:
        if "--silent" in flags:
            continue
        request = json.loads(line)
        if "id" not in request or "method" not in request:
            continue
        try:
            result = answer(request["method"], request.get("params") or {}, request["id"])
        except ProtocolError as error:
            send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": error.code, "message": str(error)}})
        else:
            if result is not None:
                send({"jsonrpc": "2.0", "id": request["id"], "result": result})


if __name__ == "__main__":
    main()
