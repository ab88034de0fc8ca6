"""Texts whose references are resolved, late: when what they belong to is needed."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from offstage.base import OffstageError

from .inputs import Inputs, input_text
from .reference_forms import (
    EnvReference,
    ExecReference,
    FileReference,
    InputReference,
    Place,
    Reference,
    SecretReference,
    parse_reference,
    references_in,
)
from .run_for_secret import RunForSecret, shown_program
from .secret_sources import SecretPlaces, file_text, secret_text, variable_text


@dataclass(frozen=True, kw_only=True)
class NamedSecret:
    """A secret value and what people call it."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ResolvedText:
    """A text whose references are resolved. `shown`: with `[NAME]` where a secret stands, safe to show and to hash."""

    value: str
    shown: str
    secrets: tuple[NamedSecret, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where references are looked up. `run` is None where programs are not run only to know what they would say."""

    places: SecretPlaces
    is_secret: Callable[[str], bool]
    inputs: Inputs = field(default_factory=Inputs)
    run: RunForSecret | None = None


@dataclass(frozen=True, kw_only=True)
class _Found:
    name: str
    value: str
    secret: bool
    shown: str | None = None


def resolve_references(text: str, sources: Sources, place: str) -> ResolvedText:
    """Replaces the references in a text.

    What files, programs and `${secret:X}` give are secrets always, variables when `is_secret` says so, inputs when VS
    Code would hide them. Errors: `SECRET_MISSING` for what is not there, `CONFIG_INVALID` for what is no reference, or
    has a zero byte in it.
    """
    secrets: list[NamedSecret] = []
    value, shown, end = "", "", 0
    for reference in references_in(text):
        found = _look_up(parse_reference(reference.inner, place), sources, place)
        between = text[end : reference.start]
        value += between + found.value
        shown += between + (f"[{found.name}]" if found.secret else found.value if found.shown is None else found.shown)
        if found.secret:
            secrets.append(NamedSecret(name=found.name, value=found.value))
        end = reference.end
    value += text[end:]
    # No system takes it in an argument or a variable; and who refuses it may quote all that stands around it.
    if "\0" in value:
        raise OffstageError(
            "CONFIG_INVALID",
            f"{place}: there is a zero byte (NUL) in a value.",
            hint="Take it out; what a reference names has to be text in UTF-8.",
        )
    return ResolvedText(value=value, shown=shown + text[end:], secrets=tuple(secrets))


def _look_up(reference: Reference, sources: Sources, place: str) -> _Found:
    places = sources.places
    if isinstance(reference, EnvReference):
        # What stands in the file is not what the name promises to be kept from texts.
        if places.env.get(reference.name, "") == "" and reference.fallback is not None:
            return _Found(name=reference.name, value=reference.fallback, secret=False)
        return _Found(
            name=reference.name,
            value=variable_text(reference.name, places, place),
            secret=sources.is_secret(reference.name),
        )
    if isinstance(reference, FileReference):
        return _Found(
            name=reference.path.replace("\\", "/").rsplit("/", 1)[-1],
            value=file_text(reference.path, places, place),
            secret=True,
        )
    if isinstance(reference, SecretReference):
        return _Found(name=reference.name, value=secret_text(reference.name, places, place), secret=True)
    if isinstance(reference, ExecReference):
        if sources.run is None:
            raise OffstageError(
                "SECRET_MISSING", f"{place}: {shown_program(reference.argv)} is run when its server is needed."
            )
        return _Found(name=shown_program(reference.argv), value=sources.run(reference.argv, place), secret=True)
    if isinstance(reference, InputReference):
        return _input(reference.id, sources, place)
    # A project that moves, or has another owner, speaks to the same site: targets keep the name.
    return _Found(
        name=reference.name,
        value=_place_text(reference.name, places, place),
        secret=False,
        shown=f"${{{reference.name}}}",
    )


def _input(id: str, sources: Sources, place: str) -> _Found:
    given = input_text(id, sources.inputs, place)
    made = resolve_references(given.text, replace(sources, inputs=Inputs()), f"{place}, input {id}")
    given.check(made.value, id, place)
    return _Found(
        name=id,
        value=made.value,
        secret=given.hidden or len(made.secrets) > 0 or sources.is_secret(id),
        shown=made.shown,
    )


def _place_text(name: Place, places: SecretPlaces, place: str) -> str:
    if name == "workspaceFolder":
        return places.folder
    if name == "workspaceFolderBasename":
        return os.path.basename(places.folder)
    if name == "pathSeparator":
        return os.sep
    home = places.env.get("HOME")
    return variable_text("USERPROFILE", places, place) if home is None else home
