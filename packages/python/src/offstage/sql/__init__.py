"""The queries of every database."""

from .connection import SqlConnection, SqlRow, SqlValue
from .fact_rows import NOW_MS
from .read_value import corrupt
from .run_body import HandedOut, RanBody, run_body, uninterrupted
from .schema import APPLICATION_ID, StoreSchema, read_schema, refuse_other_version
from .store_language import claim_store, foreign_store
from .store_mark import MarkFile, StoreMark, begin_epoch, is_behind

__all__ = [
    "APPLICATION_ID",
    "NOW_MS",
    "HandedOut",
    "MarkFile",
    "RanBody",
    "SqlConnection",
    "SqlRow",
    "SqlValue",
    "StoreMark",
    "StoreSchema",
    "begin_epoch",
    "claim_store",
    "corrupt",
    "foreign_store",
    "is_behind",
    "read_schema",
    "refuse_other_version",
    "run_body",
    "uninterrupted",
]
