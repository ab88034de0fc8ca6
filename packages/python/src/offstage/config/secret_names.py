"""Which names say that their value is a secret."""

import re
from collections.abc import Collection

# `key` has to end a word: `API_KEY` and `apiKeys` hold secrets, `KEYBOARD` does not.
_TELLING = re.compile(r"token|secret|password|passphrase|credential|bearer|keys?(?![a-z])", re.IGNORECASE)
# Words that tell when they are the last one: `DB_PASS`, `sessionCookie`; `AUTH_URL` and `PASS_THROUGH` hold none.
_TELLING_AT_THE_END = {
    "pass",
    "passwd",
    "passcode",
    "pwd",
    "pw",
    "cred",
    "creds",
    "auth",
    "authorization",
    "cookie",
    "cookies",
    "pat",
    "jwt",
    "mnemonic",
}
# Shells keep folders there.
_FOLDERS = {"PWD", "OLDPWD"}


def is_secret_name(name: str, secrets: Collection[str], plain: Collection[str]) -> bool:
    """Whether a variable of this name holds a secret: its name says so, or the settings do."""
    return name in secrets or (name not in plain and sounds_secret(name))


def sounds_secret(name: str) -> bool:
    """Whether the name alone says so, of whatever: a variable, a header, a part of a connection string, a flag."""
    return name not in _FOLDERS and (_TELLING.search(name) is not None or _last_word(name) in _TELLING_AT_THE_END)


def may_be_mode(name: str) -> bool:
    """`AUTH=basic` says how, not with what: such a name holds a secret only where its value is long enough to be one."""
    return _TELLING.search(name) is None and _last_word(name) in ("auth", "cookie", "cookies")


def is_connection_name(name: str) -> bool:
    """Whether a variable of this name holds a place and a password in one: `DATABASE_DSN`, `CONNECTION_STRING`."""
    return re.search(r"(?:^|_)dsn(?:_|$)|conn(?:ection)?_?str", name, re.IGNORECASE) is not None


def _last_word(name: str) -> str:
    words = [
        word for word in re.split(r"[^a-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()) if word != ""
    ]
    return words[-1] if words else ""
