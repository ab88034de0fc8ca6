"""`serve` of `settings.json`: where the process that serves is reached."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .shape import Shape, read
from .webhook_settings import WebhookSettings

_KNOWN = ("listen", "reload", "concurrency", "retry", "metrics", "api", "mcp")
# What the library does not obey yet; `reload` where it is asked for: the package's files are read once.
_NOT_YET = ("metrics", "api", "mcp")


class Listen(NamedTuple):
    """An address and a port of this machine."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in ("localhost", "::1") or re.fullmatch(r"127(\.[0-9]{1,3}){3}", self.host) is not None


# Loopback: whoever wants the world to reach it says so, or puts a proxy with TLS before it.
_LISTEN = Listen("127.0.0.1", 8400)
# A server that is down in the evening is up again in the morning, or somebody has looked.
_RETRY_MS = 86_400_000


@dataclass(frozen=True, kw_only=True)
class ServeSettings:
    """`listen`: where webhooks are received, and where the process is looked at. `opens`: it is opened also where no webhook is described. `retry_ms`: how long runs are tried again that fail because a server cannot be had; 0: they are not. `not_yet`: what is said there that is not obeyed; whoever serves is refused."""

    listen: Listen = _LISTEN
    opens: bool = False
    retry_ms: int = _RETRY_MS
    not_yet: Sequence[str] = ()


def serve_settings(fields: Mapping[str, Shape], webhooks: Sequence[WebhookSettings]) -> ServeSettings:
    """With its defaults. Errors: `CONFIG_INVALID`, also for a source by certificates whose proxy anybody could be."""
    listen = read(fields, "listen", _listen, _LISTEN)
    if "reload" in fields:
        fields["reload"].flag()
    if "concurrency" in fields:
        # Runs are driven one after the other: as few as that are always allowed.
        fields["concurrency"].whole(1, 100)
    strange = next((one for one in webhooks if one.verify == "mtls" and not one.names_proxy), None)
    if strange is not None and not listen.is_loopback:
        raise fields["listen"].fault(
            f"Others than this machine reach it, and whoever reaches it could write the header of the proxy of the webhook {strange.name}: say where the proxy is, from: 10.0.0.7."
        )
    reload = ["reload"] if "reload" in fields and fields["reload"].value is True else []
    return ServeSettings(
        listen=listen,
        opens="listen" in fields,
        retry_ms=read(fields, "retry", lambda one: 0 if one.value is False else one.duration("30d", "1m"), _RETRY_MS),
        not_yet=[*reload, *(name for name in _NOT_YET if name in fields)],
    )


def known_serve_fields(shape: Shape) -> Mapping[str, Shape]:
    """The members of `serve`."""
    return shape.fields(_KNOWN)


def _listen(shape: Shape) -> Listen:
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):([0-9]{1,5})", shape.text(), re.ASCII)
    if match is None or int(match[2]) > 65_535:
        raise shape.fault(
            'Write an address and a port: "127.0.0.1:8400", or "0.0.0.0:8400" for every address of this machine.'
        )
    return Listen(match[1].strip("[]"), int(match[2]))
