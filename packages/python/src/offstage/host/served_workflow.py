"""Workflows whose triggers are listened to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from offstage.base import JsonObject, OffstageError, format_duration, json_string, parse_duration
from offstage.engine import Trigger
from offstage.host.environment import Environment
from offstage.host.input_check import checked_inputs
from offstage.host.program import Program


@dataclass(frozen=True, kw_only=True)
class ServedTrigger:
    """A trigger with a name, under which what came for it is kept. `topic`: what it listens to, in one text, `webhook:github`; several of a workflow may listen to the same."""

    trigger: Trigger
    name: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class ServedWorkflow:
    """A workflow that is served.

    `inputs`: what its runs get, its defaults, since no event gives inputs. `formerly`: the name under which its past is found (what waits
    for it, what it had before, how far its schedules were looked at); None where it had none, or another one has it now.
    """

    program: Program
    inputs: JsonObject
    triggers: Sequence[ServedTrigger]
    formerly: str | None = None


def serve_workflow(program: Program, environment: Environment) -> ServedWorkflow:
    """Makes a workflow ready to be started by events. Errors: `INPUT_INVALID` when it has an input without a default, `SECRET_IN_INPUT`, `USAGE` for an interval that is none."""
    inputs = checked_inputs(environment, program, {})
    count: dict[str, int] = {}
    triggers: list[ServedTrigger] = []
    for trigger in program.workflow.settings.get("on") or ():
        topic = _topic_of(trigger)
        count[topic] = count.get(topic, 0) + 1
        name = topic if count[topic] == 1 else f"{topic} ({count[topic]})"
        triggers.append(ServedTrigger(trigger=trigger, name=name, topic=topic))
    return ServedWorkflow(program=program, inputs=inputs, triggers=triggers)


def with_former_names(workflows: Sequence[ServedWorkflow]) -> list[ServedWorkflow]:
    """Workflows with the names that `was` gives them."""
    names = {one.program.name for one in workflows}
    return [replace(one, formerly=None if one.program.was in names else one.program.was) for one in workflows]


def _topic_of(trigger: Trigger) -> str:
    """What a trigger listens to, in one text; what it says besides (its filter, its jitter) may change without its past being forgotten."""
    source, said = trigger.source, trigger.settings
    if source is None:
        if trigger.kind == "cron":
            return f"cron {' '.join(str(said['expression']).split())} {said['timezone']}"
        return f"every {format_duration(interval_ms(trigger))}"
    match source["kind"]:
        case "webhook":
            return f"webhook:{source['source']}"
        case "queue":
            return f"queue:{source['name']}"
        case "resource":
            return f"resource:{source['server']}:{source['uri']}"


def interval_ms(trigger: Trigger) -> int:
    """The interval of `every(…)`. Errors: `USAGE` where it is none."""
    text = str(trigger.settings["interval"])
    interval = parse_duration(text)
    if interval is None or interval <= 0:
        raise OffstageError(
            "USAGE", f"every({json_string(text)}): this is no interval.", hint='Write "90s", "10m", "1h" or "7d".'
        )
    return interval
