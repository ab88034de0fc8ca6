"""A server as the library needs it: every reference replaced, every secret registered."""

import base64
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar
from urllib.parse import urlsplit

from offstage.base import OffstageError, Redactor
from offstage.mcp import HttpServerConfig, ServerConfig, StdioServerConfig

from .credentials import mask_credentials
from .env_file import read_env_file
from .references import NamedSecret, ResolvedText, Sources, resolve_references
from .resolve_all import resolve_all
from .secret_names import is_connection_name, may_be_mode, sounds_secret
from .server_entry import SERVERS_FILE, HttpEntry, ServerEntry, StdioEntry
from .target import target_of_process, target_of_url

T = TypeVar("T")

# The redactor takes no shorter secrets.
_SHORTEST_GUESS = 8
# What requests carry (Fetch standard; RFC 9110, 5.5).
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# Names whose values stand before the colon of a Basic credential.
_USER_NAME = re.compile(r"user|e-?mail|login|account|client_?id", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ResolvedServer:
    """`target`: which account or site it speaks to. `secrets`: the values of the secrets that its entry names."""

    config: ServerConfig
    target: str
    secrets: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class _Variable:
    made: ResolvedText
    secret: bool

    @property
    def value(self) -> str:
        return self.made.value


def resolve_server(
    entry: ServerEntry, sources: Sources, redactor: Redactor, note: Callable[[str], None] = lambda _: None
) -> ResolvedServer:
    """Resolves one server, when it is needed and not before: a missing secret of a server that nobody uses disturbs
    nobody. Files may be rotated later: `env` and `headers` are asked for again; while that fails, `note` is told and
    what was there before is used on. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID` for what is no
    reference.
    """
    return (
        _resolve_http(entry, sources, redactor, note)
        if isinstance(entry, HttpEntry)
        else _resolve_stdio(entry, sources, redactor, note)
    )


def register_one(secret: NamedSecret, redactor: Redactor) -> None:
    """Registers a secret; one too short to be kept out of texts is refused. Errors: `SECRET_TOO_SHORT`."""
    try:
        redactor.register(secret.value, secret.name)
    except OffstageError as error:
        if error.code != "SECRET_TOO_SHORT":
            raise
        raise OffstageError(
            "SECRET_TOO_SHORT",
            error.message,
            hint=f'Use a longer one; or, if {secret.name} is no secret, list it under "plain" in the settings.',
        ) from error


def renewed(resolve: Callable[[], T], note: Callable[[str], None]) -> Callable[[], T]:
    """What `resolve` makes, made anew whenever it is asked for; what cannot be resolved any more stays as it was, and
    `note` is told why. Errors: those of `resolve`, now.
    """
    held = [resolve()]

    def now() -> T:
        try:
            held[0] = resolve()
        except OffstageError as error:
            note(f"{error.message} What was there before is used on.")
        return held[0]

    return now


def _resolve_stdio(
    entry: StdioEntry, sources: Sources, redactor: Redactor, note: Callable[[str], None]
) -> ResolvedServer:
    place = f"{SERVERS_FILE}: the server {entry.name}"
    texts = resolve_all(
        [entry.command, *entry.args, entry.cwd or "."], lambda text: resolve_references(text, sources, place)
    )

    def env_now() -> dict[str, _Variable]:
        from_file = (
            {}
            if entry.env_file is None
            else _literal(
                read_env_file(resolve_references(entry.env_file, sources, place).value, sources.places, place), sources
            )
        )
        env = {**from_file, **_resolve_record(entry.env, sources, place)}
        _register([*texts, *(one.made for one in env.values())], env, redactor, entry.name)
        return env

    env = env_now()
    command, *args, cwd = (text.value for text in texts)
    variables = renewed(env_now, note)
    return ResolvedServer(
        config=StdioServerConfig(
            name=entry.name,
            command=command,
            args=args,
            env=lambda: {name: one.value for name, one in variables().items()},
            cwd=os.path.join(sources.places.folder, cwd),
        ),
        target=target_of_process(
            [text.shown for text in texts[1:-1]], {name: (one.made.shown, one.secret) for name, one in env.items()}
        ),
        secrets=_secrets_in([*texts, *(one.made for one in env.values())]),
    )


def _resolve_http(
    entry: HttpEntry, sources: Sources, redactor: Redactor, note: Callable[[str], None]
) -> ResolvedServer:
    place = f"{SERVERS_FILE}: the server {entry.name}"
    url = resolve_references(entry.url, sources, place)

    def headers_now() -> dict[str, _Variable]:
        headers = _resolve_record(entry.headers, sources, place)
        _register([url, *(one.made for one in headers.values())], headers, redactor, entry.name)
        for name, one in headers.items():
            if _HEADER_VALUE.fullmatch(one.value.strip()) is None:
                raise OffstageError(
                    "CONFIG_INVALID",
                    f"{place}, {name}: a header's value has no line break and no character beyond Latin-1 in it, and this one does.",
                    hint="Look at what its reference stands for; a text of several lines, or in other letters, goes into a header in base64 only.",
                )
        return headers

    headers = headers_now()
    parts = urlsplit(url.value)
    register_host(url, parts.hostname or "", redactor)
    if parts.username or parts.password:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: its `url` has a user or a password in it, which requests cannot carry.",
            hint='Write a header: "headers": { "Authorization": "${env:SHOP_AUTHORIZATION}" }, with the value "Basic " and base64 of user:password.',
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: its `url` is no http or https URL.",
            hint="Write the whole URL of its MCP endpoint: https://…/mcp",
        )
    variables = renewed(headers_now, note)
    return ResolvedServer(
        config=HttpServerConfig(
            name=entry.name,
            url=url.value,
            headers=lambda: {name: one.value.strip() for name, one in variables().items()},
            transport="sse" if entry.sse else "streamable",
        ),
        target=target_of_url(url.shown),
        secrets=_secrets_in([url, *(one.made for one in headers.values())]),
    )


def _resolve_record(record: Mapping[str, str], sources: Sources, place: str) -> dict[str, _Variable]:
    made = resolve_all(
        list(record.items()),
        lambda item: (
            item[0],
            _variable(item[0], resolve_references(item[1], sources, f"{place}, {item[0]}"), sources),
        ),
    )
    return dict(made)


def _literal(record: Mapping[str, str], sources: Sources) -> dict[str, _Variable]:
    """Values that stand for themselves, whatever they look like."""
    return {name: _variable(name, ResolvedText(value=value, shown=value), sources) for name, value in record.items()}


def _variable(name: str, made: ResolvedText, sources: Sources) -> _Variable:
    """A value is secret as a whole when its own name says so, whatever it is made of."""
    says = sources.is_secret(name) or name.lower() == "authorization"
    whole = made.value != "" and says and not (may_be_mode(name) and len(made.value) < _SHORTEST_GUESS)
    # A URL with a password in it still says where; a variable that is nothing but a secret says nothing that may be
    # told.
    nothing_else = len(made.secrets) == 1 and made.shown == f"[{made.secrets[0].name}]"
    secrets = (*made.secrets, NamedSecret(name=name, value=made.value)) if whole else made.secrets
    return _Variable(
        made=ResolvedText(value=made.value, shown=made.shown, secrets=secrets), secret=whole or nothing_else
    )


def _secrets_in(texts: Iterable[ResolvedText]) -> list[str]:
    return [secret.value for text in texts for secret in text.secrets]


def _register(texts: Sequence[ResolvedText], named: Mapping[str, _Variable], redactor: Redactor, server: str) -> None:
    secrets = [secret for text in texts for secret in text.secrets]
    for secret in [*secrets, *_guesses(texts, named, server)]:
        register_one(secret, redactor)
    # A server that gets a user and a token sends them as Basic credentials, and may tell them.
    for user in [one.value for name, one in named.items() if _USER_NAME.search(name)]:
        for secret in secrets:
            redactor.register(base64.b64encode(f"{user}:{secret.value}".encode()).decode("ascii"), secret.name)


def _guesses(texts: Sequence[ResolvedText], named: Mapping[str, _Variable], server: str) -> list[NamedSecret]:
    """What nobody called a secret, and looks like one: credentials inside texts, what follows a flag like `--api-key`,
    connection strings. One too short to be kept out of texts is not refused.
    """
    inside = [credential for text in texts for credential in mask_credentials(text.value).credentials]
    flagged = [
        text.value
        for before, text in pairwise(texts)
        if re.match(r"--?[A-Za-z]", before.value) and sounds_secret(before.value)
    ]
    connections = [one.value for name, one in named.items() if is_connection_name(name)]
    return [
        NamedSecret(name=f"{server} password", value=value)
        for value in [*inside, *flagged, *connections]
        if len(value.strip()) >= _SHORTEST_GUESS and not value.startswith("--")
    ]


def register_host(url: ResolvedText, host: str, redactor: Redactor) -> None:
    """What the secrets in the host of a URL look like when it is shown: in lower case.

    They are registered already as they stand.
    """
    for secret in url.secrets:
        lower = secret.value.strip().lower()
        if lower in host:
            redactor.register(lower, secret.name)
