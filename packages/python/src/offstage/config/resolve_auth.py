"""A server with what the settings say of its token; whatever is secret in it is registered, wherever it came from."""

import base64
from collections.abc import Callable
from dataclasses import replace

from offstage.base import OffstageError, Redactor
from offstage.mcp import BearerAuth, ClientCredentialsAuth, HttpServerConfig

from .references import NamedSecret, Sources, resolve_references
from .resolve_server import ResolvedServer, register_one, renewed
from .server_entry import SERVERS_FILE
from .settings import SETTINGS_FILE, AuthSettings


def with_auth(
    server: ResolvedServer,
    settings: AuthSettings | None,
    sources: Sources,
    redactor: Redactor,
    note: Callable[[str], None] = lambda _: None,
) -> ResolvedServer:
    """Errors:

    `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID` for a server that takes no token, or has one in its headers.
    """
    if settings is None:
        return server
    config = server.config
    place = f"{SETTINGS_FILE}: servers.{config.name}.auth"
    if not isinstance(config, HttpServerConfig):
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: a server that Offstage starts gets its secrets from its environment.",
            hint=f"Write them into `env` of {config.name} in {SERVERS_FILE}; `auth` is for servers with a `url`.",
        )
    if any(name.lower() == "authorization" for name in config.headers()):
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: {SERVERS_FILE} has an Authorization header for it already.",
            hint="Take one of the two out.",
        )

    def secret(text: str, name: str) -> Callable[[], str]:
        return renewed(lambda: secret_of(text, name, place, sources, redactor), note)

    if settings.kind == "bearer":
        token = secret(settings.token, "token")
        return replace(server, config=replace(config, auth=BearerAuth(token=token)), secrets=[*server.secrets, token()])
    client_id = resolve_references(settings.client_id, sources, place).value
    issuer = resolve_references(settings.issuer, sources, place).value
    scope = None if settings.scope is None else resolve_references(settings.scope, sources, place).value
    client_secret = secret(settings.client_secret, "client secret")
    # With the form in which it is sent: Basic credentials.
    redactor.register(base64.b64encode(f"{client_id}:{client_secret()}".encode()).decode("ascii"), "client secret")
    auth = ClientCredentialsAuth(client_id=client_id, client_secret=client_secret, issuer=issuer, scope=scope)
    return replace(server, config=replace(config, auth=auth), secrets=[*server.secrets, client_id, client_secret()])


def secret_of(text: str, name: str, place: str, sources: Sources, redactor: Redactor) -> str:
    """A text that is a secret as a whole, whatever it is made of."""
    made = resolve_references(text, sources, place)
    whole = (
        [] if any(secret.value == made.value for secret in made.secrets) else [NamedSecret(name=name, value=made.value)]
    )
    for one in [*made.secrets, *whole]:
        register_one(one, redactor)
    return made.value
