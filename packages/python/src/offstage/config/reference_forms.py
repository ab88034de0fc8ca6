"""What stands between `${` and `}` in a setting, understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from offstage.base import OffstageError

Place = Literal["workspaceFolder", "workspaceFolderBasename", "userHome", "pathSeparator"]

_PLACES: dict[str, Place] = {
    "workspaceFolder": "workspaceFolder",
    "workspaceFolderBasename": "workspaceFolderBasename",
    "userHome": "userHome",
    "pathSeparator": "pathSeparator",
    "/": "pathSeparator",
}
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Windows has `ProgramFiles(x86)`. Nothing that a shell would take for the end of a word: people copy such names out of
# hints.
_ANY_NAME = re.compile(r"[A-Za-z_][\w.()-]*", re.ASCII)
_FILE_NAME = re.compile(r"(?!\.)[\w.-]+", re.ASCII)
_FORM = re.compile(r"(env|file|exec|secret|input):(.*)", re.DOTALL)


@dataclass(frozen=True)
class EnvReference:
    """A variable of the environment; `fallback` is what holds when it is not set or empty, None when it has to be set."""

    name: str
    fallback: str | None


@dataclass(frozen=True)
class FileReference:
    """The text of a file."""

    path: str


@dataclass(frozen=True)
class ExecReference:
    """What a program prints."""

    argv: Sequence[str]


@dataclass(frozen=True)
class SecretReference:
    """A secret, wherever the machine keeps it."""

    name: str


@dataclass(frozen=True)
class InputReference:
    """What VS Code would ask a person for."""

    id: str


@dataclass(frozen=True)
class PlaceReference:
    """What VS Code and Cursor call the places of a project."""

    name: Place


Reference = EnvReference | FileReference | ExecReference | SecretReference | InputReference | PlaceReference


@dataclass(frozen=True)
class FoundReference:
    """One reference in a text."""

    start: int
    end: int
    inner: str


def references_in(text: str) -> list[FoundReference]:
    """The references in a text, in its order."""
    return [FoundReference(match.start(), match.end(), match.group(1)) for match in _REFERENCE.finditer(text)]


def parse_reference(inner: str, place: str) -> Reference:
    """Reads one reference: our own forms, those of VS Code (`input`, places), and `${VAR}` and `:-` of Claude Code.

    A name that is a place is one, also where a variable is called the same. Errors: `CONFIG_INVALID` for what is none
    of them.
    """
    known = _read(inner)
    if known is not None:
        return known
    hint = (
        "References do not stand inside references."
        if "${" in inner
        else "It knows ${env:NAME}, ${env:NAME:-default}, ${NAME}, ${file:path}, ${exec:program argument}, ${secret:NAME}, ${input:id}, ${workspaceFolder} and ${userHome}."
    )
    raise OffstageError("CONFIG_INVALID", f"{place}: ${{{inner}}} is not a reference that Offstage knows.", hint=hint)


def _read(inner: str) -> Reference | None:
    if inner in _PLACES:
        return PlaceReference(_PLACES[inner])
    match = _FORM.fullmatch(inner)
    if match is None:
        return _variable(inner, _NAME)
    form, rest = match.group(1), match.group(2)
    if form == "env":
        return _variable(rest, _ANY_NAME)
    if form == "file":
        return None if rest.strip() == "" or "${" in rest else FileReference(rest)
    if form == "exec":
        return _program(rest)
    if form == "secret":
        return SecretReference(rest) if _FILE_NAME.fullmatch(rest) else None
    return InputReference(rest) if re.fullmatch(r"[^\s${}]+", rest) else None


def _variable(text: str, names: re.Pattern[str]) -> Reference | None:
    name, separator, fallback = text.partition(":-")
    if names.fullmatch(name) is None or "${" in fallback:
        return None
    return EnvReference(name, fallback if separator else None)


def _program(text: str) -> Reference | None:
    """Words as people write them: white space parts them, quotes of either kind hold them together.

    Nothing is expanded: there is no shell.
    """
    words = re.findall(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", text)
    whole = "".join(words) == re.sub(r"""("[^"]*"|'[^']*')|\s+""", lambda match: match.group(1) or "", text)
    if len(words) == 0 or not whole or "${" in text:
        return None
    return ExecReference(
        [
            re.sub(r""""([^"]*)"|'([^']*)'""", lambda match: match.group(1) or match.group(2) or "", word)
            for word in words
        ]
    )
