"""What a server offers and how it introduced itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from offstage.base import Data, Redactor, is_fields

from .server_config import Era

if TYPE_CHECKING:
    from mcp.client.session import ClientSession


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Redacted. A tool is exactly as its server described it: what the lock hashes."""

    server: str
    era: Era
    protocol_version: str
    server_info: Mapping[str, Data]
    capabilities: Data
    instructions: str | None
    tools: Sequence[Mapping[str, Data]]
    """In the server's order, all pages."""


def catalogue_of(
    server: str, session: "ClientSession", tools: Sequence[Mapping[str, Data]], redactor: Redactor
) -> Catalogue:
    """What is known of a server, with the tools that were read."""
    info = session.server_info
    said: Data = {} if info is None else info.model_dump(by_alias=True, mode="json", exclude_none=True)
    clean = redactor.redact_data(said)
    # What the protocol knows of them, as the SDK for TypeScript keeps them: more of it is in no lock.
    offers = session.server_capabilities
    capabilities: Data = {} if offers is None else offers.model_dump(by_alias=True, mode="json", exclude_unset=True)
    return Catalogue(
        server=server,
        era="modern" if session.discover_result is not None else "legacy",
        protocol_version=session.protocol_version or "",
        server_info=clean if is_fields(clean) else {},
        capabilities=redactor.redact_data(capabilities),
        instructions=None if session.instructions is None else redactor.redact(session.instructions),
        tools=[tool for one in tools if is_fields(tool := redactor.redact_data(one))],
    )
