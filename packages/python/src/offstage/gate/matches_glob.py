"""Names with stars."""

from __future__ import annotations


def matches_glob(pattern: str, name: str) -> bool:
    """True when `name` is `pattern` with each `*` as any run of characters. Linear in both for each star, whatever they hold."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    last = rest.pop()
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    end = len(name) - len(last)
    start = len(first)
    for part in rest:
        at = name.find(part, start)
        if at == -1 or at + len(part) > end:
            return False
        start = at + len(part)
    return True
