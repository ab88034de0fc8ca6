"""JSON Schema: whether a value conforms. Large: loaded by what needs it."""

from offstage.schemas.conformance import conformance_faults, schema_fault

__all__ = ["conformance_faults", "schema_fault"]
