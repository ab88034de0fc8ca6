"""How large and how deep a value may be on its way in."""

from offstage.base import MAX_JSON_DEPTH, Data, OffstageError, is_fields, is_items

MAX_VALUE_BYTES = 10 * 1024 * 1024
"""The largest value, about as many bytes as its JSON has."""


def admit(value: Data, what: str, max_bytes: int = MAX_VALUE_BYTES) -> Data:
    """Refuses a value that is too large or too deep for a run, in one walk. Errors: `LIMIT_SIZE`, `LIMIT_DEPTH`."""
    _Walk(what, max_bytes).visit(value, 1)
    return value


class _Walk:
    def __init__(self, what: str, max_bytes: int) -> None:
        self._what = what
        self._max_bytes = max_bytes
        self._left = max_bytes

    def visit(self, data: Data, depth: int) -> None:
        if isinstance(data, str):
            return self._spend(len(data) + 3)
        if not is_fields(data) and not is_items(data):
            return self._spend(5)
        if depth > MAX_JSON_DEPTH:
            raise OffstageError("LIMIT_DEPTH", f"The result of {self._what} nests more than {MAX_JSON_DEPTH} levels.")
        self._spend(2)
        if is_fields(data):
            for name, item in data.items():
                self._spend(len(name) + 4)
                self.visit(item, depth + 1)
        else:
            for item in data:
                self.visit(item, depth + 1)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            mib = f"{self._max_bytes / 1024 / 1024:g}"
            raise OffstageError(
                "LIMIT_SIZE",
                f"The result of {self._what} is larger than {mib} MiB.",
                hint="Ask for less at once, or let the profile's result() keep what is needed.",
            )
