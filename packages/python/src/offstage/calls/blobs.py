"""The binary parts of results: kept by their hash, and named in values."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from offstage.base import Data, OffstageError, Redactor, is_fields, is_items
from offstage.mcp.reply import RawReply

from .ports import Blobs, Rule
from .sensitive import visible_part

# The largest binary part of a result, bytes. What is larger belongs behind a link.
_MAX_BLOB_BYTES = 32 * 1024 * 1024

# Stands in a value for bytes that are kept elsewhere: a text like every other, equal when the bytes are.
_NAME = re.compile(r"blob:sha256:([0-9a-f]{64})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")

# As many bytes are read at a time, and as many again with the next ones: a secret across the border is in one of the
# two.
_CHUNK = 1024 * 1024
_OVERLAP = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """What binary parts are kept with. `what`: `server.tool`, for messages."""

    blobs: Blobs
    redactor: Redactor
    what: str


async def keep_reply(reply: RawReply, rule: Rule, keeping: Keeping) -> RawReply:
    """The reply with those of its binary parts kept that the run will see.

    Nobody sees those of an error, beside structured content, or under a rule that makes the result of the text.
    """
    if (
        reply.kind == "error"
        or reply.is_error
        or reply.structured is not None
        or rule.result is not None
        or not any(is_binary(block) for block in reply.content)
    ):
        return reply

    async def keep(block: Data) -> Data:
        return await keep_bytes(visible_part(block, "content", rule.sensitive), keeping) if is_binary(block) else block

    return replace(reply, content=await in_turn(reply.content, keep))


async def in_turn(parts: Sequence[Data], keep: Callable[[Data], Awaitable[Data]]) -> list[Data]:
    """One after the other: each part is held whole."""
    return [await keep(part) for part in parts]


def is_binary(block: Data) -> bool:
    """True when a block, or what it embeds, carries bytes as base64: MCP's image, audio and embedded blob resources."""
    return _bytes_member(block) is not None or (is_fields(block) and _bytes_member(block.get("resource")) is not None)


async def keep_bytes(block: Data, keeping: Keeping) -> Data:
    """The block with its bytes kept and named:

    `data` (or `blob`) becomes `blob:sha256:…`, and `bytes` says how many there are. Bytes that hold a registered secret
    are not kept, what is no base64 stays as it came. Errors: `LIMIT_SIZE`, and those of the blobs.
    """
    if not is_fields(block):
        return block
    member = _bytes_member(block)
    if member is not None:
        return {**block, **await _keep_member(member, str(block[member]), keeping)}
    resource = block.get("resource")
    return {**block, "resource": await keep_bytes(resource, keeping)} if _bytes_member(resource) is not None else block


async def with_bytes(args: Data, blobs: Blobs, what: str) -> Data:
    """The arguments with the bytes in the place of every name of a blob, as base64. Errors: `BLOB_MISSING`."""
    if not _names_blob(args):
        return args
    if isinstance(args, str):
        return await _base64_of(args, blobs, what)
    if is_items(args):
        return [await with_bytes(item, blobs, what) for item in args]
    return {name: await with_bytes(value, blobs, what) for name, value in args.items()} if is_fields(args) else args


def _bytes_member(block: Data) -> Literal["data", "blob"] | None:
    """Which member of a block is base64; None when none is, or it is empty."""
    if not is_fields(block):
        return None
    kind = block.get("type")
    name: Literal["data", "blob"] | None = (
        "data" if kind in ("image", "audio") else None if "type" in block and kind != "resource" else "blob"
    )
    text = None if name is None else block.get(name)
    return name if isinstance(text, str) and text != "" and _NAME.fullmatch(text) is None else None


async def _keep_member(member: str, text: str, keeping: Keeping) -> Mapping[str, Data]:
    plain = "".join(text.split())
    if _BASE64.fullmatch(plain) is None:
        return {}
    bare = plain.rstrip("=")
    # Like Node, which takes what is there of an unfinished group.
    data = base64.b64decode(bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare + "=" * (-len(bare) % 4))
    if len(data) > _MAX_BLOB_BYTES:
        raise OffstageError(
            "LIMIT_SIZE",
            f"The result of {keeping.what} has a binary part of more than {_MAX_BLOB_BYTES // 1024 // 1024} MiB.",
            hint="Ask for a smaller one, or for a link to it.",
        )
    if any(keeping.redactor.redact(seen) != seen for seen in texts_of_bytes(data)):
        return {member: "[redacted]", "bytes": len(data)}
    digest = hashlib.sha256(data).hexdigest()
    await keeping.blobs.keep(digest, data)
    return {member: f"blob:sha256:{digest}", "bytes": len(data)}


def texts_of_bytes(data: bytes) -> Iterator[str]:
    """The texts that bytes can be, for a look whether a secret is among them: a character a byte, and UTF-16 of either
    order at either alignment.
    """
    for at in range(0, len(data), _CHUNK):
        chunk = data[at : at + _CHUNK + _OVERLAP]
        yield chunk.decode("latin-1")
        for begin in (0, 1):
            units = chunk[begin : len(chunk) - (len(chunk) - begin) % 2]
            yield units.decode("utf-16-le", "replace")
            yield units.decode("utf-16-be", "replace")


async def _base64_of(name: str, blobs: Blobs, what: str) -> str:
    found = _NAME.fullmatch(name)
    data = await blobs.load("" if found is None else found.group(1))
    if data is None:
        raise OffstageError(
            "BLOB_MISSING",
            f"{what} was not called: the bytes of {name} are not in this project's store.",
            hint="Let the run read them again: what was kept for another run or store is not there.",
        )
    return base64.b64encode(data).decode("ascii")


def _names_blob(value: Data) -> bool:
    if isinstance(value, str):
        return _NAME.fullmatch(value) is not None
    if is_items(value):
        return any(_names_blob(item) for item in value)
    return is_fields(value) and any(_names_blob(item) for item in value.values())
