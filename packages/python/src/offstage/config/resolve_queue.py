"""A queue with its secrets in place."""

from dataclasses import replace
from urllib.parse import urlsplit

from offstage.base import OffstageError, Redactor

from .credentials import mask_credentials
from .queue_settings import RedisQueue
from .references import NamedSecret, Sources, resolve_references
from .resolve_server import register_host, register_one
from .settings import SETTINGS_FILE

# What the URL of a Redis may begin with, and how it looks.
_SCHEMES = ("redis", "rediss")
_EXAMPLE = "redis://user:password@host:6379/0, or rediss:// for TLS"


def resolve_queue(settings: RedisQueue, sources: Sources, redactor: Redactor) -> RedisQueue:
    """Each secret is registered: the password in its URL too. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`, none of which quotes one."""
    place = f"{SETTINGS_FILE}: the queue {settings.name}"
    made = resolve_references(settings.url, sources, place)
    credentials = mask_credentials(made.value).credentials
    named = [NamedSecret(name=f"the password of the queue {settings.name}", value=one) for one in credentials]
    for secret in (*made.secrets, *named):
        register_one(secret, redactor)
    try:
        parts = urlsplit(made.value)
        # Reading the port raises where it is none: the rest of a password with a slash in it.
        fits = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: its `url` is none of redis.",
            hint=f"Write {_EXAMPLE}; characters like / @ : # ? of the password are percent-encoded.",
        )
    register_host(made, urlsplit(made.value).hostname or "", redactor)
    return replace(settings, url=made.value)
