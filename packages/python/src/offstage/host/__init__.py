"""Where runs live: one process with a store. What a run may do is decided below it, by the gate; how it goes on after a crash, by the journal."""

from .answer_approval import answer_approval, open_approvals
from .answer_asked import Answer, Answered, Asked, Said, answer_asked, asked_now, choose_asked
from .arrivals import Admitted, Came, StartedBy, admit_arrivals, keep_arrival
from .bring_event import MAX_EVENT, Brought, BroughtEvent, bring_event, bring_events
from .decide_arrivals import ArrivalDecisions, Dropped, GoingRun, decide_arrivals
from .embedded_host import EmbeddedHost
from .environment import Calls, Environment, LogNews, Making, News, RunNews, WaitingNews, unobserved
from .keep_timeouts import TIMED_OUT, keep_timeouts
from .lease_keeper import holder_is_alive, this_process
from .lift_pauses import Lifted, lift_pauses
from .offer_event import Offer, OfferedTo, offer_event
from .program import Limits, Program, program_of, tools_of
from .serve import ArrivalNews, LeadNews, ListeningNews, ServeNews, Serving, serve_workflows
from .served_workflow import ServedTrigger, ServedWorkflow, interval_ms, serve_workflow, with_former_names
from .store_blobs import StoreBlobs
from .store_lanes import StoreLanes
from .trigger_source import Looked, TriggerSource

__all__ = [
    "MAX_EVENT",
    "TIMED_OUT",
    "Admitted",
    "Answer",
    "Answered",
    "ArrivalDecisions",
    "ArrivalNews",
    "Asked",
    "Brought",
    "BroughtEvent",
    "Calls",
    "Came",
    "Dropped",
    "EmbeddedHost",
    "Environment",
    "GoingRun",
    "LeadNews",
    "Lifted",
    "Limits",
    "ListeningNews",
    "LogNews",
    "Looked",
    "Making",
    "News",
    "Offer",
    "OfferedTo",
    "Program",
    "RunNews",
    "Said",
    "ServeNews",
    "ServedTrigger",
    "ServedWorkflow",
    "Serving",
    "StartedBy",
    "StoreBlobs",
    "StoreLanes",
    "TriggerSource",
    "WaitingNews",
    "admit_arrivals",
    "answer_approval",
    "answer_asked",
    "asked_now",
    "bring_event",
    "bring_events",
    "choose_asked",
    "decide_arrivals",
    "holder_is_alive",
    "interval_ms",
    "keep_arrival",
    "keep_timeouts",
    "lift_pauses",
    "offer_event",
    "open_approvals",
    "program_of",
    "serve_workflow",
    "serve_workflows",
    "this_process",
    "tools_of",
    "unobserved",
    "with_former_names",
]
