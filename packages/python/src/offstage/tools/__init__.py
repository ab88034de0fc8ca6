"""What servers say of their tools, pinned: hashes, the text of the lock, and what differs from it, in words for people."""

from .compare_schemas import Difference, Weight, words_change
from .compare_tools import compare_definitions, tool_changed
from .pinned_json import hash_data, print_sorted
from .tool_warnings import ToolWarning, WarnedServer, all_warnings
from .visible_text import fold_spaces, visible_line

__all__ = [
    "Difference",
    "ToolWarning",
    "WarnedServer",
    "Weight",
    "all_warnings",
    "compare_definitions",
    "fold_spaces",
    "hash_data",
    "print_sorted",
    "tool_changed",
    "visible_line",
    "words_change",
]
