"""What a tool answered, as a value: the structured content, else the JSON of one text, else `{ text, content }`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from offstage.base import (
    Data,
    OffstageError,
    Redactor,
    is_fields,
    parse_exact,
    stringify_exact,
)
from offstage.mcp.reply import RawResult

from .ports import RuleReply
from .sensitive import remove_sensitive


@dataclass(frozen=True, kw_only=True)
class NormalReply:
    """A reply of the server, redacted and without what is sensitive: what rules see, and the value when no rule makes
    another.
    """

    seen: RuleReply
    value: Data


@dataclass(frozen=True)
class ParsedJson:
    """The JSON that a text is; null is one, too."""

    data: Data


def normalise_result(reply: RawResult, sensitive: Sequence[str], redactor: Redactor) -> NormalReply:
    """Nothing but these three is guessed. `data` of the rules' view is None in the last case. Errors: `LIMIT_DEPTH`."""
    content = [redactor.redact_data(block) for block in reply.content]
    text = "\n".join(one for block in content if (one := text_of(block)) is not None)
    # Servers that write every field say null for "there is none".
    is_none = not reply.has_structured or (reply.structured is None and len(content) > 0)
    raw = _json_of(content) if is_none else ParsedJson(reply.structured)
    if raw is None:
        value = remove_sensitive({"text": text, "content": content}, sensitive)
        is_text_kept = is_fields(value) and "text" in value
        return NormalReply(
            seen=RuleReply(text=text if is_text_kept else "", data=None, is_error=reply.is_error), value=value
        )
    # Once more after reading, for what JSON had escaped.
    value = remove_sensitive(redactor.redact_data(raw.data), sensitive)
    seen = text if len(sensitive) == 0 else _without_sensitive(text, sensitive)
    return NormalReply(seen=RuleReply(text=seen, data=value, is_error=reply.is_error), value=value)


def normalise_error(text: str, redactor: Redactor) -> RuleReply:
    """A protocol error as rules see it."""
    return RuleReply(text=redactor.redact(text), data=None, is_error=True)


def text_of(block: Data) -> str | None:
    """The text of a block of text; None for any other."""
    if not is_fields(block) or block.get("type") != "text":
        return None
    text = block.get("text")
    return text if isinstance(text, str) else None


def _json_of(content: Sequence[Data]) -> ParsedJson | None:
    text = text_of(content[0]) if len(content) == 1 else None
    return None if text is None else parse_json(text)


# Cheap, because most texts are prose.
_JSON_BEGINS = re.compile(r'[\s\ufeff]*["{\[\-\dtfn]', re.ASCII)


def parse_json(text: str) -> ParsedJson | None:
    """The JSON that a text is, whole and exact; None when it is none. Errors: `LIMIT_DEPTH`."""
    if _JSON_BEGINS.match(text) is None:
        return None
    try:
        return ParsedJson(parse_exact(text))
    except OffstageError as error:
        if error.code == "VALUE_INVALID":
            return None
        raise OffstageError("LIMIT_DEPTH", error.message) from error


def _without_sensitive(text: str, sensitive: Sequence[str]) -> str:
    """Servers repeat their structured content as text: what is sensitive must not come back through it."""
    parsed = parse_json(text)
    return text if parsed is None else stringify_exact(remove_sensitive(parsed.data, sensitive))
