"""Which implementation made a store: only that one drives it."""

from offstage.base import OffstageError, encode_value

from .connection import SqlConnection
from .fact_rows import put_fact
from .read_value import read_value

LANGUAGE = "language"
"""The fact in a store that says it. A store without it is TypeScript's."""

_OURS = "python"


async def claim_store(connection: SqlConnection) -> None:
    """Says, in a store that is being made, that it is Python's."""
    await put_fact(connection, LANGUAGE, encode_value(_OURS))


async def foreign_store(connection: SqlConnection, place: str) -> OffstageError | None:
    """What every write is refused with in a store that another language made; None in our own.

    Identities that last only for a root run, and what the journal holds under a step, are written in the spelling of one language: a run
    of one would not be known again by the other, and its writes would be made twice.
    """
    rows = await connection.all("SELECT meta_value FROM meta WHERE name = ?", [LANGUAGE])
    language = read_value(rows[0]["meta_value"]) if rows else "typescript"
    if language == _OURS:
        return None
    return OffstageError(
        "STORE_FOREIGN",
        f"The store {place} was made by Offstage in another language ({language}): it can be looked at from here, and is only driven by that one.",
        hint="Give this program a store of its own (another path, or another schema), or go on with the other one.",
    )
