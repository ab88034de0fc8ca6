"""The schema of every store, as the TypeScript package prints it: nothing of it is written here a second time."""

import re
from importlib.resources import files
from typing import Literal, NamedTuple

from offstage.base import OffstageError

APPLICATION_ID = 0x4F464653
""""OFFS": tells a store of ours from any other SQLite file."""


class StoreSchema(NamedTuple):
    """Its version, counted in migrations, and the statements that make it in an empty database."""

    version: int
    statements: tuple[str, ...]


def read_schema(database: Literal["sqlite", "postgres"]) -> StoreSchema:
    """Reads the `schema.sql` of a kind of store."""
    text = files("offstage").joinpath("stores", database, "schema.sql").read_text(encoding="utf-8")
    version = re.search(r"^-- version (\d+)$", text, re.MULTILINE)
    if version is None:
        raise OffstageError("BUG", f"The schema of {database} does not say its version.")
    body = text[version.end() :]
    return StoreSchema(
        int(version[1]), tuple(statement.strip() for statement in body.split(";\n") if statement.strip())
    )


def refuse_other_version(version: int, known: int, place: str) -> None:
    """Refuses a store of another version: a newer one (`STORE_NEWER`), and an older one (`NOT_YET`), which nobody brings to this version here."""
    if version > known:
        raise OffstageError(
            "STORE_NEWER",
            f"The store {place} has version {version}; this package knows version {known}.",
            hint="Update the package, or use the version that made the store. The store was left as it is.",
        )
    if version < known:
        raise OffstageError(
            "NOT_YET",
            f"The store {place} has version {version}, and this package, which writes version {known}, does not bring a store to another version yet.",
            hint="Use the version of the package that made the store, or give the place of a new one. A store that `offstage` made is brought to its version by any command of `offstage`.",
        )
