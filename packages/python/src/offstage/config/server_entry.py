"""The servers of `mcp.json` as they stand there: references like `${env:X}` are not resolved."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from offstage.base import OffstageError, parse_exact

from .inputs import DeclaredInput
from .shape import Shape, read

SERVERS_FILE = "mcp.json"
"""The file's name."""

_SERVER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
# RFC 9110, 5.1.
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
# Where an http server is, as each client calls it: `serverUrl` is Windsurf's, `httpUrl` Gemini's.
_URL_FIELDS = ("url", "serverUrl", "httpUrl")


@dataclass(frozen=True, kw_only=True)
class StdioEntry:
    """A server that we start."""

    name: str
    command: str
    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())
    cwd: str | None = None
    env_file: str | None = None
    kind: Literal["stdio"] = "stdio"


@dataclass(frozen=True, kw_only=True)
class HttpEntry:
    """A server that runs elsewhere."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())
    sse: bool = False
    kind: Literal["http"] = "http"


ServerEntry = StdioEntry | HttpEntry


@dataclass(frozen=True, kw_only=True)
class ServersFile:
    """What `mcp.json` says. `disabled`: the names of those that are switched off."""

    servers: Sequence[ServerEntry]
    disabled: Sequence[str]
    inputs: Sequence[DeclaredInput]


def parse_servers(text: str) -> ServersFile:
    """Reads the text of `mcp.json`; comments and a comma too many disturb nobody, since other clients write them.

    Settings of other clients in an entry are left alone. Errors: `CONFIG_INVALID`.
    """
    try:
        data = parse_exact(plain_json(text.removeprefix("\ufeff")))
    except OffstageError as error:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{SERVERS_FILE}: {error.message}",
            hint="Look for a comma or a quote too many or too few.",
        ) from error
    fields = Shape(data, SERVERS_FILE).fields()
    lists = [fields[name].fields() for name in ("mcpServers", "servers") if name in fields]
    if len(lists) == 0:
        raise OffstageError("CONFIG_INVALID", f"{SERVERS_FILE}: There is no `mcpServers` (or `servers`) here.")
    entries: dict[str, Shape] = {}
    for listed in lists:
        for name, entry in listed.items():
            if name in entries:
                raise entry.fault(f'The server "{name}" is in `mcpServers` too.')
            entries[name] = entry
    disabled = [
        name
        for name, entry in entries.items()
        if entry.fields().get("disabled") is not None and entry.fields()["disabled"].flag()
    ]
    inputs = [_input(one) for one in fields["inputs"].items()] if "inputs" in fields else []
    read_entries = {name: _entry(name, entry) for name, entry in entries.items()}
    return ServersFile(
        servers=[entry for name, entry in read_entries.items() if name not in disabled],
        disabled=disabled,
        inputs=inputs,
    )


def plain_json(text: str) -> str:
    """JSON as VS Code and Zed write it (comments, a comma after the last item) as plain JSON."""
    token = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
    bare = token.sub(lambda match: match.group(0) if match.group(0).startswith('"') else " ", text)
    comma = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)
    return comma.sub(lambda match: match.group(0) if match.group(0).startswith('"') else "", bare)


def _entry(name: str, shape: Shape) -> ServerEntry:
    if _SERVER_NAME.fullmatch(name) is None:
        raise shape.fault("A server's name begins with a letter and has letters, digits, - and _ only.")
    fields = shape.fields()
    urls = [fields[one].text() for one in _URL_FIELDS if one in fields]
    command = read(fields, "command", Shape.text, None)
    if len(urls) + (0 if command is None else 1) != 1:
        raise shape.fault("A server has either a `command` or a `url`.")
    if command is None:
        headers = read(fields, "headers", Shape.texts, {})
        if any(_HEADER_NAME.fullmatch(header) is None for header in headers):
            raise fields["headers"].fault("A header's name has letters, digits, - and _ only.")
        return HttpEntry(
            name=name, url=urls[0], headers=headers, sse="type" in fields and fields["type"].value == "sse"
        )
    env = read(fields, "env", Shape.texts, {})
    if any(variable == "" or "=" in variable or "\0" in variable for variable in env):
        raise fields["env"].fault("A variable's name is not empty, and has no = and no zero byte in it.")
    args = [one.written() for one in fields["args"].items()] if "args" in fields else []
    return StdioEntry(
        name=name,
        command=command,
        args=args,
        env=env,
        cwd=read(fields, "cwd", _any_text, None),
        env_file=read(fields, "envFile", _any_text, None),
    )


def _any_text(shape: Shape) -> str | None:
    """An empty one, too."""
    return shape.value if isinstance(shape.value, str) else shape.text()


def _option(shape: Shape) -> str:
    """As a text, or with a label beside it."""
    value = shape if isinstance(shape.value, str) else shape.fields().get("value", shape)
    if not isinstance(value.value, str):
        raise value.fault("this has to be a text.")
    return value.value


def _input(shape: Shape) -> DeclaredInput:
    fields = shape.fields()
    if "id" not in fields:
        raise shape.fault(f"{json.dumps(sorted(fields))} has no id.")
    options = [_option(one) for one in fields["options"].items()] if "options" in fields else []
    return DeclaredInput(
        id=fields["id"].text(),
        type=read(fields, "type", _any_text, None),
        password=read(fields, "password", Shape.flag, False),
        options=options,
    )
