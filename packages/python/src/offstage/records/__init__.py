"""The pure decisions of records: what to do next for one identity, and what it leaves behind."""

from offstage.records.action import RecordBind, RecordStep, RecordWrite
from offstage.records.binding_after import Visit, binding_after
from offstage.records.binding_change import Adoption, BindingChange
from offstage.records.ensure import next_ensure
from offstage.records.facts import NO_FACTS, FindFacts, ReadFacts, RecordFacts, facts_after_write
from offstage.records.orphans import Missed, Sweep, after_miss, missed_by
from offstage.records.proof import proves_absence, proves_after_ms
from offstage.records.record_view import RecordAbilities, RecordView
from offstage.records.release import next_release

__all__ = [
    "NO_FACTS",
    "Adoption",
    "BindingChange",
    "FindFacts",
    "Missed",
    "ReadFacts",
    "RecordAbilities",
    "RecordBind",
    "RecordFacts",
    "RecordStep",
    "RecordView",
    "RecordWrite",
    "Sweep",
    "Visit",
    "after_miss",
    "binding_after",
    "facts_after_write",
    "missed_by",
    "next_ensure",
    "next_release",
    "proves_absence",
    "proves_after_ms",
]
