"""In which windows the runs that a run continues wrote at its steps, or may have."""

from __future__ import annotations

from offstage.effects.budget import ALL
from offstage.effects.ports import EffectsRun
from offstage.model import OnceIdentity, StepKey
from offstage.state import Store


class EarlierWindows:
    """Read once, and only when the run is a continuation. What failed did not happen."""

    def __init__(self, store: Store, run: EffectsRun) -> None:
        self._store = store
        self._run = run
        self._read: dict[tuple[str, str], list[tuple[StepKey, int]]] | None = None

    async def window_of(self, identity: OnceIdentity, step: StepKey) -> int | None:
        """The window of a write of a `once … for:`, whose step lies below that of the `once`; None: there was none."""
        if self._run.id == self._run.root_run_id:
            return None
        if self._read is None:
            self._read = await self._windows()
        written = self._read.get((identity["scope"], identity["key"]), [])
        return next((window for at, window in written if at.startswith(f"{step}/")), None)

    async def _windows(self) -> dict[tuple[str, str], list[tuple[StepKey, int]]]:
        """Of each key those that were intended first are first."""
        root = self._run.root_run_id
        entries = await self._store.transact(
            lambda tx: tx.list_effects(root_run_id=root, status=["intended", "done", "ambiguous"], limit=ALL),
            durable=False,
            reads=True,
        )
        windows: dict[tuple[str, str], list[tuple[StepKey, int]]] = {}
        for entry in reversed(entries):
            identity = entry["identity"]
            if identity["kind"] == "once" and identity["window"] is not None:
                at = windows.setdefault((identity["scope"], identity["key"]), [])
                at.append((entry["step"], identity["window"]))
        return windows
