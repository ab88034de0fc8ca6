"""Every secret of a package that can be told without running a program, registered by each command: what a server told once, or a person types, may be shown by any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from offstage.base import OffstageError, Redactor

from .queue_settings import UnservedQueue
from .reference_forms import references_in
from .references import Sources
from .resolve_auth import secret_of, with_auth
from .resolve_queue import resolve_queue
from .resolve_server import resolve_server
from .resolve_store import resolve_postgres
from .server_entry import HttpEntry, ServerEntry, StdioEntry
from .settings import SETTINGS_FILE, AuthSettings, Settings


def register_secrets(entries: Sequence[ServerEntry], settings: Settings, sources: Sources, redactor: Redactor) -> None:
    """What cannot be resolved now is told by who needs it. A program that asks a vault is run for who needs what it gives, not by every command."""
    known = replace(sources, run=None)
    for entry in entries:
        auth = settings.auth.get(entry.name)
        if _try(
            lambda entry=entry, auth=auth: with_auth(resolve_server(entry, known, redactor), auth, known, redactor)
        ):
            continue
        # One that is missing keeps none of the others out of sight.
        for part in _parts_of(entry):
            _try(lambda part=part: resolve_server(part, known, redactor))
        for text in _secrets_of(auth):
            _try(lambda text=text: secret_of(text, "a secret", SETTINGS_FILE, known, redactor))
    _try(lambda: resolve_postgres(settings.store, known, redactor))
    for queue in settings.queues:
        if not isinstance(queue, UnservedQueue):
            _try(lambda queue=queue: resolve_queue(queue, known, redactor))


def _try(resolve: Callable[[], object]) -> bool:
    with suppress(OffstageError):
        resolve()
        return True
    return False


def _parts_of(entry: ServerEntry) -> Iterator[ServerEntry]:
    """Each text of an entry, and each reference in it, as an entry of its own."""
    record = entry.headers if isinstance(entry, HttpEntry) else entry.env
    texts = [entry.url] if isinstance(entry, HttpEntry) else [entry.command, *entry.args, entry.cwd or ""]
    references = [text[one.start : one.end] for text in [*texts, *record.values()] for one in references_in(text)]
    if isinstance(entry, StdioEntry):
        yield replace(entry, command="", args=[], env={}, cwd=None)
    for name, text in record.items():
        yield HttpEntry(name=entry.name, url="", headers={name: text})
    for text in [*texts, *references]:
        yield HttpEntry(name=entry.name, url=text)


def _secrets_of(auth: AuthSettings | None) -> list[str]:
    if auth is None:
        return []
    return [text for text in (auth.token, auth.client_secret) if text]
