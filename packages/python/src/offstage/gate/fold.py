"""Texts as generous servers read them."""

from __future__ import annotations

from unicodedata import category, normalize

# What of Default_Ignorable_Code_Point is neither a control, unassigned nor a separator.
_IGNORABLE = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0))
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def fold(text: str) -> str:
    """A text as a generous server might read it: without case, width, composition, white space and characters that are not seen. Letters of other scripts that only look alike stay other letters."""
    composed = normalize("NFKC", normalize("NFKC", text).upper().lower())
    return "".join([one for one in composed if category(one)[0] not in "CZ" and one not in _IGNORABLE])
