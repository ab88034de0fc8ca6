"""The keywords of JSON Schema: what each says of a value that breaks it, and in which order they are asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, ValidationError

from offstage.base import is_fields, is_items, number_text, stringify_exact
from offstage.regexp import Regexp

Check: TypeAlias = Callable[[Any, Any, Any, Any], Iterator[Any]]
"""A keyword's check: of a validator, the keyword's value, the value that is looked at and its schema."""

_MOST_PATTERNS = 256
_LIBRARY: Any = Draft202012Validator.VALIDATORS  # pyright: ignore[reportUnknownMemberType]
# By what they speak of; within one in the order in which they are asked.
_OF_TYPE: dict[str, tuple[str, ...]] = {
    "any": ("$dynamicRef", "$ref", "const", "enum", "not", "anyOf", "oneOf", "allOf", "if"),
    "number": ("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf", "format"),
    "string": ("maxLength", "minLength", "pattern", "format"),
    "array": ("maxItems", "minItems", "prefixItems", "items", "contains", "uniqueItems", "unevaluatedItems"),
    "object": (
        *("maxProperties", "minProperties", "required", "propertyNames", "additionalProperties", "properties"),
        *("patternProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    ),
}
_PLACES = {keyword: (group, at) for group, one in enumerate(_OF_TYPE.values()) for at, keyword in enumerate(one)}
# From here on ECMAScript writes numbers with an exponent, and the other library's arithmetic ends.
_TOO_LARGE = 1e21


def in_order(schema: Any) -> Iterable[tuple[str, Any]]:
    """The keywords of a schema: what kind of value it has to be first, or beside what else is asked of that kind."""
    if not is_fields(schema):
        return ()

    def place(item: tuple[str, Any]) -> tuple[int, int]:
        return _type_place(schema) if item[0] == "type" else _PLACES.get(item[0], (len(_OF_TYPE), 0))

    return sorted(schema.items(), key=place)


def _type_place(schema: dict[str, Any]) -> tuple[int, int]:
    kinds = _kinds(schema)
    group = kinds[0] if len(kinds) == 1 else ""
    if not any(keyword in schema for keyword in _OF_TYPE.get(group, ())):
        return (-1, 0)
    return ([*_OF_TYPE].index(group), len(_OF_TYPE[group]))


def _kinds(schema: dict[str, Any]) -> list[str]:
    given: Any = schema.get("type", [])
    kinds: list[str] = [given] if isinstance(given, str) else [*given]
    return [*kinds, "null"] if schema.get("nullable") is True and "null" not in kinds else kinds


@lru_cache(_MOST_PATTERNS)
def compiled(source: str) -> Regexp:
    """A pattern, in linear time as those of a workflow are. Errors: `RegexFault` for what cannot be."""
    return Regexp(source, "")


def _said(keyword: str, say: Callable[[Any], str]) -> Check:
    """As the library checks it, in other words."""
    check: Check = _LIBRARY[keyword]

    def told(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
        for error in check(validator, wanted, value, schema):
            error.message = say(wanted)
            yield error

    return told


def _number(value: Any) -> str:
    return number_text(value)


def _type(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not any(validator.is_type(value, kind) for kind in _kinds(schema)):
        yield ValidationError(f"must be {wanted if isinstance(wanted, str) else ','.join(wanted)}")


def _multiple_of(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(value, "number"):
        quotient = value / wanted
        if not abs(quotient) < _TOO_LARGE or quotient != int(quotient):
            yield ValidationError(f"must be multiple of {number_text(wanted)}")


def _pattern(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(value, "string") and not compiled(wanted).test(value):
        yield ValidationError(f'must match pattern "{wanted}"')


def _required(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(value, "object"):
        for name in wanted:
            if name not in value:
                yield ValidationError(f"must have required property '{name}'")


def _property_names(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(value, "object"):
        for name in value:
            before = [*validator.descend(instance=name, schema=wanted)]
            if before:
                yield ValidationError("property name must be valid", context=before)


def _additional_properties(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not validator.is_type(value, "object"):
        return
    patterns = [compiled(source) for source in schema.get("patternProperties", {})]
    for name in value:
        if name in schema.get("properties", {}) or any(pattern.test(name) for pattern in patterns):
            continue
        if wanted is False:
            yield ValidationError(f"must NOT have additional properties: {name}")
        else:
            yield from _below(validator, value[name], wanted, name)


def _pattern_properties(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if not validator.is_type(value, "object"):
        return
    for source, inner in wanted.items():
        for name in value:
            if compiled(source).test(name):
                yield from _below(validator, value[name], inner, name)


def _dependent_required(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if not validator.is_type(value, "object"):
        return
    for name, needs in wanted.items():
        for missing in needs if name in value else ():
            if missing not in value:
                what = "property" if len(needs) == 1 else "properties"
                yield ValidationError(f"must have {what} {', '.join(needs)} when property {name} is present")


def _unevaluated_properties(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    """The library says which; each is told by itself."""
    for name in value if validator.is_type(value, "object") else ():
        if wanted is False and any(_LIBRARY["unevaluatedProperties"](validator, False, {name: value[name]}, schema)):
            yield ValidationError("must NOT have unevaluated properties")


def _below(validator: Any, value: Any, schema: Any, place: str | int) -> Iterator[Any]:
    """What a part of a value breaks. The library does not say where it was that nothing may be."""
    if schema is False:
        yield ValidationError("boolean schema is false", path=[place])
    else:
        yield from validator.descend(value, schema, path=place)


def _properties(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    for name, inner in wanted.items() if validator.is_type(value, "object") else ():
        if name in value:
            yield from _below(validator, value[name], inner, name)


def _prefix_items(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    for index, inner in enumerate(wanted) if validator.is_type(value, "array") else ():
        if index < len(value):
            yield from _below(validator, value[index], inner, index)


def _items(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not validator.is_type(value, "array"):
        return
    before = len(schema.get("prefixItems", []))
    if wanted is False and before > 0:
        if len(value) > before:
            yield ValidationError(f"must NOT have more than {before} items")
        return
    for index in range(before, len(value)):
        yield from _below(validator, value[index], wanted, index)


def _contains(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not validator.is_type(value, "array"):
        return
    least, most = schema.get("minContains", 1), schema.get("maxContains", math.inf)
    before: list[Any] = []
    count = 0
    for index, one in enumerate(value if least <= most else ()):
        faults = [*_below(validator, one, wanted, index)]
        before.extend(faults)
        count += not faults
        if count > most:
            break
    if not least <= count <= most:
        at_most = "" if most == math.inf else f" and no more than {most}"
        yield ValidationError(f"must contain at least {least}{at_most} valid item(s)", context=before)


def _unique_items(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not wanted or not validator.is_type(value, "array"):
        return
    texts = [stringify_exact(_sorted(one)) for one in value]
    kinds = _kinds(schema["items"]) if is_fields(schema.get("items")) else []
    # Where all are to be of plain kinds, what is not of these is told as that, and the first pair from the end is another one.
    plain = bool(kinds) and not {"array", "object"} & {*kinds}
    told = [any(validator.is_type(one, kind) for kind in kinds) for one in value]
    pair = _last_again(texts, told) if plain else _equal_pair(texts)
    if pair is not None:
        yield ValidationError(f"must NOT have duplicate items (items ## {pair[0]} and {pair[1]} are identical)")


def _last_again(texts: Sequence[str], told: Sequence[bool]) -> tuple[int, int] | None:
    """The last that comes again after it, and where."""
    later: dict[str, int] = {}
    for index in reversed(range(len(texts))):
        if not told[index]:
            continue
        if texts[index] in later:
            return later[texts[index]], index
        later[texts[index]] = index
    return None


def _equal_pair(texts: Sequence[str]) -> tuple[int, int] | None:
    """The last that was there before, and where."""
    pair: tuple[int, int] | None = None
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        if text in seen:
            pair = seen[text], index
        seen[text] = index
    return pair


def _sorted(value: Any) -> Any:
    """The same text for equal values: members in any order, numbers as they compare."""
    if is_fields(value):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if is_items(value):
        return [_sorted(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _any_of(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    before: list[Any] = []
    for inner in wanted:
        faults = [*validator.descend(value, inner)]
        if not faults:
            return
        before.extend(faults)
    yield ValidationError("must match a schema in anyOf", context=before)


def _one_of(validator: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
    before: list[Any] = []
    fitting = 0
    for inner in wanted:
        faults = [*validator.descend(value, inner)]
        before.extend(faults)
        fitting += not faults
        if fitting == 2:
            break
    if fitting != 1:
        yield ValidationError("must match exactly one schema in oneOf", context=before)


def _if(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    branch = "then" if validator.evolve(schema=wanted).is_valid(value) else "else"
    before = [*validator.descend(value, schema.get(branch, True))]
    if before:
        yield ValidationError(f'must match "{branch}" schema', context=before)


CHECKS: dict[str, Check] = {
    "type": _type,
    "const": _said("const", lambda one: f"must be equal to constant: {stringify_exact(one)}"),
    "enum": _said(
        "enum", lambda all: f"must be equal to one of the allowed values: {', '.join(map(stringify_exact, all))}"
    ),
    "maximum": _said("maximum", lambda most: f"must be <= {_number(most)}"),
    "minimum": _said("minimum", lambda least: f"must be >= {_number(least)}"),
    "exclusiveMaximum": _said("exclusiveMaximum", lambda most: f"must be < {_number(most)}"),
    "exclusiveMinimum": _said("exclusiveMinimum", lambda least: f"must be > {_number(least)}"),
    "multipleOf": _multiple_of,
    "maxLength": _said("maxLength", lambda most: f"must NOT have more than {most} characters"),
    "minLength": _said("minLength", lambda least: f"must NOT have fewer than {least} characters"),
    "pattern": _pattern,
    "maxItems": _said("maxItems", lambda most: f"must NOT have more than {most} items"),
    "minItems": _said("minItems", lambda least: f"must NOT have fewer than {least} items"),
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "uniqueItems": _unique_items,
    "maxProperties": _said("maxProperties", lambda most: f"must NOT have more than {most} properties"),
    "minProperties": _said("minProperties", lambda least: f"must NOT have fewer than {least} properties"),
    "required": _required,
    "properties": _properties,
    "propertyNames": _property_names,
    "additionalProperties": _additional_properties,
    "patternProperties": _pattern_properties,
    "dependentRequired": _dependent_required,
    "unevaluatedProperties": _unevaluated_properties,
    "not": _said("not", lambda _: "must NOT be valid"),
    "anyOf": _any_of,
    "oneOf": _one_of,
    "if": _if,
}
"""By its name, what is not as the library has it."""
