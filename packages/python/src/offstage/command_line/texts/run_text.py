"""What a run did and what is left, as people read it. Everything that came from a server is escaped."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from offstage.base import Data, ErrorData, is_fields, shorten, stringify_exact
from offstage.command_line.terminal import escape_controls
from offstage.model import LedgerEntry, Run, RunEvent, RunHold, RunWait

from .words import counted, cut, elapsed, instant

_MARKS = {"done": "✓", "failed": "✗", "ambiguous": "?", "intended": "…"}
_LINKS = ("self", "url", "html_url")
_NAMING = ("key", "number", "name", "id", *_LINKS)
_PAUSED, _NOT_NOW, _NOT_IN_PLAN = "paused: ", "not now: ", "not in plan: "
_UNTIL = {
    "sleep": ", over at {}",
    "poll": ", looks again at {}",
    "event": ", until {}",
    "approval": ", to be answered until {}",
}


def run_text(run: Run, effects: Sequence[LedgerEntry], started: Sequence[Run] = ()) -> str:
    """The end of a run: what it wrote, how it ended, what is left."""
    output = [] if run["output"] is None else [f"Output{_as_if_made(run)}: {_output(run, 500)}"]
    return "\n".join(
        [*_effect_lines(effects), _headline(run), *_swept_lines(run), *output, *_left_lines(run), *_started(started)]
    )


def story_text(run: Run, effects: Sequence[LedgerEntry], started: Sequence[Run], continued: Run | None) -> str:
    """What started a run, what it wrote, what it waits for, and what came after it."""
    counts = run["counts"]
    began = "planned" if run["phase"] == "apply" else "started"
    origin = f"{_event_text(run['event'])}{', a sweep' if run['sweep'] else ''}, {instant(run['startedAt'])}"
    root = "" if run["rootRunId"] == run["id"] else f", continues {run['rootRunId']}"
    lines = [f"Run {run['id']} of {run['workflow']}: {run['status']}", f"  {began}   {origin}{root}"]
    if run["endedAt"] is not None:
        lines.append(f"  ended     {instant(run['endedAt'])}, after {elapsed(_took_ms(run, run['endedAt']))}")
    if continued is not None:
        lines.append(f"  went on   as {continued['id']}: {continued['status']}")
    writes = f"of them {counted(counts['writes'], 'write')}"
    lines += [
        f"  inputs    {escape_controls(stringify_exact(run['inputs']))}",
        f"  program   {run['programHash'][:12]}, phase {run['phase']}",
        f"  calls     {counts['calls']}, {writes}; {counted(counts['replayed'], 'write')} answered from the ledger",
        *_reads_line(run),
        *(f"  sweep     {line}" for line in _swept_lines(run)),
        *([] if run["output"] is None else [f"  output    {_output(run, None)}{_as_if_made(run)}"]),
        *(["", "Writes:", *_effect_lines(effects)] if effects else []),
        *_left_lines(run, effects, continued),
        *_started(started),
    ]
    return "\n".join(lines)


def began_at(run: Run) -> int:
    """When a run began to do what it did: an apply when it was applied, not when it was planned. Milliseconds since the epoch."""
    ended = run["endedAt"]
    return ended - run["drivenMs"] if run["phase"] == "apply" and ended is not None else run["startedAt"]


def hold_line(hold: RunHold) -> str:
    """One effect that is held or ambiguous: its short id, what it is and why."""
    # Some reasons name what they are about, because they are errors too.
    why = hold["why"].removeprefix(f"{hold['label']}: ")
    return f"{hold['effect'][:12]}  {escape_controls(hold['label'])}: {escape_controls(why)}"


def name_of(entry: LedgerEntry) -> str:
    """What a write is, by its identity."""
    identity = entry["identity"]
    match identity["kind"]:
        case "record":
            return escape_controls(f"{identity['record']} {identity['key']} {identity['action']}")
        case "once":
            return escape_controls(identity["key"])
        case "start":
            return escape_controls(f"start {identity['scope']} {identity['key']}")
        case "step":
            return escape_controls(identity["step"])


def _event_text(event: RunEvent) -> str:
    by = event.get("by")
    again = "" if by is None or event["kind"] == "started" else f", once more by {escape_controls(by)}"
    match event["kind"]:
        case "call":
            return "called by hand" if by is None else f"called by {escape_controls(by)}"
        case "schedule":
            return f"schedule of {event['at']}{again}"
        case "resource":
            return f"change of {escape_controls(event['uri'])}{again}"
        case "webhook":
            return f"webhook {escape_controls(event['source'])}{again}"
        case "queue":
            return f"message of a queue{again}"
        case "started":
            return f"by run {event['run']} of {event['workflow']}, key {escape_controls(event['key'])}"


def _took_ms(run: Run, ended_at: int) -> int:
    """An apply continues the run that was planned, perhaps days ago: what it took is how long it was driven."""
    return run["drivenMs"] if run["phase"] == "apply" else ended_at - run["startedAt"]


def _headline(run: Run) -> str:
    counts = run["counts"]
    if run["status"] == "parked":
        return f"Run {run['id']} is parked: {counted(counts['writes'], 'write')} so far."
    took = "" if run["endedAt"] is None else f" in {elapsed(_took_ms(run, run['endedAt']))}"
    replayed = "" if counts["replayed"] == 0 else f", {counts['replayed']} done before"
    return f"Run {run['id']} {run['status']}{took}: {counted(counts['writes'], 'write')}{replayed}."


def _output(run: Run, most: int | None) -> str:
    text = stringify_exact(run["output"])
    return escape_controls(text if most is None else shorten(text, most))


def _as_if_made(run: Run) -> str:
    """Code goes on behind a write that is held: what it returns may tell of that write as if it had been made."""
    return ", as if what is held had been made" if run["held"] else ""


def _swept_lines(run: Run) -> list[str]:
    """What a sweep found that it did not visit, a line each; nothing of a run that is none."""
    swept = run["counts"].get("swept")
    if swept is None:
        return []
    left = [
        f"{counted(count, 'binding')} of the record {escape_controls(record)}, which the workflow does not have any more: left as {'it is' if count == 1 else 'they are'}."
        for record, count in swept["strange"].items()
    ]
    missed, orphans = swept["missed"], swept["orphans"]
    if swept.get("recordless") is True:
        return ["The workflow has no records, so there was nothing to sweep.", *left]
    if swept["lost"] is not None:
        lost = escape_controls(swept["lost"])
        return [f"The sweep may not have seen everything, so nothing is released: {lost}.", *left]
    if missed == 0:
        return ["The sweep visited every binding.", *left]
    many = "" if orphans == missed else f"{orphans} of them "
    released = "" if orphans == 0 else f"; {many}missed by the sweep before too, so to be released"
    is_first = missed > orphans and run["phase"] != "plan"
    first = "; a second sweep that misses what this one is the first to miss releases it" if is_first else ""
    return [f"The sweep did not come to {counted(missed, 'binding')}{released}{first}.", *left]


def _reads_line(run: Run) -> list[str]:
    """What it read, and how often where that was more than once."""
    reads = [
        f"{escape_controls(tool)}{'' if times == 1 else f' ({times} times)'}"
        for tool, times in run["counts"].get("reads", {}).items()
    ]
    return [f"  read      {', '.join(reads)}"] if reads else []


def _effect_lines(effects: Sequence[LedgerEntry]) -> list[str]:
    lines: list[str] = []
    for entry in effects:
        call = entry["server"] if entry["tool"] is None else f"{entry['server']}.{entry['tool']}"
        lines.append(f"  {_MARKS[entry['status']]} {name_of(entry)}  {call}{_result_text(entry)}")
    return lines


def _result_text(entry: LedgerEntry) -> str:
    outcome = entry["outcome"]
    if outcome is None:
        return "  sent or not, no answer was kept"
    if outcome["kind"] == "done":
        value = outcome["value"]
        # An adoption made no call: what it keeps names what it took over.
        return _shown(value.get("kept") if entry["tool"] is None and is_fields(value) else value)
    return f"  {outcome['error']['code']}: {cut(escape_controls(outcome['error']['message']))}"


def _shown(value: Data) -> str:
    """The short fields of a result that name what was made. A key and a link say it; more names of the same thing are noise."""
    if not is_fields(value):
        return ""
    named = {
        name: cut(escape_controls(str(one)))
        for name, one in value.items()
        if name in _NAMING and isinstance(one, str | int | float) and not isinstance(one, bool)
    }
    others = [text for name, text in named.items() if name not in _LINKS][:1]
    links = [text for name, text in named.items() if name in _LINKS][-1:]
    return "".join(f"  {text}" for text in (*others, *links))


def _left_lines(run: Run, effects: Sequence[LedgerEntry] = (), continued: Run | None = None) -> list[str]:
    settled = {entry["id"] for entry in effects if entry["status"] in ("done", "failed")}
    open_still = [hold_line(hold) for hold in run["ambiguous"] if hold["effect"] not in settled]
    since = [
        f"{hold['effect'][:12]}  {escape_controls(hold['label'])}"
        for hold in run["ambiguous"]
        if hold["effect"] in settled
    ]
    failed = [
        f"{escape_controls(one['step'])}: {one['error']['code']}: {cut(escape_controls(one['error']['message']))}{_at_text(one['error'])}"
        for one in run["failures"]
    ]
    asks = (
        "Not known whether these happened (later runs ask again; `offstage resolve <effect>` says what you found out):"
    )
    goes_on = f"It goes on from here, when that has come: offstage resume {run['id']}"
    return [
        *_error_lines(run),
        *_section("Failed:", failed),
        *_section(asks, open_still),
        *_section("Waits for:", [_wait_line(run["id"], wait) for wait in run["waits"]]),
        *([goes_on] if run["waits"] else []),
        *_section("Held:" if continued is None else "Held when it ended:", [hold_line(one) for one in run["held"]]),
        *([] if continued is not None else _lift_lines(run)),
        *_section("Not known when it ended, settled since:", since),
    ]


def _at_text(error: ErrorData) -> str:
    return f" ({escape_controls(error['at'])})" if "at" in error else ""


def _error_lines(run: Run) -> list[str]:
    error = run["error"]
    if error is None:
        return []
    hint = error.get("hint")
    step = f"step {cut(escape_controls(error['step']))}" if "step" in error else ""
    place = ", ".join(part for part in (escape_controls(error.get("at", "")), step) if part)
    return [
        "",
        f"{error['code']}: {escape_controls(error['message'], 'mark')}",
        *([] if place == "" else [f"  at {place}"]),
        *([] if hint is None else [f"  hint: {escape_controls(hint, 'mark')}"]),
    ]


def _lift_lines(run: Run) -> list[str]:
    """What lets go what is held. What an apply holds waits for another plan, unless it is paused; what comes after another write waits for that one."""
    whys = [hold["why"] for hold in run["held"] if hold["waits"]]
    paused = dict.fromkeys(why.removeprefix(_PAUSED) for why in whys if why.startswith(_PAUSED))
    lines: list[str] = []
    if paused:
        names = " ".join("all" if name == "everything" else shlex.quote(escape_controls(name)) for name in paused)
        more = (
            f"; after that, to make it: offstage resume {run['id']}"
            if run["phase"] == "run" and run["event"]["kind"] == "call"
            else ""
        )
        lines.append(f"What is paused: offstage unpause {names}{more}")
    if any(why.startswith(_NOT_IN_PLAN) for why in whys):
        lines.append(
            "What is not in the plan waits for no person: `offstage plan` shows it for another apply, `offstage run` makes it as far as the policy lets it."
        )
    if run["phase"] == "run" and any(not why.startswith((_PAUSED, _NOT_NOW, "after: ")) for why in whys):
        lines.append("What waits for a person: offstage approve")
    return lines


def _wait_line(run_id: str, wait: RunWait) -> str:
    """What a parked run waits for, until when, and how a person brings it."""
    until = "" if wait["until"] is None else _UNTIL[wait["kind"]].format(instant(wait["until"]))
    bring: Mapping[str, str] = {
        "approval": f": offstage approve {wait['id']}, or deny",
        "event": f": offstage resume {run_id} --event <file>",
    }
    return f"{escape_controls(wait['label'])}{until}{bring.get(wait['kind'], '')}"


def _started(started: Sequence[Run]) -> list[str]:
    """The runs that a run started: each is one of its own, with an end of its own."""
    lines = [f"{run['id']}  {run['workflow']}: {run['status']}" for run in started]
    waits = any(run["status"] in ("queued", "running") for run in started)
    more = ["Whoever drives this store goes on with them: the next offstage run, apply or resume."] if waits else []
    return [*_section("Started:", lines), *more]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []
