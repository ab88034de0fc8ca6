"""`inputs` as VS Code writes them: what it asks a person for, once. Here nobody is asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from offstage.base import OffstageError


@dataclass(frozen=True, kw_only=True)
class DeclaredInput:
    """One of them."""

    id: str
    type: str | None = None
    password: bool = False
    options: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What `${input:x}` can stand for: those of `mcp.json`, and what `inputs` of the settings says, by id; references
    are not resolved.
    """

    declared: Mapping[str, DeclaredInput] = field(default_factory=lambda: dict[str, DeclaredInput]())
    values: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())


@dataclass(frozen=True, kw_only=True)
class InputValue:
    """What an input was given. `hidden`: VS Code would not show it while it is typed."""

    text: str
    hidden: bool
    options: Sequence[str]

    def check(self, value: str, id: str, place: str) -> None:
        """Errors: `CONFIG_INVALID` when the resolved value is none of the choices."""
        if len(self.options) > 0 and value not in self.options:
            raise OffstageError(
                "CONFIG_INVALID",
                f"{place}: the input {id} is none of its choices.",
                hint=f"It has to be one of: {', '.join(self.options)}.",
            )


def input_text(id: str, inputs: Inputs, place: str) -> InputValue:
    """An input's value as the settings have it. Errors: `SECRET_MISSING`, which says what to write there."""
    declared = inputs.declared.get(id)
    text = inputs.values.get(id)
    if text is None:
        asks = (
            "VS Code runs a command of an extension for it"
            if declared is not None and declared.type == "command"
            else "VS Code asks a person for it"
        )
        raise OffstageError(
            "SECRET_MISSING",
            f"{place}: the input {id} has no value: {asks}, and Offstage asks nobody.",
            hint=f'Say in the settings where it comes from: "inputs": {{ "{id}": "${{env:{variable_name_of(id)}}}" }}',
        )
    options = declared.options if declared is not None and declared.type == "pickString" else ()
    return InputValue(text=text, hidden=declared is not None and declared.password, options=options)


def variable_name_of(purpose: str) -> str:
    """How a variable of that purpose is called: `github-token` → `GITHUB_TOKEN`."""
    name = re.sub(
        r"^_+|_+$", "", re.sub(r"[^A-Za-z0-9]+", "_", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", purpose))
    ).upper()
    return name if re.match(r"[A-Z]", name) else f"X_{name}"
