"""Programs that are run for the secrets that they print."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import PurePath

from offstage.base import OffstageError, Redactor, shorten

from .credentials import mask_credentials
from .secret_sources import SecretPlaces, text_of

RunForSecret = Callable[[Sequence[str], str], str]
"""Runs the program of an `${exec:…}` and gives what it printed; the second is the place, for messages."""

_TIMEOUT_S = 30.0
_MAX_BYTES = 64 * 1024
# UTF-16 units of what it complained that are told.
_COMPLAINT = 200


def create_run_for_secret(places: SecretPlaces, redactor: Redactor, timeout_s: float = _TIMEOUT_S) -> RunForSecret:
    """Runs each program once, however many references name it, in the project's folder and with our own environment.

    Without a shell, and without a terminal to ask at. What takes too long is ended, with its children. A failure is
    remembered too: nobody waits for it twice. Errors of a run: `SECRET_MISSING`.
    """
    known: dict[tuple[str, ...], str | ValueError] = {}

    def run(argv: Sequence[str], place: str) -> str:
        key = tuple(argv)
        if key not in known:
            try:
                known[key] = _output_of(argv, places, redactor, timeout_s)
            except ValueError as error:
                known[key] = error
        found = known[key]
        if isinstance(found, str):
            return found
        raise OffstageError(
            "SECRET_MISSING",
            f"{place}: {shown_program(argv)} gave no secret: {found}",
            hint="Run it by hand, in the project's folder and without a terminal: it has to print the secret and nothing else.",
        )

    return run


def shown_program(argv: Sequence[str]) -> str:
    """What people call the program; its arguments may be long."""
    return PurePath(argv[0]).name if argv else ""


def _output_of(argv: Sequence[str], places: SecretPlaces, redactor: Redactor, timeout_s: float) -> str:
    try:
        process = subprocess.Popen(
            list(argv),
            cwd=places.folder,
            env=dict(places.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ValueError(
            "there is no such program." if isinstance(error, FileNotFoundError) else f"{error}."
        ) from error
    try:
        out, err = _read_both(process, time.monotonic() + timeout_s, timeout_s)
        code = process.wait(max(0.1, timeout_s))
    except BaseException:
        # It, and what it started.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if code != 0:
        raise ValueError(
            f"it ended with {f'exit code {code}' if code > 0 else f'signal {-code}'}.{_complaint(err.decode('utf-8', 'replace'), redactor)}"
        )
    try:
        text = text_of(out)
    except ValueError as error:
        raise ValueError("what it printed is no text in UTF-8.") from error
    if text.strip() == "":
        raise ValueError("it printed nothing.")
    return text


def _read_both(process: "subprocess.Popen[bytes]", deadline: float, timeout_s: float) -> tuple[bytes, bytes]:
    read = {process.stdout: b"", process.stderr: b""}
    with selectors.DefaultSelector() as selector:
        for stream in read:
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise ValueError(f"it did not end within {timeout_s:g} s.")
            for key, _ in selector.select(left):
                stream = process.stdout if key.fileobj is process.stdout else process.stderr
                chunk = os.read(key.fd, _MAX_BYTES)
                if chunk == b"":
                    selector.unregister(key.fileobj)
                read[stream] += chunk
                if len(read[stream]) > _MAX_BYTES:
                    raise ValueError(f"it printed more than {_MAX_BYTES} bytes.")
    return read[process.stdout], read[process.stderr]


def _complaint(stderr: str, redactor: Redactor) -> str:
    """What it says is for people, and may quote what nobody may see."""
    line = stderr.strip().split("\n")[0].strip()
    return "" if line == "" else f" It says: {shorten(mask_credentials(redactor.redact(line)).shown, _COMPLAINT)}"
