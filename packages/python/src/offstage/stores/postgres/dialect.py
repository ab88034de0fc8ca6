"""Where PostgreSQL reads SQL in another way than SQLite, in whose words the queries are written. Nowhere else does anything know of the difference."""

import re
from functools import lru_cache

from offstage.sql import NOW_MS

_ESCAPED = re.compile("[\0\x01]")
_PAIR = re.compile("\x01([\x01\x02])")


@lru_cache(maxsize=1_000)
def query_for_postgres(text: str) -> str:
    """A query's text: the driver's marks for values, and the time at this moment. Our texts have no `?` of another meaning."""
    now = text.replace(NOW_MS, "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")
    return now.replace("%", "%%").replace("?", "%s")


def quoted(name: str) -> str:
    """An identifier, such as the name of a schema."""
    return '"' + name.replace('"', '""') + '"'


def text_for_postgres(text: str) -> str:
    """PostgreSQL's texts hold no NUL, and keys of workflows may.

    It is kept as two characters that stay in order, and so is the character that they are made of; all others are kept as they are.
    """
    return _ESCAPED.sub(lambda found: "\x01\x01" if found[0] == "\0" else "\x01\x02", text)


def text_from_postgres(text: str) -> str:
    """What `text_for_postgres` was made of."""
    return _PAIR.sub(lambda pair: "\0" if pair[1] == "\x01" else "\x01", text) if "\x01" in text else text
