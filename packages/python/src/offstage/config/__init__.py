"""What the package's files say of its servers, its policy, its store and its secrets. References are resolved late."""

from .configuration import LOCK_FILE, Configuration, load_configuration
from .credential_key import credential_key
from .queue_settings import QueueSettings, RedisQueue, UnservedQueue
from .references import NamedSecret, ResolvedText, Sources, resolve_references
from .resolve_all import resolve_all
from .resolve_auth import secret_of
from .resolve_queue import resolve_queue
from .resolve_server import ResolvedServer, register_one, renewed, resolve_server
from .resolve_store import ResolvedPostgres, resolve_postgres
from .serve_settings import Listen, ServeSettings
from .server_entry import (
    SERVERS_FILE,
    HttpEntry,
    ServerEntry,
    ServersFile,
    StdioEntry,
    parse_servers,
)
from .settings import (
    SETTINGS_FILE,
    AuthSettings,
    Settings,
    StoreSettings,
    ToolClass,
    parse_settings,
)
from .webhook_settings import CertificateProxy, CertificateRule, Rate, WebhookKind, WebhookSettings

__all__ = [
    "LOCK_FILE",
    "SERVERS_FILE",
    "SETTINGS_FILE",
    "AuthSettings",
    "CertificateProxy",
    "CertificateRule",
    "Configuration",
    "HttpEntry",
    "Listen",
    "NamedSecret",
    "QueueSettings",
    "Rate",
    "RedisQueue",
    "ResolvedPostgres",
    "ResolvedServer",
    "ResolvedText",
    "ServeSettings",
    "ServerEntry",
    "ServersFile",
    "Settings",
    "Sources",
    "StdioEntry",
    "StoreSettings",
    "ToolClass",
    "UnservedQueue",
    "WebhookKind",
    "WebhookSettings",
    "credential_key",
    "load_configuration",
    "parse_servers",
    "parse_settings",
    "register_one",
    "renewed",
    "resolve_all",
    "resolve_postgres",
    "resolve_queue",
    "resolve_references",
    "resolve_server",
    "secret_of",
]
