"""How deeply calls may call each other here."""

import sys

# A value may have 256 levels, and what walks it calls itself up to three times a level, below an event loop and the items of a workflow:
# Python's own limit of 1,000 calls ends that half-way. A call through what is written in C takes about 1.5 kB of a stack that has 8 MB.
_MOST_CALLS = 2_500


def allow_deep_calls() -> None:
    """Raises Python's limit for this process; a higher one stays."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _MOST_CALLS))
