"""Deliveries of webhooks, from a request to an answer, whatever server stands before it."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from offstage.base import Clock, Data, OffstageError, Redactor, is_fields, parse_exact
from offstage.config import Rate
from offstage.host import Brought, BroughtEvent, ServedWorkflow, bring_event
from offstage.model import TriggerEvent
from offstage.state import Store
from offstage.triggers.webhook.rate_gate import RateGate
from offstage.triggers.webhook.verify import PROOF_HEADERS, RawDelivery, Refused, Scheme, verify_delivery

_PATH = re.compile(r"/webhooks/([^/]+)/?")


@dataclass(frozen=True, kw_only=True)
class Request:
    """`headers`: by lower-case name; what came several times with `, ` between. `peer`: the address of who sent it; None when it is not known."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: AsyncIterable[bytes]
    peer: str | None


@dataclass(frozen=True)
class Answer:
    """What is answered: a line of text."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())


@dataclass(frozen=True, kw_only=True)
class WebhookSource:
    """A source that the package knows. `scheme` is read for each delivery: its secrets may be rotated. `max_bytes`: a larger body is refused. `rate`: more proven deliveries than that are put off; None: no limit."""

    name: str
    scheme: Callable[[], Scheme]
    max_bytes: int
    rate: Rate | None


@dataclass(frozen=True, kw_only=True)
class DeliveryNews:
    """What became of a delivery: it is kept (`id`, `brought`), or was refused (`status`, `why`)."""

    kind: Literal["delivered", "refused"]
    source: str
    id: str = ""
    brought: Brought | None = None
    status: int = 202
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Answers deliveries, at `POST /webhooks/<source>`.

    202: the event is in the store. 401: it is not proven to be the source's own; 413: too large. 404, 405: not a place for deliveries. 429:
    too many now, 503: the store cannot take it now, so send it again. The raw body is checked before it is parsed. `came`: called when
    something was kept.
    """

    store: Store
    clock: Clock
    random_bytes: Callable[[int], bytes]
    redactor: Redactor
    workflows: Sequence[ServedWorkflow]
    sources: Sequence[WebhookSource]
    news: Callable[[DeliveryNews], None]
    came: Callable[[], None]
    _gates: dict[str, RateGate] = field(default_factory=lambda: dict[str, RateGate](), init=False)

    async def receive(self, request: Request) -> Answer:
        """Answers one request."""
        match = _PATH.fullmatch(request.path)
        source = next((one for one in self.sources if match is not None and one.name == match[1]), None)
        if source is None:
            return Answer(404, "There is no such webhook.")
        if request.method != "POST":
            return Answer(405, "Deliveries are sent by POST.", {"allow": "POST"})
        body = await _read(request, source.max_bytes)
        if body is None:
            return self._refuse(source, 413, f"The body is larger than {source.max_bytes} bytes.")
        scheme = source.scheme()
        verdict = verify_delivery(scheme, RawDelivery(request.headers.get, body, request.peer), self.clock.now())
        if isinstance(verdict, Refused):
            return self._refuse(source, 401, f"The delivery is not proven to be of {source.name}: {verdict.why}.")
        wait_ms = self._wait_ms(source)
        if wait_ms > 0:
            later = {"retry-after": str(math.ceil(wait_ms / 1_000))}
            return self._refuse(source, 429, f"More deliveries of {source.name} came than its rate allows.", later)
        parsed = _parsed(body)
        if scheme.kind == "slack" and _text_at(parsed, "type") == "url_verification":
            challenge = _text_at(parsed, "challenge")
            if challenge is not None:
                return Answer(200, challenge)
        id = verdict.id or _id_in_body(scheme, parsed) or self.random_bytes(16).hex()
        headers = _headers_of(request, scheme)
        return await self._keep(
            source, id, {"kind": "webhook", "source": source.name, "headers": headers, "body": parsed}
        )

    async def _keep(self, source: WebhookSource, id: str, event: TriggerEvent) -> Answer:
        coming = BroughtEvent(topic=f"webhook:{source.name}", event=event, id=id)
        try:
            brought = await bring_event(self.store, self.redactor, self.workflows, coming, self.clock.now())
        except OffstageError as error:
            if error.code == "EVENT_INVALID":
                return self._refuse(source, 413, error.message)
            # Sent again, it would be the same: a key, or an id, with half of a surrogate pair.
            if error.code == "VALUE_INVALID":
                return self._refuse(source, 400, "It holds half of a surrogate pair where no store can keep it.")
            return self._refuse(source, 503, f"It cannot be kept now: {error.code}.", {"retry-after": "5"})
        if brought.arrivals or brought.waits > 0:
            self.came()
        self.news(DeliveryNews(kind="delivered", source=source.name, id=id, brought=brought))
        return Answer(202, "Accepted.")

    def _refuse(self, source: WebhookSource, status: int, why: str, headers: Mapping[str, str] | None = None) -> Answer:
        self.news(DeliveryNews(kind="refused", source=source.name, status=status, why=why))
        return Answer(status, why, headers or {})

    def _wait_ms(self, source: WebhookSource) -> int:
        if source.rate is None:
            return 0
        return self._gates.setdefault(source.name, RateGate(source.rate)).wait(self.clock.now())


async def _read(request: Request, max_bytes: int) -> bytes | None:
    """The body; None when it is larger than it may be. No more than that is ever held."""
    said = request.headers.get("content-length", "0")
    if not said.isascii() or not said.isdigit() or int(said) > max_bytes:
        return None
    parts: list[bytes] = []
    length = 0
    async for part in request.body:
        length += len(part)
        if length > max_bytes:
            return None
        parts.append(part)
    return b"".join(parts)


def _parsed(body: bytes) -> Data:
    """What is no JSON stays the text that it is."""
    text = body.decode("utf-8-sig", "replace")
    try:
        return parse_exact(text)
    except OffstageError:
        return text


def _headers_of(request: Request, scheme: Scheme) -> dict[str, str]:
    own = (scheme.rule.header if scheme.rule is not None else scheme.header) or ""
    return {name: text for name, text in request.headers.items() if name not in PROOF_HEADERS and name != own}


def _id_in_body(scheme: Scheme, body: Data) -> str | None:
    """Stripe's and Slack's ids are in the event itself, under the signature."""
    if scheme.kind == "stripe":
        return _text_at(body, "id")
    return _text_at(body, "event_id") if scheme.kind == "slack" else None


def _text_at(body: Data, name: str) -> str | None:
    found = body.get(name) if is_fields(body) else None
    return found if isinstance(found, str) and found != "" else None
