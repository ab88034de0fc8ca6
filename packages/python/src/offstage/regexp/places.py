"""A text as RE2 takes it: its bytes, made once, with places counted on from the last one."""

from __future__ import annotations


class Places:
    """Characters ↔ bytes of UTF-8. Places that only go up are counted in linear time, all of them together."""

    __slots__ = ("_byte", "_character", "_same", "_text", "data")

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._text = text
        self._same = len(self.data) == len(text)
        # A place that is known both ways.
        self._character = self._byte = 0

    def byte_at(self, character: int) -> int:
        """Where a character begins."""
        if self._same:
            return character
        if character < self._character:
            self._character = self._byte = 0
        self._byte += len(self._text[self._character : character].encode())
        self._character = character
        return self._byte

    def character_at(self, byte: int) -> int:
        """Which character begins there."""
        if self._same:
            return byte
        if byte < self._byte:
            self._character = self._byte = 0
        self._character += len(self.data[self._byte : byte].decode())
        self._byte = byte
        return self._character

    def after(self, byte: int) -> int:
        """The same for a place after the last one, which stays the last one."""
        if self._same:
            return byte
        return self._character + len(self.data[self._byte : byte].decode())

    def is_inside(self, byte: int) -> bool:
        """Whether the place is between the bytes of one character."""
        return not self._same and byte < len(self.data) and self.data[byte] & 0xC0 == 0x80
