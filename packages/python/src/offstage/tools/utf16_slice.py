"""Parts of texts, as ECMAScript counts."""

from __future__ import annotations


def utf16_slice(text: str, begin: int, end: int) -> str:
    """From one UTF-16 unit to another, through the middle of a character, too."""
    if text.isascii():
        return text[begin:end]
    return text.encode("utf-16-be", "surrogatepass")[2 * begin : 2 * end].decode("utf-16-be", "surrogatepass")
