"""The part of a transaction that keeps what people were asked to permit."""

from collections.abc import Sequence
from typing import cast

from offstage.model import ApprovalRequest, EffectId, RequestStatus

from .connection import SqlConnection, SqlRow
from .table import Conditions, Table

REQUESTS = Table(
    "requests",
    ["id"],
    {
        "id": "id",
        "effect": "effect",
        "args_hash": "argsHash",
        "args_value": "args",
        "server": "server",
        "tool": "tool",
        "target": "target",
        "workflow": "workflow",
        "run_id": "runId",
        "root_run_id": "rootRunId",
        "label": "label",
        "reason": "reason",
        "opened_at": "openedAt",
        "status": "status",
        "answered_at": "answeredAt",
        "answered_by": "answeredBy",
        "answered_why": "answeredWhy",
        "expires_at": "expiresAt",
        "by_value": "by",
        "count": "count",
        "answers_value": "answers",
        "continued_by": "continuedBy",
        "notice": "notice",
    },
)


class RequestRows:
    """See `state.LedgerTx`."""

    _connection: SqlConnection

    async def get_request(self, id: str) -> ApprovalRequest | None:
        rows = await self._connection.all(f"{REQUESTS.select} WHERE id = ?", [id])
        return _to_request(rows[0]) if rows else None

    async def requests_of(self, effect: EffectId) -> list[ApprovalRequest]:
        return _newest_first(
            await self._connection.all(
                f"{REQUESTS.select} WHERE effect = ? AND status IN ('open', 'approved', 'denied')", [effect]
            )
        )

    async def owed_requests(self, root_run_id: str) -> list[ApprovalRequest]:
        # Literals, so that the databases see that an index of few rows has what is asked for: every run asks at its end.
        rows = await self._connection.all(
            f"{REQUESTS.select} WHERE root_run_id = ? AND status = 'approved' AND continued_by IS NULL", [root_run_id]
        )
        return _newest_first(rows)

    async def put_request(self, request: ApprovalRequest) -> None:
        await self._connection.run(REQUESTS.upsert, REQUESTS.values(request))

    async def list_requests(
        self, *, limit: int, status: Sequence[RequestStatus] | None = None
    ) -> list[ApprovalRequest]:
        asked = Conditions()
        asked.one_of("status", status)
        rows = await self._connection.all(
            f"{REQUESTS.select}{asked.sql} ORDER BY opened_at DESC, id DESC LIMIT ?", [*asked.values, limit]
        )
        return [_to_request(row) for row in rows]


def _newest_first(rows: list[SqlRow]) -> list[ApprovalRequest]:
    """Sorted here: they are few, and each write asks; setting up a sorter costs SQLite more than all the rest of this."""
    return sorted(
        (_to_request(row) for row in rows), key=lambda request: (request["openedAt"], request["id"]), reverse=True
    )


def _to_request(row: SqlRow) -> ApprovalRequest:
    return cast(ApprovalRequest, REQUESTS.kept(row))
