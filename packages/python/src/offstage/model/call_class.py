"""What is known of one call."""

from typing import Literal, TypedDict


class CallClass(TypedDict):
    """What the profile, the policy and the hints say of one call with its final arguments. What cannot be decided is a write.

    `effect`: `prepare` changes nothing that others see, and is called while planning, like a read. `idempotent`: repeating it with the
    same arguments does nothing more. `consistent`: a read that sees every write at once; `lagMs`: after so many milliseconds, None: never
    to be relied on. `affects`: tools of the same server whose answers this write makes stale. `undo`: `none` cannot be undone, None: the
    profile does not say.
    """

    effect: Literal["read", "prepare", "write"]
    idempotent: bool
    consistent: bool
    lagMs: int | None
    affects: list[str]
    undo: str | None
