"""What workflows write. Each name knows at which site it stands (`sites`), and hands its parts to the step of that site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from offstage.base import Object, OffstageError, undefined
from offstage.engine.begin import Placed, begin, milliseconds
from offstage.engine.steps import each as loops
from offstage.engine.steps import once as writes
from offstage.engine.steps import others, pages, records, states, waits, workflows
from offstage.engine.steps.calls import call_tool, read_prompt, read_resource
from offstage.engine.steps.record_calls import RecordSpec
from offstage.engine.strand import current
from offstage.engine.triggers import Trigger
from offstage.values.operators import subtract

T = TypeVar("T")
U = TypeVar("U")
Turn = Callable[[T], Awaitable[U]] | Callable[[T], U] | Callable[[], Awaitable[U]]
Write = Callable[[], Awaitable[T]]


class _Once:
    def __init__(self, site: str = "") -> None:
        self._site = site

    def __offstage_placed__(self, site: str) -> _Once:
        return _Once(site)

    def __call__(
        self,
        key: str,
        write: Write[T],
        *,
        for_: str | float | None = None,
        confirm: Callable[[], Awaitable[T | None]] | None = None,
    ) -> Awaitable[T]:
        """The one write in `write` happens once, for ever (or `for_` so long), under this identity; when it is done, the recorded result is given."""
        window = None if for_ is None else milliseconds(for_)
        return begin(lambda c, step: writes.once(c, step, key, write, window=window, confirm=confirm), self._site)

    def per_run(self, write: Write[T]) -> Awaitable[T]:
        """Repeating it each run is meant."""
        return begin(lambda c, step: writes.once_per_run(c, step, write), self._site)


class _Each:
    def __init__(self, site: str = "") -> None:
        self._site = site

    def __offstage_placed__(self, site: str) -> _Each:
        return _Each(site)

    def __call__(
        self,
        items: Iterable[T],
        turn: Callable[[T], Awaitable[U]] | Callable[[T], U],
        *,
        key: Callable[[T], str] | Callable[[T, int], str],
        parallel: float | None = None,
        on_error: Literal["stop", "continue"] = "stop",
    ) -> Awaitable[list[U]]:
        """A loop with identity: results in input order. `on_error="continue"` ends the run `partial` with the failures listed."""
        site = self._site
        return begin(
            lambda c, _step: loops.each(c, site, items, turn, key=key, width=parallel, on_error=on_error), site
        )


class _Parallel:
    def __init__(self, site: str = "") -> None:
        self._site = site

    def __offstage_placed__(self, site: str) -> _Parallel:
        return _Parallel(site)

    def __call__(self, branches: Mapping[str, Callable[[], Awaitable[Any]] | Callable[[], Any]]) -> Awaitable[Any]:
        """Branches side by side; all settle; the first error in written order is raised. Results by name."""
        site = self._site
        return begin(lambda c, _step: loops.parallel(c, site, dict(branches)), site)


once = _Once()
each = _Each()
parallel = _Parallel()


def _approve(site: str) -> Callable[..., Awaitable[Any]]:
    def place(
        *,
        message: str,
        show: Any = undefined,
        by: Any = undefined,
        within: str | float | None = None,
        on_timeout: Literal["deny", "approve", "fail"] | None = None,
    ) -> Awaitable[Any]:
        limit = undefined if within is None else milliseconds(within)
        return begin(
            lambda c, step: waits.approve(
                c, step, message=message, show=show, by=by, within=limit, on_timeout=on_timeout
            ),
            site,
        )

    return place


def _wait_for(site: str) -> Callable[..., Awaitable[Any]]:
    def place(trigger: Trigger, *, when: Any = None, within: str | float | None = None) -> Awaitable[Any]:
        limit = undefined if within is None else milliseconds(within)
        source = trigger.source
        if source is None:
            raise OffstageError("USAGE", "wait_for waits for a webhook, a queue or a resource.")
        return begin(lambda c, step: waits.wait_for(c, step, source, when=when, within=limit), site)

    return place


def _poll(site: str) -> Callable[..., Awaitable[Any]]:
    def place(turn: Callable[..., Any], *, every: str | float, max: float) -> Awaitable[Any]:
        return begin(lambda c, step: waits.poll(c, step, turn, every=milliseconds(every), most=max), site)

    return place


def _ask(site: str) -> Callable[..., Awaitable[Any]]:
    def place(*, prompt: str, schema: Any, max_tokens: float, model: Any = undefined) -> Awaitable[Any]:
        return begin(
            lambda c, step: others.ask(c, step, prompt=prompt, schema=schema, max_tokens=max_tokens, model=model), site
        )

    return place


approve: Any = Placed("approve", _approve)


def _sleep(site: str) -> Callable[[Any], Awaitable[None]]:
    return lambda length: begin(lambda c, step: waits.sleep(c, step, milliseconds(length)), site)


def _until(site: str) -> Callable[[Any], Awaitable[None]]:
    return lambda time: begin(lambda c, step: waits.sleep_until(c, step, time), site)


def _now(site: str) -> Callable[[], Any]:
    return lambda: others.now(current(), current().key(site))


def _ago(site: str) -> Callable[[Any], Any]:
    return lambda length: subtract(others.now(current(), current().key(site)), milliseconds(length))


def _log(site: str) -> Callable[..., None]:
    def place(*values: Any) -> None:
        others.log(current(), current().key(site), values)

    return place


sleep: Any = Placed("sleep", _sleep)
until: Any = Placed("until", _until)
wait_for: Any = Placed("wait_for", _wait_for)
poll: Any = Placed("poll", _poll)
ask: Any = Placed("ask", _ask)


def _call(site: str) -> Callable[[Workflow, Any], Awaitable[Any]]:
    return lambda called, inputs: begin(lambda c, step: workflows.call_workflow(c, step, called.callee(), inputs), site)


def _start(site: str) -> Callable[[Workflow, Any, Any], Awaitable[Any]]:
    return lambda started, key, inputs: begin(
        lambda c, step: workflows.start_workflow(c, step, started.callee(), key, inputs), site
    )


call: Any = Placed("call", _call)
start: Any = Placed("start", _start)
now: Any = Placed("now", _now)
ago: Any = Placed("ago", _ago)
log: Any = Placed("log", _log)


class State(Generic[T]):
    """A durable value of the workflow. `set` is staged, `get` sees it, and it commits when the run ends well."""

    def __init__(self, name: str, initial: T, site: str = "", key: Any = undefined) -> None:
        self._name = name
        self._initial = initial
        self._site = site
        self._key = key

    def __offstage_placed__(self, site: str) -> State[T]:
        return State(self._name, self._initial, site)

    def of(self, key: str) -> State[T]:
        """The value under a key."""
        if key is undefined:
            raise OffstageError("TYPE_ERROR", "The key of a state must be a string, not undefined.")
        return State(self._name, self._initial, self._site, key)

    def get(self) -> Awaitable[T]:
        """What this run set, else what is committed, else the initial value."""
        return begin(lambda c, step: states.get_state(c, step, self._name, self._initial, self._key), self._site)

    def set(self, value: T) -> Awaitable[None]:
        """Stages a value. Not inside parallel bodies."""
        return begin(lambda c, step: states.set_state(c, step, self._name, self._initial, self._key, value), self._site)


def state(name: str, initial: T) -> State[T]:
    """A durable value of the workflow."""
    return State(name, initial)


class Record:
    """A target that is kept once per identity."""

    def __init__(self, spec: RecordSpec, site: str = "") -> None:
        self.spec = spec
        self._site = site

    def __offstage_placed__(self, site: str) -> Record:
        return Record(self.spec, site)

    def ensure(self, item: Any) -> Awaitable[Any]:
        """Makes it as it should be: what is kept of its target."""
        return begin(lambda c, step: records.ensure_record(c, step, self.spec, item), self._site)

    def release(self, identity: str) -> Awaitable[None]:
        """Lets it go."""
        return begin(lambda c, step: records.release_record(c, step, self.spec, identity), self._site)

    def lookup(self, identity: str) -> Awaitable[Any]:
        """What is kept of it, else None."""
        return begin(lambda c, step: records.lookup_record(c, step, self.spec, identity), self._site)

    def all(self) -> Awaitable[Any]:
        """Every one there is, released ones too."""
        return begin(lambda c, step: records.all_records(c, step, self.spec), self._site)


def record(
    name: str,
    *,
    scope: Literal["workflow", "project"] = "workflow",
    release_after: str | None = None,
    server: Any = None,
    **callbacks: Callable[..., Any],
) -> Record:
    """A target kept once per identity. `server` is given by who loads the module: it is that of the tool that `create` calls."""
    found = "" if server is None else str(getattr(server, "SERVER", server))
    after = None if release_after is None else milliseconds(release_after)
    return Record(RecordSpec(name=name, scope=scope, server=found, release_after_ms=after, **callbacks))


class Tool:
    """A tool of a server. Generated clients subclass it; each call is a step."""

    def __init__(self, server: str, name: str, site: str = "") -> None:
        self.server = server
        self.name = name
        self._site = site

    def __offstage_placed__(self, site: str) -> Any:
        return type(self)(self.server, self.name, site)

    def call(self, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        """One call of it."""
        return begin(lambda c, step: call_tool(c, self.server, self.name, step, Object(arguments)), self._site)

    def read_pages(
        self, arguments: Mapping[str, Any], *, most: Any, until: Callable[..., Any] | None, truncate: bool
    ) -> Awaitable[Any]:
        """All pages of it."""
        return begin(
            lambda c, step: pages.read_pages(
                c, self.server, self.name, step, Object(arguments), most=most, until=until, truncate=truncate
            ),
            self._site,
        )


class Pages:
    """All pages of a tool, as one list: called with its arguments."""

    def __init__(
        self,
        tool: Tool,
        max: float | None = None,
        until: Callable[[Any], bool] | None = None,
        truncate: str | None = None,
    ) -> None:
        self._tool = tool
        self._max = max
        self._until = until
        self._truncate = truncate == "allow"

    def read(self, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        """Reads them."""
        return self._tool.read_pages(arguments, most=self._max, until=self._until, truncate=self._truncate)


class Resource:
    """Resources of a server: `github.read(uri)`."""

    def __init__(self, server: str, site: str = "") -> None:
        self.server = server
        self._site = site

    def __offstage_placed__(self, site: str) -> Resource:
        return Resource(self.server, site)

    def __call__(self, uri: str) -> Awaitable[Any]:
        """Reads one."""
        return begin(lambda c, step: read_resource(c, self.server, step, uri), self._site)


class Prompt:
    """Prompts of a server: `github.prompt(name, args)`."""

    def __init__(self, server: str, site: str = "") -> None:
        self.server = server
        self._site = site

    def __offstage_placed__(self, site: str) -> Prompt:
        return Prompt(self.server, site)

    def __call__(self, name: str, args: Any = undefined) -> Awaitable[Any]:
        """Gets one."""
        return begin(lambda c, step: read_prompt(c, self.server, step, name, args), self._site)


Body = Callable[[Any], Awaitable[Any]]


class Workflow:
    """A workflow: what it is called, what starts it, and what it does."""

    def __init__(self, body: Body, name: str, settings: Mapping[str, Any]) -> None:
        self.body = body
        self.name = name
        self.settings = dict(settings)

    @property
    def inputs(self) -> Object:
        """The defaults of its inputs."""
        return Object(self.settings.get("inputs") or {})

    def callee(self) -> workflows.Callee:
        """It, as another workflow calls it."""
        return workflows.Callee(self.name, self.body, self.inputs, self.settings.get("input_schemas") or {})

    def records(self) -> list[RecordSpec]:
        """The records of its module."""
        names: Mapping[str, Any] = getattr(self.body, "__globals__", {})
        return [one.spec for one in names.values() if isinstance(one, Record)]


def workflow(
    *,
    name: str,
    on: Sequence[Trigger] = (),
    inputs: Mapping[str, Any] | None = None,
    input_schemas: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    was: str | None = None,
) -> Callable[[Body], Workflow]:
    """Stands above the function that is a workflow's body."""

    def make(body: Body) -> Workflow:
        settings = {"on": on, "inputs": inputs, "input_schemas": input_schemas, "limits": limits, "was": was}
        return Workflow(body, name, settings)

    return make
