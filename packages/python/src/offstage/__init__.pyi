"""What printed code takes from `offstage`, as a type checker sees it: what callbacks are given is told here, whatever the code itself needs."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypedDict, TypeVar, overload

from offstage.base import Map, OffstageError, Undefined
from offstage.base import Object as Object
from offstage.values import capture as capture
from offstage.values import captures as captures
from offstage.values import caught as caught
from offstage.values import chunk as chunk
from offstage.values import duration as duration
from offstage.values import fail as fail
from offstage.values import failing as failing
from offstage.values import hash_of as hash_of
from offstage.values import iso as iso
from offstage.values import lines as lines
from offstage.values import parse_csv as parse_csv
from offstage.values import quote as quote
from offstage.values import range_of as range_of
from offstage.values import time as time

T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")
V = TypeVar("V")
Inputs = TypeVar("Inputs")
Item = TypeVar("Item")
Kept = TypeVar("Kept")
Found = TypeVar("Found")
Created = TypeVar("Created")
Actual = TypeVar("Actual")

Failure = OffstageError

# Servers

class Tool:
    def __init__(self, server: str, name: str, site: str = ...) -> None: ...
    def call(self, arguments: Mapping[str, Any]) -> Awaitable[Any]: ...

class Pages:
    def __init__(
        self,
        tool: Tool,
        max: float | None = ...,
        until: Callable[[Any], bool] | None = ...,
        truncate: Literal["allow"] | None = ...,
    ) -> None: ...
    def read(self, arguments: Mapping[str, Any]) -> Awaitable[Any]: ...

class Resource:
    def __init__(self, server: str, site: str = ...) -> None: ...
    def __call__(self, uri: str) -> Awaitable[Any]: ...

class Prompt:
    def __init__(self, server: str, site: str = ...) -> None: ...
    def __call__(self, name: str, args: Mapping[str, Any] = ...) -> Awaitable[Any]: ...

# Workflows

class Run(TypedDict):
    id: str
    startedAt: float

class Context(TypedDict, Generic[Inputs]):
    inputs: Inputs
    event: Any
    run: Run

class ScheduleEvent(TypedDict):
    kind: Literal["schedule"]
    at: str

class WebhookEvent(TypedDict):
    kind: Literal["webhook"]
    source: str
    headers: dict[str, str]
    body: Any

class QueueEvent(TypedDict):
    kind: Literal["queue"]
    body: Any
    attempt: float

class ResourceEvent(TypedDict):
    kind: Literal["resource"]
    uri: str

class RecordContext(TypedDict):
    inputs: Any
    event: Any

class RawResult(TypedDict):
    text: str
    data: Any
    isError: bool

class Approval(TypedDict):
    outcome: Literal["approved", "denied", "timeout"]
    by: str | None
    at: str | None

class Binding(TypedDict, Generic[Kept]):
    identity: str
    kept: Kept
    released: bool

class Trigger(Generic[T]): ...
class Workflow: ...

def workflow(
    *,
    name: str,
    on: Sequence[Trigger[Any]],
    was: str = ...,
    inputs: Mapping[str, Any] = ...,
    input_schemas: Mapping[str, Any] = ...,
    limits: Mapping[str, Any] = ...,
) -> Callable[[Callable[[Context[Any]], Awaitable[object]]], Workflow]: ...
def every(
    interval: str,
    *,
    when: Callable[[ScheduleEvent], object] = ...,
    key: Callable[[ScheduleEvent], str] = ...,
    overlap: str = ...,
    sweep: bool = ...,
    missed: str = ...,
    jitter: str = ...,
) -> Trigger[ScheduleEvent]: ...
def cron(
    expression: str,
    *,
    timezone: str,
    when: Callable[[ScheduleEvent], object] = ...,
    key: Callable[[ScheduleEvent], str] = ...,
    overlap: str = ...,
    sweep: bool = ...,
    missed: str = ...,
    jitter: str = ...,
) -> Trigger[ScheduleEvent]: ...
def webhook(
    source: str,
    *,
    when: Callable[[WebhookEvent], object] = ...,
    key: Callable[[WebhookEvent], str] = ...,
    overlap: str = ...,
    sweep: bool = ...,
) -> Trigger[WebhookEvent]: ...
def queue(
    name: str,
    *,
    when: Callable[[QueueEvent], object] = ...,
    key: Callable[[QueueEvent], str] = ...,
    overlap: str = ...,
    sweep: bool = ...,
) -> Trigger[QueueEvent]: ...
def resource(
    server: object,
    uri: str,
    *,
    when: Callable[[ResourceEvent], object] = ...,
    key: Callable[[ResourceEvent], str] = ...,
    overlap: str = ...,
    sweep: bool = ...,
) -> Trigger[ResourceEvent]: ...

class Record(Generic[Item, Kept]):
    async def ensure(self, item: Item) -> Kept: ...
    async def release(self, identity: str) -> None: ...
    async def lookup(self, identity: str) -> Kept | None: ...
    async def all(self) -> list[Binding[Kept]]: ...

def record(
    name: str,
    *,
    identity: Callable[[Item], str] | Callable[[Item, RecordContext], str] | Callable[[], str],
    find: Callable[[Item], Awaitable[Sequence[Found]]]
    | Callable[[Item, RecordContext], Awaitable[Sequence[Found]]]
    | Callable[[], Awaitable[Sequence[Found]]],
    create: Callable[[Item], Awaitable[Created]]
    | Callable[[Item, RecordContext], Awaitable[Created]]
    | Callable[[], Awaitable[Created]],
    keep: Callable[[Any], Kept]
    | Callable[[Any, Item], Kept]
    | Callable[[Any, Item, RecordContext], Kept]
    | Callable[[], Kept],
    read: Callable[[Kept], Awaitable[Actual]]
    | Callable[[Kept, RecordContext], Awaitable[Actual]]
    | Callable[[], Awaitable[Actual]] = ...,
    same: Callable[[Any], bool]
    | Callable[[Any, Item], bool]
    | Callable[[Any, Item, RecordContext], bool]
    | Callable[[], bool] = ...,
    update: Callable[[Kept], Awaitable[object]]
    | Callable[[Kept, Item], Awaitable[object]]
    | Callable[[Kept, Item, Any], Awaitable[object]]
    | Callable[[Kept, Item, Any, RecordContext], Awaitable[object]]
    | Callable[[], Awaitable[object]] = ...,
    release: Callable[[Kept], Awaitable[object]]
    | Callable[[Kept, RecordContext], Awaitable[object]]
    | Callable[[], Awaitable[object]] = ...,
    reopen: Callable[[Kept], Awaitable[object]]
    | Callable[[Kept, Item], Awaitable[object]]
    | Callable[[Kept, Item, RecordContext], Awaitable[object]]
    | Callable[[], Awaitable[object]] = ...,
    release_when: Callable[[Kept], bool | Awaitable[bool]]
    | Callable[[Kept, RecordContext], bool | Awaitable[bool]]
    | Callable[[], bool | Awaitable[bool]] = ...,
    release_after: str = ...,
    scope: Literal["project"] = ...,
) -> Record[Item, Kept]: ...

class State(Generic[V]):
    async def get(self) -> V: ...
    async def set(self, value: V) -> None: ...
    def of(self, key: str) -> State[V]: ...

def state(name: str, initial: V) -> State[V]: ...
@overload
async def each(
    items: Iterable[T],
    turn: Callable[[T], Awaitable[U]] | Callable[[], Awaitable[U]],
    *,
    key: Callable[[T], str] | Callable[[T, int], str] | Callable[[], str],
    parallel: float = ...,
    on_error: Literal["continue"],
) -> list[U | Undefined]: ...
@overload
async def each(
    items: Iterable[T],
    turn: Callable[[T], Awaitable[U]] | Callable[[], Awaitable[U]],
    *,
    key: Callable[[T], str] | Callable[[T, int], str] | Callable[[], str],
    parallel: float = ...,
) -> list[U]: ...
@overload
async def each(
    items: Iterable[T],
    turn: Callable[[T], U] | Callable[[], U],
    *,
    key: Callable[[T], str] | Callable[[T, int], str] | Callable[[], str],
    parallel: float = ...,
    on_error: Literal["continue"],
) -> list[U | Undefined]: ...
@overload
async def each(
    items: Iterable[T],
    turn: Callable[[T], U] | Callable[[], U],
    *,
    key: Callable[[T], str] | Callable[[T, int], str] | Callable[[], str],
    parallel: float = ...,
) -> list[U]: ...
async def parallel(branches: Mapping[str, Callable[[], object]]) -> Object: ...

class _Once:
    async def __call__(
        self,
        key: str,
        write: Callable[[], Awaitable[T]],
        *,
        for_: str = ...,
        confirm: Callable[[], Awaitable[Any]] = ...,
    ) -> T: ...
    async def per_run(self, write: Callable[[], Awaitable[T]]) -> T: ...

once: _Once

async def approve(
    *,
    message: str,
    show: object = ...,
    by: Sequence[str] = ...,
    within: str | float = ...,
    on_timeout: Literal["deny", "approve", "fail"] = ...,
) -> Approval: ...
async def sleep(duration: str | float) -> None: ...
async def until(time: float) -> None: ...
async def wait_for(
    trigger: Trigger[T], *, when: Callable[[T], object] = ..., within: str | float = ...
) -> T | None: ...
async def poll(turn: Callable[[], Awaitable[T | Undefined | None]], *, every: str | float, max: float) -> T | None: ...
async def ask(*, prompt: str, schema: Mapping[str, Any], max_tokens: float, model: str = ...) -> Any: ...
async def call(workflow: Workflow, inputs: Mapping[str, Any]) -> Any: ...
async def start(workflow: Workflow, key: str, inputs: Mapping[str, Any]) -> Any: ...
def now() -> float: ...
def ago(duration: str | float) -> float: ...
def log(*values: object) -> None: ...

# Profiles

class _Paging: ...
class _Rule: ...
class _Profile: ...

def profile(package: str, *, rules: Mapping[str, Sequence[_Rule]], hosts: Sequence[str] = ...) -> _Profile: ...
def paging(
    *,
    by: Literal["none", "page", "offset", "cursor"],
    param: str = ...,
    size: Sequence[str | float] = ...,
    items: Callable[[Any], Any] | Callable[[], Any] = ...,
    next: Callable[[Any], Any] | Callable[[], Any] = ...,
    more: Callable[[Any], object] | Callable[[], object] = ...,
    max: float = ...,
) -> _Paging: ...
def rule(
    *,
    when: Callable[[Any], object] | Callable[[], object] = ...,
    effect: Literal["read", "prepare", "write"] = ...,
    result: Callable[[RawResult], Any] | Callable[[], Any] = ...,
    failed: Callable[[RawResult], object] | Callable[[], object] = ...,
    refused: Callable[[RawResult], object] | Callable[[], object] = ...,
    gone: Callable[[RawResult], object] | Callable[[], object] = ...,
    idempotent: bool | Callable[[Any], object] | Callable[[], object] = ...,
    consistent: bool = ...,
    lag: str = ...,
    pages: _Paging | Literal["none"] = ...,
    rate: Mapping[str, float] = ...,
    undo: str = ...,
    target: Callable[[RawResult], Any] | Callable[[], Any] = ...,
    sensitive: Sequence[str] = ...,
    affects: Sequence[str] = ...,
) -> _Rule: ...

# What is given to a function is told, so that what it is is.

def group_by(
    items: Sequence[T], function: Callable[[T], K] | Callable[[T, int], K] | Callable[[], K]
) -> Map[K, list[T]]: ...
