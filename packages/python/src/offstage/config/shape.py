"""Checks data of a settings file; each fault says where it is."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from offstage.base import Data, OffstageError, is_fields, is_items, parse_duration

T = TypeVar("T")

_DURATION = re.compile(r"[1-9]\d*(ms|s|m|h|d)", re.ASCII)


class Shape:
    """One value of a file, and where it stands."""

    def __init__(self, value: Data, file: str, path: str = "") -> None:
        self.value = value
        self.file = file
        self.path = path

    def fault(self, message: str, hint: str | None = None) -> OffstageError:
        """What is wrong with it."""
        place = f"{self.file}: {self.path}: " if self.path else f"{self.file}: "
        return OffstageError("CONFIG_INVALID", f"{place}{message}", hint=hint)

    def fields(self, known: Sequence[str] | None = None) -> Mapping[str, "Shape"]:
        """Its members; with `known`, no others than these."""
        if not is_fields(self.value):
            raise self.fault("this has to be an object.")
        if known is not None:
            unknown = next((name for name in self.value if name not in known), None)
            if unknown is not None:
                raise self.fault(f'There is no setting "{unknown}" here.', f"There are {', '.join(known)}.")
        return {
            name: Shape(value, self.file, f"{self.path}.{name}" if self.path else name)
            for name, value in self.value.items()
        }

    def items(self) -> list["Shape"]:
        """Its items."""
        if not is_items(self.value):
            raise self.fault("this has to be a list.")
        return [Shape(item, self.file, f"{self.path}[{index}]") for index, item in enumerate(self.value)]

    def several(self) -> list["Shape"]:
        """A setting that may be written once, or as a list of several."""
        one: list[Shape] = [self]
        items = self.items() if is_items(self.value) else one
        if len(items) == 0:
            raise self.fault("this list is empty.")
        return items

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or self.value == "":
            raise self.fault("this has to be a text.")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.fault("write true or false.")
        return self.value

    def number(self, least: float, most: float) -> float:
        """A number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not least <= self.value <= most:
            raise self.fault(f"this has to be a number from {least:g} to {most:g}.")
        return self.value

    def whole(self, least: int, most: int) -> int:
        """An integer within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise self.fault(f"this has to be a whole number from {least} to {most}.")
        return self.value

    def scalar(self) -> str | int | float | bool:
        """A text, a number, true or false."""
        if not isinstance(self.value, str | int | float | bool):
            raise self.fault("this has to be a text, a number, true or false.")
        return self.value

    def choice(self, choices: Sequence[T]) -> T:
        """One of these."""
        for choice in choices:
            if isinstance(self.value, type(choice)) and self.value == choice:
                return choice
        raise self.fault(f"write {' or '.join(json.dumps(choice) for choice in choices)}.")

    def duration(self, longest: str, least: str = "1ms") -> int:
        """`90s`, as ms."""
        text = self.value if isinstance(self.value, str) else ""
        ms = parse_duration(text)
        if ms is None or ms <= 0:
            if _DURATION.fullmatch(text):
                raise self.fault(f'"{text}" is too long; the most is "{longest}".')
            raise self.fault(f'{json.dumps(self.value, default=str)} is no duration; write "90s", "10m", "1h" or "7d".')
        if ms < (parse_duration(least) or 0):
            raise self.fault(f'"{text}" is too short; the least is "{least}".')
        if ms > (parse_duration(longest) or 0):
            raise self.fault(f'"{text}" is too long; the most is "{longest}".')
        return int(ms)

    def texts(self) -> dict[str, str]:
        """Texts by name; numbers and switches are taken as they are written."""
        return {name: one.written() for name, one in self.fields().items()}

    def written(self) -> str:
        """A scalar as text."""
        value = self.scalar()
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else format(value, "" if isinstance(value, int) else "g")


def read(fields: Mapping[str, Shape], name: str, how: Callable[[Shape], T], default: T) -> T:
    """A member that may be absent."""
    found = fields.get(name)
    return default if found is None else how(found)
