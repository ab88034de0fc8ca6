"""Where runs live: one process with a store. What a run may do is decided below it, by the gate; how it goes on after a crash, by the journal."""

from .answer_approval import answer_approval, open_approvals
from .answer_asked import Answer, Answered, Asked, Said, answer_asked, asked_now, choose_asked
from .embedded_host import EmbeddedHost
from .environment import Calls, Environment, LogNews, Making, News, RunNews, WaitingNews
from .keep_timeouts import TIMED_OUT, keep_timeouts
from .lease_keeper import holder_is_alive, this_process
from .program import Limits, Program, program_of
from .store_blobs import StoreBlobs

__all__ = [
    "TIMED_OUT",
    "Answer",
    "Answered",
    "Asked",
    "Calls",
    "EmbeddedHost",
    "Environment",
    "Limits",
    "LogNews",
    "Making",
    "News",
    "Program",
    "RunNews",
    "Said",
    "StoreBlobs",
    "WaitingNews",
    "answer_approval",
    "answer_asked",
    "asked_now",
    "choose_asked",
    "holder_is_alive",
    "keep_timeouts",
    "open_approvals",
    "program_of",
    "this_process",
]
