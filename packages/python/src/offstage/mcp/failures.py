"""Why a server could not be used, in words that name it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from offstage.base import OffstageError, format_duration, shorten

from .server_config import StdioServerConfig

# Quoted output in a message: enough to recognise it. UTF-16 units.
_QUOTE = 200

# Statuses by which a server says that it did not look into a request (RFC 9110, RFC 6585).
_NOT_TAKEN = {401, 405, 406, 411, 413, 415, 429, 431}

# The pause after a 429 that names none. Ms.
_PAUSE_MS = 1_000


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What became of a request that was answered with a status in a message's place.

    `sent` is false only where the status says that the server did nothing.
    """

    error: OffstageError
    sent: bool
    retry_after_ms: float | None = None
    status: int | None = None


def start_failure(config: StdioServerConfig, cause: BaseException, folder_exists: bool) -> OffstageError:
    """The process could not be made."""
    server = f'The MCP server "{config.name}" could not be started'
    if not folder_exists:
        return OffstageError(
            "SERVER_START",
            f"{server}: its folder {config.cwd} does not exist.",
            hint=f'Correct "cwd" of "{config.name}" in mcp.json.',
        )
    if isinstance(cause, FileNotFoundError):
        return OffstageError(
            "SERVER_START",
            f'{server}: the command "{config.command}" was not found.',
            hint=f'Install it, or correct "command" of "{config.name}" in mcp.json.',
        )
    why = (cause.strerror or str(cause)) if isinstance(cause, OSError) else str(cause)
    return OffstageError(
        "SERVER_START",
        f"{server}: {why}.",
        hint=f'Look at "command" of "{config.name}" in mcp.json: it must name a program that may be executed.',
    )


def exit_failure(name: str, code: int | None, last_lines: Sequence[str], *, was_ready: bool) -> OffstageError:
    """The process ended, or closed its output, although it was needed.

    `last_lines` are redacted; a code below zero is a signal.
    """
    how = (
        "closed its connection"
        if code is None
        else f"was ended by signal {-code}"
        if code < 0
        else f"ended with exit code {code}"
    )
    when = "" if was_ready else " before it was ready"
    hint = (
        "It is started again when it is next needed; its log says more."
        if was_ready
        else "Check its command, arguments and environment in mcp.json."
    )
    return OffstageError("SERVER_EXITED", f'The MCP server "{name}" {how}{when}.{_quote_lines(last_lines)}', hint=hint)


def garbage_failure(name: str, first_line: str, *, too_long: bool = False) -> OffstageError:
    """It wrote something that is not the protocol. `first_line` is redacted."""
    shown = json.dumps(shorten(first_line, _QUOTE), ensure_ascii=False)
    if too_long:
        return OffstageError(
            "SERVER_GARBAGE",
            f'The MCP server "{name}" wrote a line that is too long to be held; it begins with {shown}.',
            hint="Ask for less at once.",
        )
    return OffstageError(
        "SERVER_GARBAGE",
        f'The MCP server "{name}" wrote to its standard output something that is not MCP: {shown}.',
        hint="Its command must start an MCP server on stdio that logs to stderr only.",
    )


def unread_failure(name: str, waiting_bytes: int) -> OffstageError:
    """It does not read what it is sent: a message was not sent."""
    return OffstageError(
        "SERVER_TIMEOUT",
        f'The MCP server "{name}" does not read what it is sent: {round(waiting_bytes / 1024 / 1024)} MiB wait for it.',
        hint="It hangs, or is slower than the calls: end it, or give it a `rate` in its profile.",
    )


def silence_failure(name: str, ms: float, last_lines: Sequence[str]) -> OffstageError:
    """It did not answer the handshake."""
    return OffstageError(
        "SERVER_TIMEOUT",
        f'The MCP server "{name}" did not answer within {format_duration(ms)} after its start.{_quote_lines(last_lines)}',
        hint="Start it by hand to see what it waits for. It gets PATH, HOME, LANG and what its `env` names.",
    )


def protocol_failure(name: str, what: str, message: str) -> OffstageError:
    """What a server answered is an error."""
    return OffstageError("SERVER_PROTOCOL", f'The MCP server "{name}" answered {what} with an error: {message}')


def shown_url(url: str) -> str:
    """Where a server is, as far as it may be told: no user, no password, no query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        port = ""
    return f"{parts.scheme}://{host}{port}{'' if parts.path == '/' else parts.path}"


def unreachable(name: str, url: str, why: str) -> OffstageError:
    """No connection came about: nothing was sent."""
    refused = "refused" in why.lower() or "all connection attempts failed" in why.lower()
    said = "nothing listens there" if refused else shorten(why, _QUOTE)
    return OffstageError(
        "SERVER_UNREACHABLE",
        f'The MCP server "{name}" at {shown_url(url)} cannot be reached: {said}.',
        hint="See that it runs, and that `url` in mcp.json has the right host and port.",
    )


def connection_broken(name: str, url: str, why: str) -> OffstageError:
    """The connection ended between the request and its answer: nobody knows what the server did."""
    said = shorten(why.rstrip("."), _QUOTE) if why else "it was closed"
    return OffstageError(
        "SERVER_EXITED",
        f'The connection to the MCP server "{name}" at {shown_url(url)} broke before the answer: {said}.',
        hint="It is connected again when it is next needed; its own log says more.",
    )


def no_mcp(name: str, url: str) -> OffstageError:
    """It answered well, with a page in a message's place."""
    return OffstageError(
        "SERVER_PROTOCOL",
        f'What answers at {shown_url(url)} in the place of the MCP server "{name}" does not speak MCP.',
        hint="Look at `url` in mcp.json: it has to be the server's MCP endpoint, often …/mcp.",
    )


def session_lost(name: str) -> OffstageError:
    """The server does not know our session any more: it did nothing (MCP, transports:

    "MUST respond … with HTTP 404").
    """
    return OffstageError(
        "SERVER_SESSION_LOST",
        f'The MCP server "{name}" does not know our session any more.',
        hint="A new one is begun when it is next needed.",
    )


def connection_ended(name: str) -> OffstageError:
    """We ended the connection."""
    return OffstageError(
        "SERVER_EXITED",
        f'The connection to the MCP server "{name}" was ended.',
        hint="It is connected again when it is next needed.",
    )


def http_silence(name: str, url: str, ms: float) -> OffstageError:
    """It did not answer the handshake."""
    return OffstageError(
        "SERVER_TIMEOUT",
        f'The MCP server "{name}" at {shown_url(url)} did not answer within {format_duration(ms)}.',
        hint="See that it runs, and that `url` in mcp.json is its MCP endpoint.",
    )


def status_refusal(name: str, url: str, status: int, text: str, retry_after: str | None) -> Refusal:
    """An answer that is no MCP. `text` is the beginning of its body, redacted."""
    plain = re.sub(r"\s+", " ", text.strip())
    said = "" if plain == "" or plain.startswith("<") else f": {shorten(plain, _QUOTE)}"
    end = "" if said.endswith((".", "!", "?")) else "."
    error = OffstageError(
        "SERVER_REFUSED",
        f'The MCP server "{name}" at {shown_url(url)} answered with HTTP {status}{said}{end}',
        hint=_status_hint(status),
    )
    return Refusal(
        error=error, sent=status not in _NOT_TAKEN, retry_after_ms=pause_asked(status, retry_after), status=status
    )


def pause_asked(status: int, retry_after: str | None) -> float | None:
    """The pause that a server asked for: after a 429 always, a second where it does not say in seconds, and after a 503
    that says it; ms.
    """
    if status != 429 and not (status == 503 and retry_after is not None):
        return None
    said = (retry_after or "").strip()
    return int(said) * 1_000 if re.fullmatch(r"[1-9]\d{0,6}", said, re.ASCII) else _PAUSE_MS


def _status_hint(status: int) -> str:
    if status in (401, 403):
        return "It wants to know who you are: give it a header in mcp.json, or `auth` in the settings; what is there may have expired."
    if status in (404, 405):
        return "Look at `url` in mcp.json: it has to be the server's MCP endpoint, often …/mcp, or …/sse for the older event stream."
    if status == 429:
        return "Fewer calls: `rate` under servers in the settings."
    if 300 <= status < 400:
        return "It points elsewhere. Redirects are not followed: what answers by one may have done what it was asked for. Write that URL into mcp.json."
    return "Its own log says more; try again later."


def _quote_lines(lines: Sequence[str]) -> str:
    quoted = " | ".join(shorten(line, _QUOTE) for line in lines)
    if quoted == "":
        return ""
    # More may be said after it.
    return f" Its last words: {quoted}{'' if quoted.endswith(('.', '!', '?', '…')) else '.'}"
