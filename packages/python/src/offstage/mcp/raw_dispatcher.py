"""The SDK's dispatcher, with results as they came and arguments as they are: its types drop fields and refuse kinds of
content that they do not know, also of calls that have happened.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, cast

import anyio
import anyio.abc
from mcp.shared.dispatcher import (
    CallOptions,
    Dispatcher,
    OnNotify,
    OnNotifyIntercept,
    OnRequest,
)
from mcp.shared.transport_context import TransportContext
from mcp_types import RequestId

from offstage.base import Data, OffstageError, UnsafeInteger, is_fields, is_items


class Answered(Exception):
    """Carries a result past the SDK's types to who asked."""

    def __init__(self, result: Mapping[str, Data]) -> None:
        super().__init__("answered")
        self.result = result


@dataclass
class Question:
    """One request of ours that is under way."""

    params: Mapping[str, Data]
    """Sent in the place of what the SDK makes of them."""
    admit: Callable[[], OffstageError | None] = lambda: None
    """Why nothing may be sent now, asked right before it is."""
    is_typed: bool = False
    """The SDK needs the result, too."""
    request_id: int | None = None
    """None until it is sent."""
    result: Mapping[str, Data] | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())


asked: ContextVar[Question | None] = ContextVar("offstage_mcp_asked", default=None)
"""What the request that is being made in this task is about."""


class RawDispatcher:
    """A `Dispatcher` of the SDK over another one."""

    def __init__(
        self, inner: Dispatcher[TransportContext], content: Callable[[Mapping[str, object]], Mapping[str, object]]
    ) -> None:
        self._inner = inner
        self._content = content
        self._ids = 0

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        """Sends a request under an id that is known before its answer."""
        self._ids += 1
        request_id = self._ids
        options = CallOptions(**(opts or {}))
        options["request_id"] = cast("RequestId", request_id)
        question = asked.get()
        if question is None:
            return _plain(self._whole(await self._inner.send_raw_request(method, params, options)))
        # Only the first request under it: the SDK may ask for more by itself.
        asked.set(None)
        refused = question.admit()
        if refused is not None:
            raise refused
        question.request_id = request_id
        if question.headers:
            options["headers"] = {**options.get("headers", {}), **question.headers}
        result = self._whole(await self._inner.send_raw_request(method, _merged(params, question.params), options))
        if not question.is_typed:
            raise Answered(result)
        question.result = result
        return _plain(result)

    async def notify(self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None) -> None:
        """Sends a notification."""
        await self._inner.notify(method, params, opts)

    async def run(
        self,
        on_request: OnRequest,
        on_notify: OnNotify,
        on_notify_intercept: OnNotifyIntercept | None = None,
        *,
        task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        """Drives the connection until it closes."""
        await self._inner.run(on_request, on_notify, on_notify_intercept, task_status=task_status)

    def _whole(self, result: dict[str, Any]) -> dict[str, Any]:
        return dict(self._content(result))


def _plain(value: Any) -> Any:
    """The SDK's types know of no integers that are not used."""
    if isinstance(value, UnsafeInteger):
        return None if value.digits is None else int(value.digits)
    if is_fields(value):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if is_items(value) else value


def _merged(params: Mapping[str, Any] | None, own: Mapping[str, Data]) -> dict[str, Any]:
    """Our params, with what the protocol's era adds in `_meta`."""
    made: Mapping[str, Any] = params or {}
    meta = {**cast("Mapping[str, Any]", made.get("_meta") or {}), **cast("Mapping[str, Any]", own.get("_meta") or {})}
    return {**own, **({"_meta": meta} if meta else {})}
