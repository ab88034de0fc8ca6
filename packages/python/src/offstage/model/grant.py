"""What a person is asked to permit."""

from typing import Literal, TypeAlias, TypedDict

from offstage.base import Data

from .approvers import PersonAnswer
from .identity import EffectId

RequestStatus: TypeAlias = Literal["open", "approved", "denied", "replaced", "used"]


class ApprovalRequest(TypedDict):
    """A person is asked to permit one effect with these arguments at this place.

    One open request per identity; newer arguments replace it, and so does another place. A grant is a request that was approved: it
    permits exactly (effect, argsHash, server, tool, target) until it expires. `tool` is None for an adoption. `answered…` is the answer
    that settled it. `by`: who may answer, None: anybody; `count`: how many have to permit it. `continuedBy`: the run that goes on with the
    grant. `notice`: the message that tells people of it, None: none was made yet.
    """

    id: str
    effect: EffectId
    argsHash: str
    args: Data
    server: str
    tool: str | None
    target: str
    workflow: str
    runId: str
    rootRunId: str
    label: str
    reason: str
    openedAt: int
    status: RequestStatus
    answeredAt: int | None
    answeredBy: str | None
    answeredWhy: str | None
    expiresAt: int | None
    by: list[str] | None
    count: int
    answers: list[PersonAnswer]
    continuedBy: str | None
    notice: str | None
