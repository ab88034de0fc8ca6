"""Calls of tools, resources and prompts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from offstage.base import (
    Object,
    OffstageError,
    UnsafeInteger,
    Withheld,
    hash_json,
    is_fields,
    text_or_withheld,
    undefined,
)
from offstage.engine.ports import ReadAnswer
from offstage.engine.steps.holds import ambiguous_end, hold, refused_end
from offstage.engine.strand import OFFERS, Place, Strand, fork_error, union
from offstage.model import CallClass, EffectAnswer, EffectIdentity, EffectRequest, PartialData
from offstage.values.data import Partial, to_partial
from offstage.values.kinds import article, type_error, unsafe_use

# Nobody says anything of a resource or prompt: not finding something in one proves nothing.
READ: CallClass = {
    "effect": "read",
    "idempotent": False,
    "consistent": False,
    "lagMs": None,
    "affects": [],
    "undo": None,
}


def model_partial(partial: Partial) -> PartialData:
    """A partial value as it is stored."""
    return {
        "value": partial.value,
        "unknown": [{"path": [*place.path], "from": [*place.value.waits_for]} for place in partial.unknown],
    }


def with_unknowns(partial: Partial) -> Any:
    """The value with what is not known in its places, for rules that look at it."""
    value: Any = partial.value
    for place in partial.unknown:
        value = _placed(value, place.path, place.value)
    return value


def _placed(value: Any, path: tuple[str | int, ...], withheld: Withheld) -> Any:
    if not path:
        return withheld
    first, rest = path[0], path[1:]
    if isinstance(value, list):
        items: list[Any] = [*value]
        items[int(first)] = _placed(items[int(first)], rest, withheld)
        return items
    fields = Object(value)
    fields[str(first)] = _placed(fields[str(first)], rest, withheld)
    return fields


def arguments_of(server: str, tool: str, args: Any) -> Partial:
    """Arguments as they are sent; no argument is an empty object."""
    given: Any = Object() if args is undefined or args is None else args
    return to_partial(given, f"The arguments of {server}.{tool}")


async def call_tool(c: Strand, server: str, tool: str, step: str, args: Any) -> Any:
    """One call of a tool, as the text has it: the profile decides whether it reads or writes."""
    partial = arguments_of(server, tool, args)
    call_class = c.ports.tools.classify(server, tool, with_unknowns(partial))
    if call_class["effect"] == "write":
        return await _write(c, server, tool, step, call_class, partial)
    answer = await read(c, server, tool, step, call_class, partial)
    return answer if isinstance(answer, Withheld) else value_of(c, step, answer)


async def read(
    c: Strand, server: str, tool: str, step: str, call_class: CallClass, args: Partial
) -> ReadAnswer | Withheld:
    """A reading call. What a held write made stale, and what has arguments that are not known, is not known. A probe is always live, everything else journaled."""
    unknown = _unreadable(c, (server, tool))
    if unknown is None and args.unknown:
        unknown = union(*(place.value for place in args.unknown))
    if unknown is not None:
        c.ports.checkpoint("other")
        return unknown
    return await answered(
        c,
        step,
        call_class,
        hash_json([server, tool, args.value]),
        lambda: c.ports.reads.read(step, server, tool, args.value),
    )


def _unreadable(c: Strand, tool: tuple[str, str]) -> Withheld | None:
    """Why a read cannot be made now."""
    stale = c.stale.get(tool)
    if stale is not None:
        return Withheld((stale,))
    return Withheld() if c.waited else None


async def answered(
    c: Strand, step: str, call_class: CallClass, asked: str, ask: Callable[[], Awaitable[ReadAnswer]]
) -> ReadAnswer:
    """Asks now: a probe always, anything else once for its step."""
    c.ports.checkpoint("call")
    if c.probe is not None:
        c.probe.classes.append(call_class)
        answer = await ask()
        c.probe.gone = c.probe.gone or answer["gone"]
        return answer
    return await c.ports.journal.once(step, asked, ask)


def value_of(c: Strand, step: str, answer: ReadAnswer) -> Any:
    """The value of an answer, or its error, raised."""
    if answer["kind"] == "value":
        return answer["value"]
    if c.probe is None:
        c.missed_read = True
    elif answer["gone"]:
        c.probe.gone = True
    raise fork_error(answer["error"], step)


async def _write(c: Strand, server: str, tool: str, step: str, call_class: CallClass, args: Partial) -> Any:
    """A writing call: the one write path, under the identity of the function around it, or of the step itself."""
    slot = c.write
    if slot is not None and c.wrote:
        raise OffstageError(
            "ONE_WRITE",
            f"{slot.label}: {server}.{tool} is a second write in a function that makes exactly one.",
            hint="Give each write a once or a record of its own.",
        )
    if c.probe is not None:
        raise OffstageError(
            "ONE_WRITE",
            f"{server}.{tool} is a write, and it is called where only reads are allowed.",
            hint="If it only reads, the server's profile has to say so.",
        )
    c.ports.checkpoint("call")
    c.wrote = True
    own: EffectIdentity = {"kind": "step", "rootRun": c.run.frame.root_run_id, "step": step}
    place = Place(step, f"{server}.{tool}" if slot is None else slot.label)
    request: EffectRequest = {
        "identity": own if slot is None else slot.identity,
        "step": step,
        "call": {"server": server, "tool": tool, "class": call_class},
        "args": model_partial(args),
        "certainty": c.certainty if slot is None or slot.certainty == "sure" else slot.certainty,
        "identityKnown": True,
        "after": c.after,
        "label": place.label,
        "server": server,
    }
    if c.module.within:
        request["within"] = [*c.module.within]
    answer = await c.ports.effects.perform(request)
    if slot is not None:
        slot.answer = answer
    return outcome_of(c, answer, place, (server, call_class["affects"]))


def outcome_of(c: Strand, answer: EffectAnswer, place: Place, affects: tuple[str, list[str]] | None) -> Any:
    """What a write comes to in the program: its value, its error, or what is not known yet."""
    match answer["kind"]:
        case "done":
            if answer["replayed"]:
                c.run.replayed += 1
            if answer["unreadable"]:
                raise OffstageError(
                    "RESULT_UNREADABLE",
                    f"{place.label}: it was done, but its result could not be understood.",
                    hint="It is not done again. Correct the profile's result(), or tell with `resolve` what it returned.",
                )
            return answer["value"]
        case "failed":
            raise fork_error(answer["error"], place.step)
        case "held":
            return hold(c, answer["effect"], place, answer["why"], affects)
        case "ambiguous":
            raise ambiguous_end(answer["effect"], answer["error"], place)
        case "refused":
            raise refused_end(answer["error"])


async def read_resource(c: Strand, server: str, step: str, uri: Any) -> Any:
    """`server.read(uri)`."""
    known = _text(uri, f"The URI of {server}.read")
    if isinstance(known, Withheld):
        return _unread(c, known)
    return await _read_offer(c, server, step, {"kind": "resource", "uri": known}, ["resource", server, known])


async def read_prompt(c: Strand, server: str, step: str, name: Any, args: Any) -> Any:
    """`server.prompt(name, args)`."""
    what = f"The arguments of {server}.prompt"
    known = _text(name, f"The name of {server}.prompt")
    if isinstance(known, Withheld):
        return _unread(c, known)
    partial = to_partial(Object() if args is undefined else args, what)
    if partial.unknown:
        return _unread(c, union(*(place.value for place in partial.unknown)))
    if not is_fields(partial.value):
        raise type_error(f"{what} must be an object, not {article(partial.value)}.")
    wrong = next((item for item in partial.value.items() if not isinstance(item[1], str)), None)
    if wrong is not None:
        raise type_error(f"{what} must be strings; {wrong[0]} is {article(wrong[1])}.")
    offer = {"kind": "prompt", "name": known, "args": partial.value}
    return await _read_offer(c, server, step, offer, ["prompt", server, known, partial.value])


async def _read_offer(c: Strand, server: str, step: str, offer: dict[str, Any], asked: list[Any]) -> Any:
    unknown = _unreadable(c, (server, OFFERS))
    if unknown is not None:
        return _unread(c, unknown)
    answer = await answered(c, step, READ, hash_json(asked), lambda: c.ports.reads.read_offer(step, server, offer))
    return value_of(c, step, answer)


def _unread(c: Strand, why: Withheld) -> Withheld:
    c.ports.checkpoint("other")
    return why


def _text(value: Any, what: str) -> str | Withheld:
    if isinstance(value, str):
        return text_or_withheld(value)
    if isinstance(value, Withheld):
        return value
    if isinstance(value, UnsafeInteger):
        raise unsafe_use(what)
    raise type_error(f"{what} must be a string, not {article(value)}.")
