"""One request of ours with all its rounds."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp.client.session import ClientSession
from opentelemetry import propagate

from offstage.base import Data, OffstageError, is_fields

from .failures import protocol_failure
from .raw_dispatcher import Answered, Question, asked
from .reply import CallOptions, Progress
from .way import Way, WayContext

# Rounds of one call; a server that still wants to know something then will for ever.
_MOST_ROUNDS = 10
# Before a call is made again that its server put off without a question, ms.
_PUT_OFF_MS = 250


class Unanswered(Exception):
    """A server asked back, and was left without an answer."""


@dataclass(kw_only=True)
class Line:
    """What requests of one connection are made over."""

    name: str
    way: Way
    context: WayContext
    greeted: ClientSession | None = None
    """None before the handshake."""
    under_way: set["Turn"] = field(default_factory=lambda: set[Turn]())

    def session(self) -> ClientSession:
        """The live one. Errors: why there is none any more."""
        failure = self.way.failure()
        if failure is not None or self.greeted is None:
            raise failure or OffstageError(
                "SERVER_EXITED", f'The connection to the MCP server "{self.name}" was ended.'
            )
        return self.greeted


Send = Callable[[ClientSession, Any], Awaitable[object]]


class Turn:
    """One request of ours with all its rounds."""

    def __init__(self, line: Line, options: CallOptions) -> None:
        self._line = line
        self._options = options
        self.declined = False
        self.rounds = 0
        self.request_id: int | None = None

    async def ask(self, params: Mapping[str, Data], send: Send) -> Mapping[str, Data]:
        """A round is the same request made again, with answers and the server's own state, which it is told by to go on
        where it stopped: until the last round it has said of itself that the call is not done.
        """
        self._line.under_way.add(self)
        try:
            result = await self._send(params, send)
            while result.get("resultType") == "input_required":
                if self.rounds == _MOST_ROUNDS:
                    raise Unanswered(f"it still wanted to know something after {_MOST_ROUNDS} rounds")
                self.rounds += 1
                answers = self._answers(result.get("inputRequests"))
                if len(answers) == 0:
                    await self._line.context.clock.sleep(_PUT_OFF_MS)
                state = {"requestState": result["requestState"]} if "requestState" in result else {}
                result = await self._send({**params, **({"inputResponses": answers} if answers else {}), **state}, send)
            return result
        finally:
            self._line.under_way.discard(self)

    async def _send(self, params: Mapping[str, Data], send: Send) -> Mapping[str, Data]:
        question = Question(params, admit=self._admit, headers=trace_headers())
        token = asked.set(question)
        try:
            await send(self._line.session(), self._progress())
        except Answered as answered:
            if question.request_id is not None:
                # What was noted meanwhile was got over.
                self._line.way.refusal(question.request_id)
            return answered.result
        finally:
            self.request_id = question.request_id
            asked.reset(token)
        raise protocol_failure(self._line.name, "a request", "it was not made")

    def _admit(self) -> OffstageError | None:
        deadline = self._options.deadline_at
        if deadline is None or self._line.context.clock.now() < deadline:
            return None
        return OffstageError(
            "DEADLINE_PASSED",
            f'The MCP server "{self._line.name}" was not called: the deadline passed before that.',
        )

    def _answers(self, requests: Data) -> dict[str, Data]:
        answers: dict[str, Data] = {}
        for key, request in (requests if is_fields(requests) else {}).items():
            method = request.get("method") if is_fields(request) else None
            if method != "elicitation/create":
                raise Unanswered(f"nobody answers {method}")
            self.declined = True
            answers[key] = {"action": "decline"}
        return answers

    def _progress(self) -> Any:
        hear = self._options.on_progress
        if hear is None:
            return None

        async def progress(done: float, total: float | None, message: str | None) -> None:
            redact = self._line.context.redactor.redact
            hear(Progress(done=done, total=total, message=None if message is None else redact(message)))

        return progress


def trace_headers() -> Mapping[str, str]:
    """What stands before a server over HTTP is told of the trace, too; `_meta` has it by the SDK."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return {name: value for name, value in headers.items() if name == "traceparent"}
