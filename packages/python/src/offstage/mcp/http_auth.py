"""Who we are for a server over HTTP."""

import base64
from collections.abc import AsyncGenerator

import httpx2
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

from offstage.base import Redactor

from .server_config import BearerAuth, ServerAuth

# Shorter texts occur by chance.
_SHORTEST = 8


def auth_of(url: str, auth: ServerAuth, redactor: Redactor) -> httpx2.Auth:
    """How requests to `url` are authorized."""
    if isinstance(auth, BearerAuth):
        return _Bearer(auth)
    secret = auth.client_secret()
    redactor.register(base64.b64encode(f"{auth.client_id}:{secret}".encode()).decode("ascii"), "client secret")
    return ClientCredentialsOAuthProvider(
        url, _Tokens(redactor), auth.client_id, secret, scope=auth.scope, issuer=auth.issuer
    )


class _Bearer(httpx2.Auth):
    def __init__(self, auth: BearerAuth) -> None:
        self._auth = auth

    async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        request.headers["Authorization"] = f"Bearer {self._auth.token()}"
        yield request


class _Tokens:
    """Kept while the process lives; each is registered before it is used."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._tokens: OAuthToken | None = None
        self._client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self._tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        for token in (tokens.access_token, tokens.refresh_token):
            if token is not None and len(token.strip()) >= _SHORTEST:
                self._redactor.register(token, "token")
        self._tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self._client = client_info
