"""The faulty server over streamable HTTP, with what goes wrong on the way: `python faulty_http.py` prints its port."""

import json
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from offstage.testing.faulty_server import ProtocolError, answer

Way = Callable[[Any, Any], None]

calls: dict[str, int] = {}
sessions: set[str] = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.reply(405, b"")

    def do_DELETE(self) -> None:
        self.reply(200, b"")

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        method = request.get("method")
        params: Any = request.get("params") or {}
        if "id" not in request:
            return self.reply(202, b"")
        if method == "initialize":
            session = f"session-{len(sessions)}"
            sessions.add(session)
            return self._answer(request, {"mcp-session-id": session})
        if method == "server/discover":
            return self._error(request, -32601, "Method not found")
        if self.headers.get("mcp-session-id") not in sessions:
            return self.reply(404, b"")
        name = params.get("name", "")
        calls[name] = calls.get(name, 0) + 1
        way = WAYS.get(name)
        if way is None:
            return self._answer(request)
        way(self, request)

    def _answer(self, request: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        try:
            result = answer(request["method"], request.get("params") or {}, request["id"])
        except ProtocolError as error:
            return self._error(request, error.code, str(error))
        self.give({"jsonrpc": "2.0", "id": request["id"], "result": result}, headers)

    def _error(self, request: dict[str, Any], code: int, message: str) -> None:
        self.give({"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message}})

    def give(self, message: object, headers: dict[str, str] | None = None) -> None:
        self.reply(200, json.dumps(message).encode(), {"content-type": "application/json", **(headers or {})})

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def drop(handler: Any, _request: Any) -> None:
    handler.close_connection = True
    handler.connection.close()


def drop_in_the_body(handler: Any, _request: Any) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"jsonrpc":')
    handler.wfile.flush()
    drop(handler, None)


def status(code: int, body: bytes = b"", **headers: str) -> Way:
    return lambda handler, _request: handler.reply(
        code, body, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def stream(*events: str, ends: bool = True) -> Any:
    def way(handler: Any, request: Any) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("connection", "close")
        handler.end_headers()
        for event in events:
            handler.wfile.write(event.replace("$id", json.dumps(request["id"])).encode())
            handler.wfile.flush()
        handler.close_connection = True

    return way


BIG = '{"jsonrpc":"2.0","id":$id,"result":{"content":[],"structuredContent":{"id":9007199254740993,"f":1.50}}}'


def big(handler: Any, request: Any) -> None:
    handler.reply(200, BIG.replace("$id", json.dumps(request["id"])).encode(), {"content-type": "application/json"})


def lose(handler: Any, request: Any) -> None:
    if calls["lose"] > 1:
        return handler.give(
            {
                "jsonrpc": "2.0",
                "id": request["id"],
                "result": {"content": [{"type": "text", "text": json.dumps({"times": calls["lose"]})}]},
            }
        )
    sessions.clear()
    handler.reply(404, b"")


def told_back(code: int) -> Way:
    """Answers with a status, and the headers that it was sent as the words for it."""

    def way(handler: Any, _request: Any) -> None:
        handler.reply(code, json.dumps(dict(handler.headers.items())).encode())

    return way


WAYS: dict[str, Way] = {
    "too_much_of_headers": told_back(503),
    "refuses_headers": told_back(403),
    "drop": drop,
    "drop_in_the_body": drop_in_the_body,
    "too_much": status(429, b"slow down, swordfish-1234", retry_after="2"),
    "broken_gateway": status(502, b"<html>swordfish-1234</html>"),
    "who": status(401, b"", www_authenticate="Bearer"),
    "elsewhere": status(307, b"", location="/other"),
    "page": status(200, b"<html>hello</html>", content_type="text/html"),
    "big_json": big,
    "big_event": stream(f"event: message\ndata: {BIG}\n\n"),
    "two_events": stream(
        'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"working with swordfish-1234"}}\n\n',
        f"data: {BIG[:16]}\ndata: {BIG[16:]}\n\n",
    ),
    "no_event": stream(": hello\n\n"),
    "lose": lose,
    "headers": lambda handler, request: handler.give(
        {
            "jsonrpc": "2.0",
            "id": request["id"],
            "result": {
                "content": [
                    {
                        "type": "text",
                        "text": json.dumps({name.lower(): value for name, value in handler.headers.items()}),
                    }
                ]
            },
        }
    ),
    "times": lambda handler, request: handler.give(
        {"jsonrpc": "2.0", "id": request["id"], "result": {"content": [{"type": "text", "text": json.dumps(calls)}]}}
    ),
}


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    # Lives as long as whoever started it.
    sys.stdin.read()


if __name__ == "__main__":
    main()
