"""Sources of webhooks with their secrets in place, all of them registered."""

from __future__ import annotations

from offstage.config import (
    SETTINGS_FILE,
    Configuration,
    NamedSecret,
    WebhookSettings,
    register_one,
    renewed,
    resolve_all,
    resolve_references,
)
from offstage.triggers.webhook import Scheme, WebhookSource


def resolve_webhook(settings: WebhookSettings, configuration: Configuration) -> WebhookSource:
    """Secrets are read anew for each delivery: they may be rotated. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`."""
    what = f"the webhook {settings.name}"
    sources, redactor = configuration.sources, configuration.redactor

    def resolved(reference: str) -> str:
        made = resolve_references(reference, sources, f"{SETTINGS_FILE}: {what}")
        for secret in (*made.secrets, NamedSecret(name=f"the secret of {what}", value=made.value)):
            register_one(secret, redactor)
        return made.value

    def scheme() -> Scheme:
        return Scheme(
            kind=settings.verify,
            secrets=resolve_all(settings.secrets, resolved),
            id_header=settings.id_header,
            header=settings.header,
            algorithm=settings.algorithm,
            encoding=settings.encoding,
            prefix=settings.prefix,
            rule=settings.certificate,
        )

    lasting = renewed(scheme, configuration.note)
    return WebhookSource(name=settings.name, scheme=lasting, max_bytes=settings.max_bytes, rate=settings.rate)
