"""What the answer to the reading of a resource or a prompt means."""

from collections.abc import Sequence

from offstage.base import (
    Data,
    OffstageError,
    error_data,
    is_fields,
    is_items,
    shorten,
    to_error_data,
)
from offstage.mcp.reply import Offer, OfferReply

from .admission import admit
from .blobs import Keeping, in_turn, is_binary, keep_bytes
from .normalise import parse_json
from .outcome import SHOWN, Judgement, redact_error
from .ports import CallError, CallValue, ReadOutcome
from .sensitive import remove_sensitive, visible_part


async def judge_offer(offer: Offer, reply: OfferReply, judgement: Judgement, keeping: Keeping) -> ReadOutcome:
    """A resource is the JSON of its content when that is exactly one text that is JSON; else `{ text, content }`.

    A prompt is what it says to a model, and is never read as JSON: `{ text, messages }`. Bytes are kept apart.
    """
    what, redactor = judgement.what, judgement.redactor
    if reply.kind == "error":
        if reply.text is None:
            return CallError(error=redact_error(reply.error, redactor))
        return CallError(
            error=error_data(
                "READ_FAILED", f"{what} answered with an error: {shorten(redactor.redact(reply.text), SHOWN)}"
            )
        )
    try:
        value = await (_resource_value if offer.kind == "resource" else _prompt_value)(reply.result, judgement, keeping)
        return CallValue(value=admit(remove_sensitive(value, judgement.rule.sensitive), what))
    except (Exception, OffstageError) as error:
        return CallError(error=redact_error(to_error_data(error), redactor))


async def _resource_value(result: Data, judgement: Judgement, keeping: Keeping) -> Data:
    async def keep(part: Data) -> Data:
        return (
            await keep_bytes(visible_part(part, "content", judgement.rule.sensitive), keeping)
            if is_binary(part)
            else part
        )

    kept = await in_turn(_list_of(result, "contents"), keep)
    content = [judgement.redactor.redact_data(part) for part in kept]
    texts = [text for part in content if (text := _text_of(part)) is not None]
    parsed = parse_json(texts[0]) if len(texts) == 1 and len(content) == 1 else None
    # Once more after reading, for what JSON had escaped.
    return (
        {"text": "\n".join(texts), "content": content}
        if parsed is None
        else judgement.redactor.redact_data(parsed.data)
    )


async def _prompt_value(result: Data, judgement: Judgement, keeping: Keeping) -> Data:
    async def keep(message: Data) -> Data:
        if not is_fields(message) or not is_binary(message.get("content")):
            return message
        visible = visible_part(message, "messages", judgement.rule.sensitive)
        return (
            {**visible, "content": await keep_bytes(visible.get("content"), keeping)} if is_fields(visible) else visible
        )

    kept = await in_turn(_list_of(result, "messages"), keep)
    messages = [judgement.redactor.redact_data(message) for message in kept]
    texts = [
        text for message in messages if is_fields(message) and (text := _text_of(message.get("content"))) is not None
    ]
    return {"text": "\n".join(texts), "messages": messages}


def _list_of(result: Data, name: str) -> Sequence[Data]:
    """A member that should be a list; what a server sends instead is none."""
    items = result.get(name) if is_fields(result) else None
    return items if is_items(items) else []


def _text_of(block: Data) -> str | None:
    text = block.get("text") if is_fields(block) else None
    return text if isinstance(text, str) else None
