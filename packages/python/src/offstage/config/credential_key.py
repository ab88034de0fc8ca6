"""What calls of a server share their limits by."""

import hashlib
import hmac
import json
import re

from .resolve_server import ResolvedServer

# How a header says of what kind its credential is.
_SCHEME = re.compile(r"^(bearer|basic|token)\s+", re.IGNORECASE)
# Hex digits: 12 bits. So many guesses at a secret have the same that it tells no guess from another.
_SECRET_DIGITS = 3
_PLAIN_DIGITS = 16


def credential_key(server: ResolvedServer, store_id: str) -> str:
    """Servers with the same secrets have the same, whatever they are called; one that has none is known by its name and
    its target. `store_id` makes it another one in each store.
    """
    values = sorted(
        {_SCHEME.sub("", value) for value in server.secrets}, key=lambda text: text.encode("utf-16-be", "surrogatepass")
    )
    text = json.dumps(
        values or [server.config.name, server.target, "without secrets"], ensure_ascii=False, separators=(",", ":")
    )
    return hmac.new(store_id.encode(), text.encode(), hashlib.sha256).hexdigest()[
        : _SECRET_DIGITS if values else _PLAIN_DIGITS
    ]
