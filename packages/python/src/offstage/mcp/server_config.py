"""One server of the project, with every secret resolved: nothing below knows of references."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Era = Literal["legacy", "modern"]


@dataclass(frozen=True, kw_only=True)
class BearerAuth:
    """A token that is asked for with each request: it may have been rotated since."""

    token: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class ClientCredentialsAuth:
    """OAuth between machines. The issuer is named: the secret goes to no other."""

    client_id: str
    client_secret: Callable[[], str]
    issuer: str
    scope: str | None = None


ServerAuth = BearerAuth | ClientCredentialsAuth


@dataclass(frozen=True, kw_only=True)
class StdioServerConfig:
    """A server that we start ourselves and speak to over its standard input and output."""

    name: str
    command: str
    args: Sequence[str] = ()
    env: Callable[[], Mapping[str, str]] = lambda: {}
    """Everything the server gets besides PATH, HOME and LANG; asked at each start."""
    cwd: str | None = None
    era: Era | None = None
    """As it was locked.

    A legacy server is not asked anything that it may not know; None: it is asked which of both it speaks.
    """
    kind: Literal["stdio"] = "stdio"


@dataclass(frozen=True, kw_only=True)
class HttpServerConfig:
    """A server that runs elsewhere."""

    name: str
    url: str
    headers: Callable[[], Mapping[str, str]] = lambda: {}
    """Sent with every request to it; asked for each."""
    auth: ServerAuth | None = None
    transport: Literal["streamable", "sse"] = "streamable"
    era: Era | None = None
    kind: Literal["http"] = "http"


ServerConfig = StdioServerConfig | HttpServerConfig
