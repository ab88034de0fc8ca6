"""A store in PostgreSQL, with its secrets in place."""

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
    try:
        parts = urlsplit(made.value)
        valid = parts.scheme in ("postgres", "postgresql") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
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
