"""JSON, hashes, errors, redaction: what everything else stands on."""

from offstage.base.canonical_json import MAX_JSON_DEPTH, canonical_json, hash_json, hash_text, utf16_order
from offstage.base.case_mapping import lower_case, upper_case
from offstage.base.clock import Clock, back_off_ms
from offstage.base.collections import Map, Object, Set, fields_of, is_map, is_set, key_of
from offstage.base.data_path import DataPath, Segment, parse_data_path
from offstage.base.deep_calls import allow_deep_calls
from offstage.base.duration import format_duration, parse_duration
from offstage.base.errors import (
    ENDS_ENGINE,
    ENDS_ITEM,
    ENDS_RUN,
    ErrorCode,
    ErrorData,
    Failure,
    OffstageError,
    error_data,
    is_catchable,
    to_error_data,
)
from offstage.base.exact_json import parse_exact, stringify_exact
from offstage.base.hidden_characters import spell_hidden, spell_hidden_in_json
from offstage.base.iso_time import iso_time
from offstage.base.json import Data, Json, JsonObject, UnsafeInteger, is_fields, is_items, unsafe_integer
from offstage.base.json_text import json_string
from offstage.base.number_text import MAX_SAFE_INTEGER, normal_number, number_text
from offstage.base.redactor import Redactor
from offstage.base.run_id import new_run_id
from offstage.base.shorten import shorten, utf16_length
from offstage.base.undefined import Undefined, undefined
from offstage.base.value_codec import decode_value, encode_value
from offstage.base.withheld import Withheld, WithheldEnd, shown_text, text_or_withheld, withheld_in

allow_deep_calls()

__all__ = [
    "ENDS_ENGINE",
    "ENDS_ITEM",
    "ENDS_RUN",
    "MAX_JSON_DEPTH",
    "MAX_SAFE_INTEGER",
    "Clock",
    "Data",
    "DataPath",
    "ErrorCode",
    "ErrorData",
    "Failure",
    "Json",
    "JsonObject",
    "Map",
    "Object",
    "OffstageError",
    "Redactor",
    "Segment",
    "Set",
    "Undefined",
    "UnsafeInteger",
    "Withheld",
    "WithheldEnd",
    "back_off_ms",
    "canonical_json",
    "decode_value",
    "encode_value",
    "error_data",
    "fields_of",
    "format_duration",
    "hash_json",
    "hash_text",
    "is_catchable",
    "is_fields",
    "is_items",
    "is_map",
    "is_set",
    "iso_time",
    "json_string",
    "key_of",
    "lower_case",
    "new_run_id",
    "normal_number",
    "number_text",
    "parse_data_path",
    "parse_duration",
    "parse_exact",
    "shorten",
    "shown_text",
    "spell_hidden",
    "spell_hidden_in_json",
    "stringify_exact",
    "text_or_withheld",
    "to_error_data",
    "undefined",
    "unsafe_integer",
    "upper_case",
    "utf16_length",
    "utf16_order",
    "withheld_in",
]
