"""A server over streamable HTTP.

The SDK speaks; what is sent and what comes is looked at by us, so that integers stay exact, sizes bounded, and it is
known of a failed request whether it went out.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import httpx2
from mcp.client.streamable_http import streamable_http_client

from offstage.base import OffstageError, is_fields

from .failures import (
    Refusal,
    connection_broken,
    connection_ended,
    http_silence,
    no_mcp,
    session_lost,
    status_refusal,
    unreachable,
)
from .protocol_line import Message, answer_with_error, id_of, read_protocol_line
from .server_config import HttpServerConfig
from .way import Streams, WayContext

_SHELF = "offstage:shelf"
# Of the body of an answer that is no MCP, as much is looked at. Bytes.
_MOST_REFUSAL_BYTES = 65_536


class HttpWay:
    """Reaches a server over HTTP."""

    def __init__(self, config: HttpServerConfig, context: WayContext, auth: httpx2.Auth | None) -> None:
        self._config = config
        self._context = context
        self._auth = auth
        self._failure: OffstageError | None = None
        self._over = asyncio.Event()
        self.refusals: dict[int, Refusal] = {}
        self._shelf: dict[int, Mapping[str, object]] = {}
        self._shelved = 0

    async def open(self, stack: AsyncExitStack) -> Streams:
        """Connects with the first request."""
        timeout = httpx2.Timeout(self._context.connect_timeout_ms / 1_000, read=None)
        client = httpx2.AsyncClient(
            transport=_Line(self, httpx2.AsyncHTTPTransport(trust_env=True)),
            timeout=timeout,
            auth=self._auth,
            headers={"accept-encoding": "identity"},
        )
        await stack.enter_async_context(client)
        return await stack.enter_async_context(
            streamable_http_client(self._config.url, http_client=client, max_sse_event_size=None)
        )

    def failure(self) -> OffstageError | None:
        return self._failure

    def unanswered(self, ms: float) -> OffstageError:
        return http_silence(self._config.name, self._config.url, ms)

    def refusal(self, request_id: int) -> Refusal | None:
        return self.refusals.pop(request_id, None)

    def content(self, result: Mapping[str, object]) -> Mapping[str, object]:
        number = result.get(_SHELF)
        return self._shelf.pop(number) if isinstance(number, int) and number in self._shelf else result

    @property
    def ended_early(self) -> bool:
        return False

    async def over(self) -> None:
        await self._over.wait()

    async def close(self) -> None:
        self.lose(connection_ended(self._config.name))

    def lose(self, failure: OffstageError) -> None:
        """The connection is over."""
        if self._failure is None:
            self._failure = failure
        self._over.set()

    def headers(self) -> dict[str, str]:
        """Those of the entry, as they are now."""
        return {name.lower(): value for name, value in self._config.headers().items()}

    def is_ours(self, url: httpx2.URL) -> bool:
        """Whether a request goes to the server itself."""
        return url == httpx2.URL(self._config.url)

    def put_aside(self, message: Message) -> Message:
        """An answer's result is kept as it came; the SDK gets a stub of it."""
        result = message.get("result")
        if not is_fields(result) or id_of(message) is None:
            return message
        self._shelved += 1
        self._shelf[self._shelved] = result
        return {"jsonrpc": "2.0", "id": message["id"], "result": {_SHELF: self._shelved}}

    @property
    def max_bytes(self) -> int:
        return self._context.max_line_bytes

    def unsent(self, error: Exception) -> Refusal:
        """No connection came about."""
        return Refusal(
            error=unreachable(
                self._config.name, self._config.url, self._context.redactor.redact(str(error) or type(error).__name__)
            ),
            sent=False,
        )

    def broken(self, error: Exception) -> Refusal:
        """The connection ended before the answer."""
        return Refusal(
            error=connection_broken(self._config.name, self._config.url, self._context.redactor.redact(str(error))),
            sent=True,
        )

    def strange(self) -> Refusal:
        """What came well is no MCP."""
        return Refusal(error=no_mcp(self._config.name, self._config.url), sent=True)

    def refused(self, response: httpx2.Response, body: bytes, has_session: bool) -> Refusal:
        """It was answered with a status in a message's place."""
        if response.status_code == 404 and has_session:
            self.lose(session_lost(self._config.name))
            return Refusal(error=session_lost(self._config.name), sent=False)
        redact = self._context.redactor.redact
        retry_after = response.headers.get("retry-after")
        return status_refusal(
            self._config.name,
            self._config.url,
            response.status_code,
            redact(body.decode("utf-8", "replace")),
            None if retry_after is None else redact(retry_after),
        )


class _Line(httpx2.AsyncBaseTransport):
    """Sends requests, and notes of those that fail how far they came.

    Raises for none of a call: the SDK would take all others with it.
    """

    def __init__(self, way: HttpWay, inner: httpx2.AsyncBaseTransport) -> None:
        self._way = way
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = _asked(request)
        if asked is not None:
            # It may be sent again with a token; what became of it before that is over.
            self._way.refusals.pop(asked, None)
        if self._way.is_ours(request.url):
            # An authorization server is asked over this line too, and gets none of them.
            for name, value in self._way.headers().items():
                request.headers[name] = value
        try:
            response = await self._inner.handle_async_request(request)
        except (
            httpx2.ConnectError,
            httpx2.ConnectTimeout,
            httpx2.PoolTimeout,
            httpx2.UnsupportedProtocol,
            httpx2.ProxyError,
        ) as error:
            return self._noted(asked, self._way.unsent(error), error)
        except httpx2.TransportError as error:
            return self._noted(asked, self._way.broken(error), error)
        if asked is None:
            # Redirects are not followed, not even to its own site: what answers by one may have done what it was asked
            # for, and would be asked again. Of requests of ours that is so because nothing says where to.
            return (
                httpx2.Response(response.status_code)
                if request.method == "POST" and response.has_redirect_location
                else response
            )
        has_session = "mcp-session-id" in request.headers
        if response.status_code >= 300:
            return await self._status(asked, response, has_session)
        return await self._answer(asked, response)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _noted(self, asked: int | None, refusal: Refusal, error: Exception) -> httpx2.Response:
        if asked is None:
            raise error
        self._way.refusals[asked] = refusal
        return _json_response(answer_with_error(asked, refusal.error.message))

    async def _status(self, asked: int, response: httpx2.Response, has_session: bool) -> httpx2.Response:
        if response.status_code == 401:
            # The SDK's own authorization looks at it; who has none is told below, by the same status.
            self._way.refusals[asked] = self._way.refused(response, b"", has_session)
            return response
        body = await _bounded(response, _MOST_REFUSAL_BYTES)
        message = read_protocol_line((body or b"").decode("utf-8", "replace"))
        # A message with the request's own id is the answer to it, whatever the status says: the server has looked at
        # the request, and may have done it.
        if message is not None and "method" not in message and id_of(message) == asked:
            return _json_response(self._way.put_aside(message))
        if message is not None and "error" in message and not (response.status_code == 404 and has_session):
            return httpx2.Response(
                response.status_code,
                headers={"content-type": "application/json"},
                content=json.dumps(dict(message), default=str).encode(),
            )
        self._way.refusals[asked] = self._way.refused(response, body or b"", has_session)
        return httpx2.Response(response.status_code)

    async def _answer(self, asked: int, response: httpx2.Response) -> httpx2.Response:
        kind = response.headers.get("content-type", "").lower()
        if kind.startswith("text/event-stream"):
            stream = _ExactEvents(self._way, asked, response)
            return httpx2.Response(response.status_code, headers=_kept(response), stream=stream)
        if not kind.startswith("application/json"):
            if response.status_code != 202:
                self._way.refusals[asked] = self._way.strange()
            return response
        try:
            body = await _bounded(response, self._way.max_bytes)
        except httpx2.TransportError as error:
            return self._noted(asked, self._way.broken(error), error)
        if body is None:
            return _json_response(
                answer_with_error(asked, f"the answer is larger than {self._way.max_bytes // 1024 // 1024} MiB")
            )
        message = read_protocol_line(body.decode("utf-8", "replace"))
        if message is None:
            self._way.refusals[asked] = self._way.strange()
            message = answer_with_error(asked, "this is no MCP")
        return _json_response(self._way.put_aside(message), response)


class _ExactEvents(httpx2.AsyncByteStream):
    """The events of an answer, with stubs in the place of results."""

    def __init__(self, way: HttpWay, asked: int, response: httpx2.Response) -> None:
        self._way = way
        self._asked = asked
        self._response = response
        self._event: list[str] = []
        self._is_answered = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        rest = b""
        try:
            async for chunk in self._response.aiter_raw():
                *lines, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
                if len(rest) > self._way.max_bytes:
                    yield _event(
                        answer_with_error(
                            self._asked, f"the answer is larger than {self._way.max_bytes // 1024 // 1024} MiB"
                        )
                    )
                    return
                for line in lines:
                    if line == b"":
                        yield self._whole()
                    else:
                        self._event.append(line.decode("utf-8", "replace"))
        except httpx2.TransportError as error:
            # The SDK goes on where it can; where it cannot, this is why.
            self._way.refusals[self._asked] = self._way.broken(error)
        else:
            if not self._is_answered:
                self._way.refusals[self._asked] = self._way.broken(Exception())

    async def aclose(self) -> None:
        await self._response.aclose()

    def _whole(self) -> bytes:
        event, self._event = self._event, []
        data = "\n".join(line[5:].removeprefix(" ") for line in event if line.startswith("data:"))
        message = read_protocol_line(data)
        others = "".join(f"{line}\n" for line in event if not line.startswith("data:"))
        if message is None:
            return (
                f"{others}{''.join(f'data: {line}' + chr(10) for line in data.split(chr(10)))}\n".encode()
                if data
                else f"{others}\n".encode()
            )
        self._is_answered |= "method" not in message
        return others.encode() + _event(self._way.put_aside(message))


def _event(message: Message) -> bytes:
    return f"data: {json.dumps(dict(message), default=str)}\n\n".encode()


def _json_response(message: Message, like: httpx2.Response | None = None) -> httpx2.Response:
    headers = {} if like is None else _kept(like)
    return httpx2.Response(
        200,
        headers={**headers, "content-type": "application/json"},
        content=json.dumps(dict(message), default=str).encode(),
    )


def _kept(response: httpx2.Response) -> dict[str, str]:
    return {
        name: value for name in ("content-type", "mcp-session-id") if (value := response.headers.get(name)) is not None
    }


def _asked(request: httpx2.Request) -> int | None:
    """The id of the request of ours that this one carries; None when it carries none."""
    try:
        message = json.loads(request.content) if request.method == "POST" else None
    except (ValueError, httpx2.RequestNotRead):
        return None
    found = id_of(message) if is_fields(message) and "method" in message else None
    return found if isinstance(found, int) else None


async def _bounded(response: httpx2.Response, max_bytes: int) -> bytes | None:
    """A body; None when it is too large to be held."""
    body = b""
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > max_bytes:
                return None
    finally:
        await response.aclose()
    return body
