"""Messages as events."""

from __future__ import annotations

from offstage.base import Data, OffstageError, parse_exact
from offstage.model import TriggerEvent
from offstage.triggers.queue.queue_port import PartsContent, QueueBroker, QueueMessage, Unfit


def read_message(message: QueueMessage, broker: QueueBroker) -> TriggerEvent | Unfit:
    """Reads a message. One that was delivered too often is not even looked at: whoever did so before may have died of it."""
    content, attempt = message.content, message.attempt
    if attempt > broker.max_attempts:
        return Unfit(f"it was delivered {attempt} times, and nobody handled it")
    if isinstance(content, Unfit):
        return content
    if isinstance(content, PartsContent):
        return _too_large(broker) if content.size > broker.max_bytes else _event_of(content.data, attempt)
    return _too_large(broker) if len(content.bytes) > broker.max_bytes else _parsed(content.bytes, attempt)


def _parsed(data: bytes, attempt: int) -> TriggerEvent | Unfit:
    text = utf8(data)
    if text is None:
        return Unfit("it is no UTF-8")
    try:
        return _event_of(parse_exact(text), attempt)
    except OffstageError as error:
        return Unfit(f"it is no JSON that can be read: {error.message}")


def utf8(data: bytes) -> str | None:
    """None: it is none."""
    try:
        # As TypeScript's decoder takes it: without the mark that some put before it.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _event_of(body: Data, attempt: int) -> TriggerEvent:
    return {"kind": "queue", "body": body, "attempt": attempt}


def _too_large(broker: QueueBroker) -> Unfit:
    return Unfit(f"it is larger than {broker.max_bytes} bytes")
