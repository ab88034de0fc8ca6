"""What parked runs wait for."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from offstage.base import Data

from .approvers import AnswerWay
from .identity import StepKey

WaitKind: TypeAlias = Literal["sleep", "poll", "approval", "event"]

WaitStatus: TypeAlias = Literal["open", "ready", "over"]
"""`open`: nothing is there yet. `ready`: its run has to look at what came. `over`: its run went on."""


class RunWait(TypedDict):
    """What a parked run waits for, as it is told. `label`: one line for people. `until`: when it is over by itself, ms; None: never."""

    id: str
    kind: WaitKind
    step: StepKey
    label: str
    since: int
    until: int | None


class _WaitBase(TypedDict):
    id: str
    step: StepKey
    label: str
    since: int
    until: int | None
    runId: str
    rootRunId: str
    workflow: str
    hash: str
    status: WaitStatus


class SleepWait(_WaitBase):
    """`sleep`, `until`: for an instant."""

    kind: Literal["sleep"]


class PollWait(_WaitBase):
    """`poll`: until it is asked again."""

    kind: Literal["poll"]


class ApprovalAnswer(TypedDict):
    """A person's answer. `why`: what the person said to it, absent when nothing. `way`: by which way it came."""

    verdict: Literal["approved", "denied"]
    by: str
    why: NotRequired[str]
    at: int
    way: NotRequired[AnswerWay]


class ApprovalWait(_WaitBase):
    """What a person is asked by a workflow itself.

    `topic`: hash of the place in the workflow, its inputs and its loop keys: an answer to what was asked there last holds while the
    question is the same. `show`: what the person is shown beside the message. `by`: who may answer, None: anybody. `answer`: None when
    `over` means that nobody answered in time. `notice`: the message that tells people of it, absent: none was made yet.
    """

    kind: Literal["approval"]
    topic: str
    message: str
    show: Data | None
    by: list[str] | None
    answer: ApprovalAnswer | None
    notice: NotRequired[str]


class WebhookSource(TypedDict):
    """Deliveries of one source."""

    kind: Literal["webhook"]
    source: str


class QueueSource(TypedDict):
    """Messages of one queue."""

    kind: Literal["queue"]
    name: str


class ResourceSource(TypedDict):
    """Changes of a server's resource."""

    kind: Literal["resource"]
    server: str
    uri: str


EventSource: TypeAlias = WebhookSource | QueueSource | ResourceSource
"""Whose events a step waits for."""


class EventWait(_WaitBase):
    """A step that waits for an event. `ready`: it was offered one that it has not looked at yet. `topic`: the source in one text, `webhook:github`."""

    kind: Literal["event"]
    topic: str
    source: EventSource


Wait: TypeAlias = SleepWait | PollWait | ApprovalWait | EventWait
"""One step of a run that waits: a row of the store, and the truth about what was answered and when it was over.

It is there before the run is parked, and whoever goes on with the run after a crash finds it as it is. `hash`: of what was asked for; the
same step with another one asks anew.
"""
