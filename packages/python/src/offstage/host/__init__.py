"""Where runs live: one process with a store. What a run may do is decided below it, by the gate; how it goes on after a crash, by the journal."""

from .embedded_host import EmbeddedHost
from .environment import Calls, Environment, LogNews, News, RunNews
from .lease_keeper import holder_is_alive, this_process
from .program import Limits, Program, program_of

__all__ = [
    "Calls",
    "EmbeddedHost",
    "Environment",
    "Limits",
    "LogNews",
    "News",
    "Program",
    "RunNews",
    "holder_is_alive",
    "program_of",
    "this_process",
]
