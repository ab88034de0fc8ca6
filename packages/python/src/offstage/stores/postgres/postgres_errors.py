"""What the driver raises, as our errors."""

import re
from typing import NamedTuple

import psycopg

from offstage.base import ErrorCode, OffstageError


class _Known(NamedTuple):
    prefix: str
    code: ErrorCode
    what: str
    hint: str


_AGAIN = "See that the server runs, then run the same command again: it goes on where it was."
_OWNED = "Have an administrator make a schema that this user owns: CREATE SCHEMA offstage AUTHORIZATION …"
_RESTORE = "Keep a copy of its files as they are, then restore a backup. Do not drop anything: it knows which writes were made."

# By SQLSTATE, or by what `_SAID` makes of a message without one; the first that fits decides.
_CODES = (
    _Known(
        "28",
        "STORE_REFUSED",
        "does not let this user in",
        "See the user and the password in store.postgres of offstage.yaml, and pg_hba.conf on the server.",
    ),
    _Known(
        "3D000",
        "STORE_REFUSED",
        "has no such database",
        "Make it (createdb), or name another one in store.postgres of offstage.yaml.",
    ),
    _Known("3F000", "STORE_REFUSED", "has no such schema, and this user may not make it", _OWNED),
    _Known("42501", "STORE_REFUSED", "does not give this user the rights that a store needs", _OWNED),
    _Known(
        "25006",
        "STORE_UNAVAILABLE",
        "takes no writes now: it is a standby, or read-only",
        "Name the primary in store.postgres of offstage.yaml.",
    ),
    _Known(
        "55000",
        "STORE_UNAVAILABLE",
        "takes no writes now: it is a standby",
        "Name the primary in store.postgres of offstage.yaml.",
    ),
    _Known(
        "53100",
        "STORE_FULL",
        "could not grow: its disk is full",
        "Free space on the server's disk, then run the same command again: it goes on where it was.",
    ),
    _Known(
        "53",
        "STORE_UNAVAILABLE",
        "has no room for another connection",
        "Raise max_connections on the server, or run fewer processes.",
    ),
    _Known(
        "55P03",
        "STORE_LOCKED",
        "is in use by another process that does not finish writing",
        "Let the other command end, then run this one again. pg_stat_activity tells which connection holds the lock.",
    ),
    _Known(
        "40",
        "STORE_LOCKED",
        "is in use by others that write the same rows",
        "Only Offstage should write in the store's schema. Run the same command again: it goes on where it was.",
    ),
    _Known("57", "STORE_UNAVAILABLE", "is starting, or was shut down", _AGAIN),
    _Known("08", "STORE_UNAVAILABLE", "broke the connection, or takes none", _AGAIN),
    _Known("XX001", "STORE_CORRUPT", "reports damaged data", _RESTORE),
    _Known("XX002", "STORE_CORRUPT", "reports a damaged index", _RESTORE),
    # Our statements are fixed and the schema was ours when it was opened, so what is missing was lost.
    _Known("42P01", "STORE_CORRUPT", "has lost a table of the store", _RESTORE),
    _Known("42703", "STORE_CORRUPT", "has lost a column of the store", _RESTORE),
    _Known(
        "54000",
        "VALUE_INVALID",
        "cannot keep a key as long as this one",
        "A key of a record, of a loop and of an event may have about 2,000 characters together with those around it.",
    ),
    _Known(
        "TLS",
        "STORE_REFUSED",
        "does not agree with this machine about TLS",
        "See sslmode and sslrootcert in the URL, and ssl on the server.",
    ),
)

# What libpq says without a code: before a connection is there it gives none.
_SAID = (
    (re.compile(r"certificate|SSL|TLS", re.IGNORECASE), "TLS"),
    (re.compile(r"password|authentication|pg_hba|role .* does not exist|no encryption", re.IGNORECASE), "28P01"),
    (re.compile(r"database .* does not exist"), "3D000"),
    (re.compile(r"too many clients|remaining connection slots"), "53300"),
    (re.compile(r"starting up|shutting down|recovery"), "57P03"),
    (re.compile(r"."), "08006"),
)
_TURNS_GONE = re.compile(r'"turns(_[0-9]+)?"')


def postgres_error(thrown: Exception, place: str) -> OffstageError:
    """What the driver raised, as one of our errors. `place` names server and database, without user and password."""
    code = _code_of(thrown)
    if code == "42P01" and _TURNS_GONE.search(str(thrown)):
        return OffstageError(
            "STORE_NEWER",
            f"The store in PostgreSQL at {place} was brought to a newer version while this process used it. Nothing more is written by this process.",
            hint="Update this package too, then start it again: every process of a store has to be of one version.",
        )
    for known in _CODES:
        if code.startswith(known.prefix):
            return OffstageError(known.code, f"PostgreSQL at {place} {known.what} ({thrown}).", hint=known.hint)
    return OffstageError("BUG", f"PostgreSQL at {place} refused a statement: {code} {thrown}")


def is_conflict(thrown: Exception) -> bool:
    """Whether the server asks for the transaction to be made again."""
    return _code_of(thrown) in ("40001", "40P01")


def ends_connection(thrown: Exception) -> bool:
    """Whether the connection is of no use after this: it is gone, or the server is about to close it."""
    return re.match("08|57P0|25P0[34]", _code_of(thrown)) is not None


def may_pass(error: OffstageError) -> bool:
    """Whether the same may succeed in a while without anybody's doing: the server said it, and not we of what we found."""
    return error.code == "STORE_UNAVAILABLE" and error.__cause__ is not None


def _code_of(thrown: Exception) -> str:
    if isinstance(thrown, psycopg.Error) and thrown.sqlstate is not None:
        return thrown.sqlstate
    if isinstance(thrown, psycopg.OperationalError | TimeoutError):
        return next((code for said, code in _SAID if said.search(str(thrown))), "08006")
    return ""
