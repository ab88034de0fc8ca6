"""What runs tell bindings."""

from __future__ import annotations

from offstage.base import OffstageError, encode_value
from offstage.effects.ports import EffectsOptions
from offstage.effects.record_guard import is_taken, target_taken
from offstage.effects.settle import need_effect
from offstage.model import Binding, LedgerEntry
from offstage.records import BindingChange, Visit, binding_after
from offstage.state import StoreTx


def visit_of(options: EffectsOptions, target: str) -> Visit:
    """What a binding is told about the run that changes it now."""
    run = options.run
    return {
        "now": options.clock.now(),
        "runId": run.id,
        "workflow": run.workflow,
        "inputsHash": run.inputs_hash,
        "epoch": options.epoch,
        "target": target,
    }


async def bind_change(tx: StoreTx, change: BindingChange, options: EffectsOptions) -> Binding:
    """Stores a change of a binding and completes the effect that it follows from: one transaction. Doing it again changes nothing. Raises `AMBIGUOUS_RECORD` when the target belongs to another identity."""
    key = change["key"]
    binding = await tx.get_binding(key)
    named = None if change["kind"] == "seen" else change["effect"]
    effect = None if named is None else await need_effect(tx, named)
    if effect is not None:
        if effect["completion"] is not None and binding is not None:
            return binding
        _assert_follows(effect, change)
    if change["kind"] == "bound":
        other = await tx.binding_of_target(key["scope"], key["record"], change["targetKey"])
        if is_taken(other, key):
            error = target_taken(key, other)
            raise OffstageError(error["code"], error["message"], hint=error.get("hint"))
    if effect is not None:
        target = effect["target"]
    elif binding is not None:
        target = binding["target"]
    else:
        target = options.target_of(change["server"] if change["kind"] == "bound" else "")
    changed = binding_after(binding, change, visit_of(options, target))
    await tx.put_binding(changed)
    if effect is not None:
        completed = effect.copy()
        completed["completion"] = encode_value(change["kind"])
        await tx.put_effect(completed, effect)
    return changed


def _assert_follows(effect: LedgerEntry, change: BindingChange) -> None:
    """A binding only ever says what the ledger knows to be done."""
    identity, key = effect["identity"], change["key"]
    same = identity["kind"] == "record" and all(identity[name] == key[name] for name in ("scope", "record", "key"))
    generation = identity["generation"] if identity["kind"] == "record" else None
    other = change["kind"] == "bound" and generation != change["generation"]
    if not same or effect["status"] != "done" or other:
        raise OffstageError(
            "BUG",
            f"{key['record']} {key['key']} cannot be {change['kind']} by the effect {effect['id']}, which is {effect['status']}.",
        )
