"""Comma-separated values (RFC 4180)."""

from __future__ import annotations

from offstage.values.kinds import type_error


def csv_rows(text: str, separator: str) -> list[list[str]]:
    """All rows; empty lines are none."""
    rows: list[list[str]] = []
    row: list[str] = []
    at = 0
    while at < len(text):
        field, end = _quoted_field(text, at, separator) if text[at] == '"' else _plain_field(text, at, separator)
        row.append(field)
        if text[end : end + 1] == separator:
            at = end + 1
            if at == len(text):
                row.append("")
            continue
        if len(row) > 1 or row[0] != "":
            rows.append(row)
        row = []
        at = end + 2 if text[end : end + 2] == "\r\n" else end + 1
    if row:
        rows.append(row)
    return rows


def _plain_field(text: str, begin: int, separator: str) -> tuple[str, int]:
    end = begin
    while end < len(text) and text[end] not in (separator, "\n", "\r"):
        end += 1
    return text[begin:end], end


def _quoted_field(text: str, begin: int, separator: str) -> tuple[str, int]:
    field = ""
    start = begin + 1
    while True:
        quote = text.find('"', start)
        if quote == -1:
            raise type_error("parseCsv: a quoted field does not end.")
        field += text[start:quote]
        start = quote + 1
        if text[start : start + 1] != '"':
            break
        field += '"'
        start += 1
    if start < len(text) and text[start] not in (separator, "\n", "\r"):
        raise type_error("parseCsv: text after the end of a quoted field.")
    return field, start
