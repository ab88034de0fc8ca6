"""identity → target: what a record remembers."""

from offstage.base import Data

from .identity import RecordKey


class Binding(RecordKey):
    """What a record is bound to.

    `generation` counts from 1: a released or lost target that is made anew begins the next. `revision`: settled actions on this binding.
    `kept`: what `keep` returned; `targetKey`: hash of the part of it that comes from the target alone, as one target is bound once.
    `adopted`: we found it, so that releasing it only unbinds. `target`: the server's when it was bound. `goneSince`: first time the read
    said gone. `notConverging`: hash of the desired arguments of an update that did not take. `workflow` and `inputsHash`: whose runs visit
    it; sweeps cover exactly these.
    """

    generation: int
    revision: int
    kept: Data
    targetKey: str
    adopted: bool
    server: str
    target: str
    boundAt: int
    releasedAt: int | None
    goneSince: int | None
    notConverging: str | None
    workflow: str
    inputsHash: str
    lastSeenAt: int
    lastSeenRun: str
    missedSweeps: int
    epoch: int
