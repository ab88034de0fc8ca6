"""`settings.json`: what `offstage.yaml` says, as JSON, so that no library for YAML is needed; everything has a working
default.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from offstage.base import Data, JsonObject, OffstageError, is_fields, parse_exact
from offstage.calls import CallEffect, RateLimit
from offstage.model import Policy

from .policy_settings import policy_settings
from .queue_settings import QueueSettings, queue_settings
from .serve_settings import ServeSettings, known_serve_fields, serve_settings
from .shape import Shape, read
from .webhook_settings import WebhookSettings, webhook_settings

SETTINGS_FILE = "settings.json"
"""The file's name."""

_DEFAULT_TIMEOUT_MS = 60_000
# Nobody waits longer for a call.
_LONGEST_TIMEOUT = "1d"
_DAY_MS = 86_400_000
_EFFECTS: tuple[CallEffect, ...] = get_args(CallEffect)
_KNOWN = (
    "version", "policy", "dryRun", "plan", "grants", "store", "retention", "servers", "tokens", "model", "webhooks", "serve", "queues", "approvals", "fixtures", "inputs", "secrets", "plain",
)  # fmt: skip
_OF_SERVER = ("timeout", "auth", "elicitation", "sampling", "roots", "sandbox", "rate")
_AUTH: dict[str, tuple[str, ...]] = {
    "bearer": ("kind", "token"),
    "client-credentials": ("kind", "clientId", "clientSecret", "issuer", "scope"),
}


@dataclass(frozen=True, kw_only=True)
class ToolClass:
    """`*` in a tool's name matches any run of characters."""

    server: str
    tool: str
    effect: CallEffect

    def speaks_of(self, server: str, tool: str) -> bool:
        """Whether it is about this tool."""
        pattern = ".*".join(re.escape(part) for part in self.tool.split("*"))
        return self.server == server and re.fullmatch(pattern, tool, re.DOTALL) is not None


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """`store`. Where `postgres` is None, it is the file. References in the URL are not resolved."""

    file: str
    postgres: str | None = None
    schema: str = "offstage"


@dataclass(frozen=True, kw_only=True)
class AuthSettings:
    """How a server gets its token; references are not resolved."""

    kind: Literal["bearer", "client-credentials"]
    token: str = ""
    client_id: str = ""
    client_secret: str = ""
    issuer: str = ""
    scope: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the settings say."""

    policy: Policy
    classes: Sequence[ToolClass]
    """What the project says of tools' calls, over what profiles and hints say; the first that matches."""
    store: StoreSettings
    retention_ms: Mapping[Literal["runs", "events"], int | None]
    """How long what is over is kept; None: for ever."""
    timeouts_ms: Mapping[str, int]
    """How long one call of a tool may take, by server; `*` for those not named."""
    rates: Mapping[str, RateLimit]
    """How fast servers may be called, whatever their profiles allow besides; by server."""
    auth: Mapping[str, AuthSettings]
    secrets: Sequence[str]
    """Names of variables whose values are secrets, whatever they are called."""
    plain: Sequence[str]
    """Names of variables that sound like secrets and are none."""
    inputs: Mapping[str, str]
    """Where the values of `${input:x}` come from, by the input's id; references are not resolved."""
    dry_run: bool
    webhooks: Sequence[WebhookSettings] = ()
    """Sources of webhooks."""
    serve: ServeSettings = field(default_factory=ServeSettings)
    """Where the process that serves is reached."""
    queues: Sequence[QueueSettings] = ()
    """Queues whose messages start runs."""
    document: JsonObject = field(default_factory=lambda: dict[str, Data]())
    """All of it, for what the host looks at: `serve`, `webhooks`, `queues`, `approvals`."""

    def policy_effect(self, server: str, tool: str) -> CallEffect | None:
        """What the policy's `classes` says of a tool's calls; None when nothing matches."""
        return next((one.effect for one in self.classes if one.speaks_of(server, tool)), None)

    def timeout_ms(self, server: str) -> int:
        """How long one call of a server's tool may take."""
        return self.timeouts_ms.get(server, self.timeouts_ms["*"])


def parse_settings(text: str | None, folder: str) -> Settings:
    """Reads the text of the settings; an empty one, or none, is all defaults.

    `folder` is the project's, absolute. Errors: `CONFIG_INVALID`, also for a setting that there is not; `NOT_YET` for
    one that the exported Python does not obey.
    """
    try:
        data: Data = {} if text is None or text.strip() == "" else parse_exact(text)
    except OffstageError as error:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{SETTINGS_FILE}: {error.message}",
            hint="Look for a comma or a quote too many or too few.",
        ) from error
    document = Shape(data, SETTINGS_FILE).fields(_KNOWN)
    if "version" in document:
        document["version"].choice((1,))
    servers = read(document, "servers", Shape.fields, {})
    by_server = {name: one.fields(_OF_SERVER) for name, one in servers.items()}
    for fields in by_server.values():
        _refuse_not_yet(fields)
    policy = read(document, "policy", lambda one: one.fields(), {})
    webhooks = read(document, "webhooks", webhook_settings, [])
    return Settings(
        policy=policy_settings(document),
        classes=[_class(one) for one in read(policy, "classes", Shape.items, [])],
        store=_store(read(document, "store", lambda one: one.fields(("file", "postgres", "schema")), {}), folder),
        retention_ms=_retention(read(document, "retention", lambda one: one.fields(("runs", "events")), {})),
        timeouts_ms={
            "*": _DEFAULT_TIMEOUT_MS,
            **{name: one["timeout"].duration(_LONGEST_TIMEOUT) for name, one in by_server.items() if "timeout" in one},
        },
        rates={name: _rate(one["rate"]) for name, one in by_server.items() if "rate" in one},
        auth={name: _auth(one["auth"]) for name, one in by_server.items() if "auth" in one},
        secrets=[one.text() for one in read(document, "secrets", Shape.items, [])],
        plain=[one.text() for one in read(document, "plain", Shape.items, [])],
        inputs={name: one.text() for name, one in read(document, "inputs", Shape.fields, {}).items()},
        dry_run=read(document, "dryRun", Shape.flag, False),
        webhooks=webhooks,
        serve=serve_settings(read(document, "serve", known_serve_fields, {}), webhooks),
        queues=read(document, "queues", queue_settings, []),
        document=data if is_fields(data) else {},
    )


def _refuse_not_yet(fields: Mapping[str, Shape]) -> None:
    """What is not obeyed is refused rather than passed by: a server would be let do more, or be told something else,
    than its owner wrote.
    """
    for name, harmless in (
        ("sandbox", (False,)),
        ("elicitation", ("decline", "none")),
        ("sampling", ("refuse",)),
        ("roots", ()),
    ):
        shape = fields.get(name)
        if shape is None or shape.value in harmless or shape.value == []:
            continue
        raise OffstageError(
            "NOT_YET",
            f"{shape.file}: {shape.path}: the exported Python does not obey this setting.",
            hint="Take it out, or run the TypeScript export.",
        )


def _class(shape: Shape) -> ToolClass:
    fields = shape.fields(("server", "tool", "effect"))
    missing = next((name for name in ("server", "tool", "effect") if name not in fields), None)
    if missing is not None:
        raise shape.fault(f"it has no {missing}.")
    return ToolClass(
        server=fields["server"].text(), tool=fields["tool"].text(), effect=fields["effect"].choice(_EFFECTS)
    )


def _store(fields: Mapping[str, Shape], folder: str) -> StoreSettings:
    if "schema" in fields and "postgres" not in fields:
        raise fields["schema"].fault("Only a store in PostgreSQL has a schema: name it with postgres.")
    schema = read(fields, "schema", Shape.text, "offstage")
    if re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema) is None:
        raise fields["schema"].fault("A schema is named by lower-case letters, digits and _, up to 63 of them.")
    file = read(fields, "file", Shape.text, ".offstage/store.db")
    return StoreSettings(
        file=os.path.join(folder, file), postgres=read(fields, "postgres", Shape.text, None), schema=schema
    )


def _retention(fields: Mapping[str, Shape]) -> Mapping[Literal["runs", "events"], int | None]:
    def kept(shape: Shape, least: str) -> int | None:
        return None if shape.value == "forever" else shape.duration("3650d", least)

    return {
        "runs": read(fields, "runs", lambda one: kept(one, "2d"), 90 * _DAY_MS),
        "events": read(fields, "events", lambda one: kept(one, "7d"), 30 * _DAY_MS),
    }


def _rate(shape: Shape) -> RateLimit:
    fields = shape.fields(("perSecond", "concurrent"))
    if len(fields) == 0:
        raise shape.fault("write { perSecond: 5, concurrent: 4 }, or one of both.")
    return RateLimit(
        per_second=read(fields, "perSecond", lambda one: one.number(0.001, 1_000), None),
        concurrent=read(fields, "concurrent", lambda one: one.whole(1, 1_000), None),
    )


def _auth(shape: Shape) -> AuthSettings:
    kind = shape.fields().get("kind")
    if kind is None:
        raise shape.fault('Write kind: "client-credentials" or "bearer".')
    if kind.value in ("login", "private-key-jwt", "enterprise"):
        raise OffstageError(
            "NOT_YET",
            f"{shape.file}: {shape.path}: the exported Python gets no tokens by {kind.value}.",
            hint="It knows kind: client-credentials and kind: bearer.",
        )
    said = kind.choice(tuple(_AUTH))
    fields = shape.fields(_AUTH[said])
    missing = next((name for name in _AUTH[said] if name not in fields and name != "scope"), None)
    if missing is not None:
        raise shape.fault(f"it has no {missing}.")
    if said == "bearer":
        return AuthSettings(kind="bearer", token=fields["token"].text())
    return AuthSettings(
        kind="client-credentials",
        client_id=fields["clientId"].text(),
        client_secret=fields["clientSecret"].text(),
        issuer=fields["issuer"].text(),
        scope=read(fields, "scope", Shape.text, None),
    )
