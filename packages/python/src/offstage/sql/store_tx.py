"""All that a transaction can do, over one connection."""

from .arrival_rows import ArrivalRows
from .binding_rows import BindingRows
from .connection import SqlConnection
from .effect_rows import EffectRows
from .fact_rows import FactRows
from .request_rows import RequestRows
from .retention_rows import RetentionRows
from .run_rows import RunRows
from .wait_rows import WaitRows


class SqlStoreTx(RunRows, EffectRows, RequestRows, BindingRows, WaitRows, ArrivalRows, FactRows, RetentionRows):
    """A `state.StoreTx`."""

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection
        self.handed_out: int | None = None
        """The fencing token that was handed out in it; None: none was."""

    async def next_fence(self) -> int:
        self.handed_out = await super().next_fence()
        return self.handed_out
