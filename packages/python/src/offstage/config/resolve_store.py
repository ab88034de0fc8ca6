"""A store in PostgreSQL, with its secrets in place."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from offstage.base import OffstageError, Redactor

from .references import NamedSecret, Sources, resolve_references
from .resolve_server import register_one
from .settings import SETTINGS_FILE, StoreSettings

_PLACE = f"{SETTINGS_FILE}: store.postgres"


@dataclass(frozen=True, kw_only=True)
class ResolvedPostgres:
    """Where it is."""

    url: str
    schema: str


def resolve_postgres(settings: StoreSettings, sources: Sources, redactor: Redactor) -> ResolvedPostgres | None:
    """None: the store is a file.

    The password is registered, however it came into the URL. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`,
    `CONFIG_INVALID`, none of which quotes it.
    """
    if settings.postgres is None:
        return None
    made = resolve_references(settings.postgres, sources, _PLACE)
    for secret in made.secrets:
        register_one(secret, redactor)
    if not _is_postgres_url(made.value):
        raise OffstageError(
            "CONFIG_INVALID",
            f"{_PLACE}: what stands there is no URL of PostgreSQL.",
            hint="It has to look like postgresql://user:password@host:5432/database, with characters like / @ : # ? of the password percent-encoded.",
        )
    parts = urlsplit(made.value)
    for given in [one for one in (parts.password or "", *parse_qs(parts.query).get("password", [])) if one != ""]:
        for password in dict.fromkeys((given, unquote(given))):
            register_one(NamedSecret(name="the store's password", value=password), redactor)
    return ResolvedPostgres(url=made.value, schema=settings.schema)


def _is_postgres_url(text: str) -> bool:
    """Whether PostgreSQL's clients read it. What they cannot read they quote in their errors, the password with it."""
    try:
        parts = urlsplit(text)
        # Asked for its own errors: a part of a password may stand where the port is.
        _ = parts.port
    except ValueError:
        return False
    is_written = re.search(r"%(?![0-9A-Fa-f]{2})|[\s#]", text) is None
    return parts.scheme in ("postgres", "postgresql") and bool(parts.hostname) and is_written
