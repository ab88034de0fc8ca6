"""Writes that were not made (yet)."""

from __future__ import annotations

from offstage.base import ErrorData, Withheld, WithheldEnd, shown_text
from offstage.engine.strand import OFFERS, AmbiguousEnd, Place, RunStop, Strand
from offstage.model import HoldReason, PlanCut, RunHold


def format_hold(why: HoldReason) -> str:
    """Why a write is held, in a few words."""
    match why["kind"]:
        case "planning":
            return "planned"
        case "not-in-plan":
            return f"not in plan: {why['detail']}"
        case "approval":
            return f"awaits approval: {why['detail']}"
        case "denied":
            return f"denied: {why['detail']}"
        case "guard":
            return f"held by the guard: {why['detail']}"
        case "paused":
            return f"paused: {'everything' if why['detail'] == '*' else why['detail']}"
        case "dry-run":
            return "dry run: nothing is written"
        case "not-now":
            return f"not now: {why['detail']}"
        case "after":
            return f"after: {why['effect'][:12]}"
        case "uncertain":
            return "it is not certain that it will be made"
        case "unproven":
            return f"not proven: {why['detail']}"


def hold(c: Strand, effect: str, place: Place, why: HoldReason, affects: tuple[str, list[str]] | None) -> Withheld:
    """A held effect: its value is not known, what follows in the strand waits for it, and answers it affects are stale. `affects`: a server's tools."""
    held: RunHold = {
        "effect": effect,
        "step": place.step,
        "label": place.label,
        "why": format_hold(why),
        "waits": _waits(c, why),
    }
    if why["kind"] == "not-now" and why["until"] is not None:
        held["until"] = why["until"]
    if why["kind"] == "paused":
        held["paused"] = why["detail"]
    c.run.held.append(held)
    return follow(c, effect, affects)


def _waits(c: Strand, why: HoldReason) -> bool:
    if why["kind"] != "after":
        return why["kind"] != "denied"
    return next((held["waits"] for held in c.run.held if held["effect"] == why["effect"]), True)


def follow(c: Strand, effect: str, affects: tuple[str, list[str]] | None) -> Withheld:
    """What comes after an effect that did not happen (yet)."""
    c.after = c.after or effect
    c.unsettled = True
    if affects is not None:
        server, tools = affects
        # No profile says which resources a write changes: any of the server's may be another one then.
        c.stale = c.stale | {(server, tool): effect for tool in [*tools, OFFERS]}
    return Withheld((effect,))


def ambiguous_end(effect: str, error: ErrorData, place: Place) -> AmbiguousEnd:
    """The end of an item by an effect of which nothing is known; told once, where the item ends."""
    return AmbiguousEnd("EFFECT_AMBIGUOUS", error["message"], hint=error.get("hint"), effect=effect, place=place)


def note_ambiguous(c: Strand, end: AmbiguousEnd) -> None:
    """Notes an ambiguous effect for the run's story."""
    if all(known["effect"] != end.effect for known in c.run.ambiguous):
        c.run.ambiguous.append(
            {"effect": end.effect, "step": end.place.step, "label": end.place.label, "why": end.message, "waits": True}
        )


def note_cut(c: Strand, step: str, end: WithheldEnd) -> None:
    """Notes where a plan ends before the run would, and by what."""
    labels = {held["effect"]: held["label"] for held in c.run.held}
    write = next((labels[effect] for effect in end.value.waits_for if effect in labels), None)
    cut: PlanCut = {"step": step, "kind": "other", "after": "what is known only then"}
    if write is not None:
        cut = {"step": step, "kind": "write", "after": write}
    elif c.waited:
        cut = {"step": step, "kind": "wait", "after": shown_text(c.waited)}
    c.run.cut_short.append(cut)


def refused_end(error: ErrorData) -> RunStop:
    """A refused effect ends the run, whatever code says why."""
    return RunStop(error["code"], error["message"], hint=error.get("hint"))
