"""Sessions with MCP servers. What speaks the protocol is loaded with the first server."""

from .catalogue import Catalogue
from .process_group import ClosePatience, stop_all
from .reply import (
    CallOptions,
    Offer,
    OfferReply,
    OfferResult,
    Progress,
    RawError,
    RawReply,
    RawResult,
)
from .server_config import (
    BearerAuth,
    ClientCredentialsAuth,
    HttpServerConfig,
    ServerConfig,
    StdioServerConfig,
)
from .server_pool import LateConfig, ServerPool, ServerPoolOptions
from .server_session import ServerSession

__all__ = [
    "BearerAuth",
    "CallOptions",
    "Catalogue",
    "ClientCredentialsAuth",
    "ClosePatience",
    "HttpServerConfig",
    "LateConfig",
    "Offer",
    "OfferReply",
    "OfferResult",
    "Progress",
    "RawError",
    "RawReply",
    "RawResult",
    "ServerConfig",
    "ServerPool",
    "ServerPoolOptions",
    "ServerSession",
    "StdioServerConfig",
    "stop_all",
]
