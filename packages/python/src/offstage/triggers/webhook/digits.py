"""Bytes that headers and secrets write as text."""

from __future__ import annotations

import base64
import re

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_BASE64 = re.compile(r"[A-Za-z0-9_+/-]+={0,2}")


def from_hex(text: str | None) -> bytes | None:
    """None for what is no hexadecimal text."""
    return bytes.fromhex(text) if text is not None and _HEX.fullmatch(text) else None


def from_base64(text: str | None) -> bytes | None:
    """Either alphabet, padded or not; None for what is neither."""
    return lenient_base64(text) if text is not None and _BASE64.fullmatch(text) else None


def lenient_base64(text: str) -> bytes:
    """As Node reads it: what belongs to no alphabet is passed over, and what is left of the last byte too."""
    digits = re.sub(r"[^A-Za-z0-9+/]", "", text.split("=")[0].translate(str.maketrans("-_", "+/")))
    whole = digits[:-1] if len(digits) % 4 == 1 else digits
    return base64.b64decode(whole + "=" * (-len(whole) % 4))
