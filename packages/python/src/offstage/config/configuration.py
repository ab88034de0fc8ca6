"""The configuration of an exported package: its servers, settings and lock, read from its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from offstage.base import OffstageError, Redactor
from offstage.calls import Lock, parse_lock
from offstage.mcp import LateConfig, ServerConfig

from .inputs import Inputs
from .references import Sources
from .register_secrets import register_secrets
from .resolve_auth import with_auth
from .resolve_server import ResolvedServer, resolve_server
from .run_for_secret import create_run_for_secret
from .secret_names import is_secret_name
from .secret_sources import SecretFiles, SecretPlaces
from .server_entry import SERVERS_FILE, ServersFile, parse_servers
from .settings import SETTINGS_FILE, Settings, parse_settings

LOCK_FILE = "offstage.lock"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What the package's files say. `servers` resolves its secrets when one is needed, and not before."""

    settings: Settings
    lock: Lock
    sources: Sources
    entries: ServersFile
    redactor: Redactor
    note: Callable[[str], None]

    def server(self, name: str) -> ResolvedServer:
        """A server with its secrets in place, all of them registered.

        Errors: `SERVER_UNKNOWN`, `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`.
        """
        entry = next((one for one in self.entries.servers if one.name == name), None)
        if entry is None:
            off = f" {SERVERS_FILE} has switched it off." if name in self.entries.disabled else ""
            raise OffstageError(
                "SERVER_UNKNOWN",
                f'{SERVERS_FILE} has no MCP server "{name}".{off}',
                hint=f"It has: {', '.join(one.name for one in self.entries.servers) or 'none'}.",
            )
        resolved = with_auth(
            resolve_server(entry, self.sources, self.redactor, self.note),
            self.settings.auth.get(name),
            self.sources,
            self.redactor,
            self.note,
        )
        locked = self.lock.servers.get(name)
        return (
            resolved
            if locked is None or locked.era != "legacy"
            else replace(resolved, config=replace(resolved.config, era="legacy"))
        )

    def pool_servers(self) -> list[LateConfig]:
        """What a pool of these servers is made of."""

        def late(name: str) -> LateConfig:
            def config() -> ServerConfig:
                return self.server(name).config

            return LateConfig(name=name, config=config)

        return [late(entry.name) for entry in self.entries.servers]


def load_configuration(
    folder: str | Path, env: Mapping[str, str], redactor: Redactor, note: Callable[[str], None] = lambda _: None
) -> Configuration:
    """Reads `mcp.json`, `settings.json` (all defaults where there is none) and `offstage.lock`. Secrets that can be told without running a program are registered.

    `note` is told of secrets that cannot be renewed. Errors: `CONFIG_INVALID`, `LOCK_INVALID`, `FILE_UNREADABLE`,
    `NOT_YET`.
    """
    home = Path(folder).resolve()
    settings = parse_settings(_text(home / SETTINGS_FILE), str(home))
    servers = parse_servers(_text(home / SERVERS_FILE) or '{"mcpServers":{}}')
    lock_text = _text(home / LOCK_FILE)
    places = SecretPlaces(env=env, folder=str(home), files=SecretFiles(note))
    sources = Sources(
        places=places,
        is_secret=lambda name: is_secret_name(name, settings.secrets, settings.plain),
        inputs=Inputs(declared={one.id: one for one in servers.inputs}, values=settings.inputs),
        run=create_run_for_secret(places, redactor),
    )
    register_secrets(servers.servers, settings, sources, redactor)
    return Configuration(
        settings=settings,
        lock=Lock(servers={}) if lock_text is None else parse_lock(lock_text),
        sources=sources,
        entries=servers,
        redactor=redactor,
        note=note,
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise OffstageError(
            "FILE_UNREADABLE",
            f"{path.name} is there and cannot be read: {error.strerror if isinstance(error, OSError) else 'it is no text in UTF-8'}.",
        ) from error
