"""A plan as people read it: one block an effect, one line of totals. Everything that came from a server is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from offstage.base import is_fields, is_items, stringify_exact
from offstage.command_line.terminal import Color, Terminal, escape_controls
from offstage.model import PartialData, Plan, PlanCut, PlannedEffect, Run, UnknownPart
from offstage.tools import fold_spaces

from .run_text import hold_line
from .words import json_line, json_lines

_MAX_ARGUMENT_LINES = 24
# Longer lines of nested values are taken apart, however wide the terminal is.
_READABLE_WIDTH = 100
_KNOWN_AFTER_APPLY = "(known after apply)"
_WORDS = re.compile(r'[^\s"]\S*(?: \S+)*')
_COLORS: Mapping[str, Color] = {"+": "green", "=": "cyan", "~": "yellow", "-": "red"}


@dataclass(frozen=True, kw_only=True)
class PlanStyle:
    """How a plan is printed. `width`: long values are cut to it, infinite cuts nothing. `paint` colours a sign's line."""

    width: float
    paint: Callable[[str, str], str] = lambda _sign, text: text


def plan_answer_text(plan: Plan, run: Run, terminal: Terminal, *, width: float, apply: str) -> str:
    """A plan with what went wrong while planning, and what to do next. `apply`: the command that performs it."""
    style = PlanStyle(width=width, paint=lambda sign, text: terminal.paint(_COLORS.get(sign), text))
    faults = [
        f"  {escape_controls(one['step'])}: {one['error']['code']}: {escape_controls(one['error']['message'])}"
        for one in run["failures"]
    ]
    blocked = [f"  {hold_line(one)}" for one in run["ambiguous"]]
    # Nothing to show is not nothing to do while an earlier write is in doubt.
    quiet = not may_change(plan) and (faults or blocked)
    unchanged = f"{plan['unchanged']} already as {'it' if plan['unchanged'] == 1 else 'they'} should be."
    lines = [f"Nothing can be planned for what is told below; {unchanged}" if quiet else plan_text(plan, style)]
    if faults:
        lines += ["", "Failed while planning:", *faults]
    if blocked:
        lines += ["", "Blocked, because it cannot be known whether an earlier write happened:", *blocked]
    if plan["effects"]:
        lines += ["", f"To perform exactly this: {apply}"]
    return "\n".join(lines)


def plan_text(plan: Plan, style: PlanStyle) -> str:
    """The plan alone."""
    lines = [line for effect in plan["effects"] for line in (*_effect_lines(effect, plan, style), "")]
    cuts = [_cut_line(cut) for cut in plan.get("cutShort", [])]
    return "\n".join(map(fold_spaces, [*lines, *cuts, *([""] if cuts else []), _total_line(plan), *_notes(plan)]))


def may_change(plan: Plan) -> bool:
    """Whether its run may write something: what it shows, or what comes after its end."""
    return bool(plan["effects"] or plan.get("cutShort"))


def _cut_line(cut: PlanCut) -> str:
    """Where the plan ends before the run would. A wait is never over in a plan: only what a write gives is told by the next one."""
    step = f"{cut['step']}: " if cut["step"] else ""
    later = (
        "is shown by the next plan" if cut["kind"] == "write" else "is in no plan; an apply holds it, a run makes it"
    )
    return escape_controls(f"  ? after apply: {step}what comes after {cut['after']} {later}")


def label_text(label: str) -> str:
    """What a write is called. A key of a stranger's may be part of it: what does not read as words alone is quoted."""
    text = escape_controls(label)
    return text if _WORDS.fullmatch(text) else escape_controls(json_line(label))


def call_lines(server: str, tool: str | None, target: str, args: PartialData, width: float) -> list[str]:
    """Which call it is and where it goes; below it, its arguments."""
    name = f"{server} (no call)" if tool is None else f"{server}.{tool}"
    shown = _adopted(args) if tool is None else args
    return [
        f"{name} on {_target_text(server, target)}",
        *(f"        {line}" for line in _argument_lines(shown, width - 8)),
    ]


def _effect_lines(effect: PlannedEffect, plan: Plan, style: PlanStyle) -> list[str]:
    uncertain = "" if effect["certainty"] == "sure" else "?"
    lasting = "!" if effect["undo"] == "none" else ""
    signs = f"{uncertain}{effect['sign']}{lasting}".rjust(3)
    many = " × ?" if effect["certainty"] == "may-many" else ""
    head = style.paint(effect["sign"], f"{signs} {label_text(effect['label'])}{many}")
    call, *args = call_lines(effect["server"], effect["tool"], effect["target"], effect["args"], style.width)
    return [f"{head}  {call}", *args, f"      # {_identity_text(effect)}{_after_text(effect, plan)}"]


def _target_text(server: str, target: str) -> str:
    """A target names variables of its server, `JIRA_BASE_URL=https://…`: the values alone tell where."""
    values = [part.partition("=")[2] if _is_variable(part) else part for part in target.split(" ")]
    told = [value for value in values if value != ""]
    return escape_controls(", ".join(told)) if told else server


def _is_variable(part: str) -> bool:
    name, equals, _ = part.partition("=")
    return equals != "" and name.isidentifier() and name.isascii()


def _adopted(args: PartialData) -> PartialData:
    """What an adoption will remember says which target it takes over; its target key says nothing to people."""
    value = args["value"]
    kept = value.get("kept") if is_fields(value) else None
    return {"value": kept if is_fields(kept) else {"kept": kept}, "unknown": []}


def _argument_lines(args: PartialData, width: float) -> list[str]:
    if any(not part["path"] for part in args["unknown"]):
        return [_KNOWN_AFTER_APPLY]
    value = args["value"]
    if not is_fields(value):
        return []
    longest = max((len(key) for key in value), default=0)
    lines: list[str] = []
    for key, one in value.items():
        room = min(width, _READABLE_WIDTH) - longest - 3
        first, *rest = _value_lines({"value": one, "unknown": _within(args["unknown"], key)}, room)
        lines += [_cut(line, width) for line in (f"{escape_controls(key).ljust(longest)} = {first}", *rest)]
    if width == float("inf") or len(lines) <= _MAX_ARGUMENT_LINES:
        return lines
    return [*lines[:_MAX_ARGUMENT_LINES], f"… {len(lines) - _MAX_ARGUMENT_LINES} more lines (--full shows all)"]


def _value_lines(part: PartialData, room: float) -> list[str]:
    """A value on one line where it fits or has no parts, else a line for each of its parts."""
    short = escape_controls(_partial_json(part, ""))
    if len(short) <= room or not (is_fields(part["value"]) or is_items(part["value"])):
        return [short]
    return [escape_controls(line) for line in _partial_json(part, "  ").split("\n")]


def _partial_json(part: PartialData, indent: str) -> str:
    """JSON; what is not known yet stands in its place without quotes, so that no string looks like it."""
    value, unknown = part["value"], part["unknown"]
    if any(not one["path"] for one in unknown):
        return _KNOWN_AFTER_APPLY
    if not unknown:
        return "\n".join(json_lines(value)) if indent else stringify_exact(value)
    line, space = ("\n", " ") if indent else ("", "")
    parts: list[str] = []
    for key, one in value.items() if is_fields(value) else enumerate(value if is_items(value) else []):
        name = f"{json_line(key)}:{space}" if isinstance(key, str) else ""
        parts.append(f"{line}{name}{_partial_json({'value': one, 'unknown': _within(unknown, key)}, indent)}")
    begin, end = ("{", "}") if is_fields(value) else ("[", "]")
    inside = ",".join(parts).replace("\n", f"\n{indent}")
    return f"{begin}{inside}{line}{end}"


def _within(unknown: Sequence[UnknownPart], key: str | int) -> list[UnknownPart]:
    """What is not known below a member or an item."""
    return [{"path": one["path"][1:], "from": one["from"]} for one in unknown if one["path"][:1] == [key]]


def _identity_text(effect: PlannedEffect) -> str:
    if not effect["identityKnown"]:
        return f"identity {_KNOWN_AFTER_APPLY}: this plan cannot permit it"
    identity = effect["identity"]
    match identity["kind"]:
        case "record":
            revision = "" if identity["revision"] == 0 else f", revision {identity['revision']}"
            said = f"{identity['scope']}/{identity['record']}/{identity['key']}, generation {identity['generation']}, {identity['action']}{revision}"
        case "once":
            window = "" if identity["window"] is None else f", window {identity['window']}"
            said = f"{identity['scope']}/once/{identity['key']}{window}"
        case "start":
            said = f"{identity['scope']}/start/{identity['key']}; a run of its own: what it writes is not in this plan"
        case "step":
            return escape_controls(f"identity: this run only, {identity['step']}")
    return escape_controls(f"identity {said}")


def _after_text(effect: PlannedEffect, plan: Plan) -> str:
    # In a run it would wait for a person; applying this plan is one's word.
    why = effect["why"]
    if "detail" in why:
        return f"; {escape_controls(why['detail'])}"
    if why["kind"] != "after":
        return ""
    label = next((other["label"] for other in plan["effects"] if other["id"] == why["effect"]), None)
    return "" if label is None else f"; after: {label_text(label)}"


def _total_line(plan: Plan) -> str:
    effects, unchanged = plan["effects"], plan["unchanged"]
    if not effects:
        none = "No changes." if not plan.get("cutShort") else "No changes are known before that."
        done = f" {unchanged} already as {'it' if unchanged == 1 else 'they'} should be."
        return none + ("" if unchanged == 0 else done)
    signs = [effect["sign"] for effect in effects if effect["certainty"] == "sure"]
    may = len(effects) - len(signs)
    words = {"+": "to create", "=": "to adopt", "~": "to update", "-": "to release"}
    parts = ", ".join(f"{signs.count(sign)} {word}" for sign, word in words.items())
    return f"Plan: {parts}{'' if may == 0 else f', {may} maybe'}; {unchanged} already done."


def _notes(plan: Plan) -> list[str]:
    notes: list[str] = []
    if any(effect["undo"] == "none" for effect in plan["effects"]):
        notes.append("! cannot be undone")
    if any(effect["certainty"] != "sure" for effect in plan["effects"]):
        notes.append("? only if what is known after apply says so: then it is part of this plan")
    return ["", *notes] if notes else []


def _cut(text: str, width: float) -> str:
    return text if width < 20 or len(text) <= width else f"{text[: int(width) - 1]}…"
