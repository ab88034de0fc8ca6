"""Where the values of references are: variables, files, and where services find their secrets."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from offstage.base import OffstageError

_MAX_BYTES = 64 * 1024
# Where services find secrets of theirs on Docker, Podman and Compose.
_RUN_SECRETS = "/run/secrets"


@dataclass
class SecretFiles:
    """The files of a project's secrets, as they were when they were last good: who changes one under a process that
    runs for months is noticed. `note` is told once of each that cannot be used any more, and of its return.
    """

    note: Callable[[str], None] = lambda _: None
    _good: dict[str, str] = field(default_factory=lambda: dict[str, str]())
    _lost: set[str] = field(default_factory=lambda: set[str]())

    def text(self, path: str, read: Callable[[], str]) -> str:
        """What `read` makes of a file now; while it fails (a file that is gone or empty, as in the middle of a swap),
        what it made before. Raises what `read` raises when it never was good.
        """
        try:
            text = self._good[path] = read()
        except OffstageError as error:
            if path not in self._good:
                raise
            if path not in self._lost:
                self.note(f"{error.message} What it held before is used on.")
            self._lost.add(path)
            return self._good[path]
        if path in self._lost:
            self._lost.discard(path)
            self.note(f"{path} can be used again.")
        return text

    def has(self, path: str) -> bool:
        """Whether it was good once."""
        return path in self._good


@dataclass(frozen=True, kw_only=True)
class SecretPlaces:
    """Where variables and files are looked up. Relative files are looked for in `folder`, the project's."""

    env: Mapping[str, str]
    folder: str
    files: SecretFiles = field(default_factory=SecretFiles)


def variable_text(name: str, places: SecretPlaces, place: str) -> str:
    """A variable that has a value. Errors: `SECRET_MISSING`."""
    value = places.env.get(name)
    if value is not None and value != "":
        return value
    raise OffstageError(
        "SECRET_MISSING",
        f"{place}: the environment variable {name} is {'not set' if value is None else 'empty'}.",
        hint=f"Set it before you start: export {name}=…",
    )


def file_text(path: str, places: SecretPlaces, place: str) -> str:
    """A file's text without its last line break; what it was before while it cannot be used.

    Errors: `SECRET_MISSING`, also when it is empty, larger than 64 KiB or not in UTF-8.
    """
    full = os.path.join(places.folder, path)
    return places.files.text(full, lambda: _read_text(full, path, place))


def secret_text(name: str, places: SecretPlaces, place: str) -> str:
    """`${secret:NAME}`, wherever the machine keeps it: a variable, else a file of that name where systemd
    (`CREDENTIALS_DIRECTORY`) or Docker (`/run/secrets`) puts it. Errors: `SECRET_MISSING`.
    """
    value = places.env.get(name)
    if value is not None and value != "":
        return value
    given = places.env.get("CREDENTIALS_DIRECTORY")
    folders = [folder for folder in (given, _RUN_SECRETS) if folder is not None and os.path.isabs(folder)]
    # One that was there before may be away for a moment, in the middle of a swap.
    found = next(
        (path for folder in folders if os.path.isfile(path := os.path.join(folder, name)) or places.files.has(path)),
        None,
    )
    if found is not None:
        return file_text(found, places, place)
    raise OffstageError(
        "SECRET_MISSING",
        f"{place}: there is no secret {name}: no environment variable, and no file in {' or '.join(folders)}.",
        hint=f"Set it before you start: export {name}=…",
    )


def text_of(data: bytes) -> str:
    """The text that bytes are, without a mark at its beginning and its last line break.

    Errors: `ValueError`, which quotes nothing of it.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # Its own words quote bytes.
        text = "\0"
    if "\0" in text:
        raise ValueError("it is no text in UTF-8")
    text = text.removeprefix("\ufeff")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _read_text(full: str, path: str, place: str) -> str:
    try:
        file = Path(full)
        if not file.is_file():
            raise ValueError("there is no such file" if not file.exists() else "it is no file")
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES} bytes")
        text = text_of(file.read_bytes())
        if text.strip() == "":
            raise ValueError("it is empty")
        return text
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise OffstageError(
            "SECRET_MISSING",
            f"{place}: the file {path} cannot be used: {why}",
            hint="Write the secret into that file, or name another one.",
        ) from error
