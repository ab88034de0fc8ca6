"""A broker in a process of its own, on loopback, that can be killed and started again over the same files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from offstage.testing.free_port import free_port

_START_S = 60.0
_PATH = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"
PASSWORD = "throw-away-password"
"""Not a secret: nobody else reaches these brokers, and nothing is in them."""


class BrokerProcess:
    """A program that listens at a port of its own; `{port}` and `{folder}` stand for what it is given."""

    def __init__(self, program: str, *arguments: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="offstage-broker-"))
        self.port = free_port()
        given = [one.format(port=self.port, folder=self.folder) for one in arguments]
        self._command = [shutil.which(program, path=_PATH) or program, *given]
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Ends when it takes connections."""
        self._server = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _START_S
        while self._server.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"{self._command[0]} did not start.")

    def kill(self) -> None:
        """SIGKILL; ends when it is gone."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def remove(self) -> None:
        """Ends it, and removes its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def has_program(program: str) -> bool:
    """Whether it is on this machine."""
    return shutil.which(program, path=_PATH) is not None


def redis_process() -> BrokerProcess:
    """A real Redis that keeps what it acknowledged, also when it is killed."""
    files = ("--dir", "{folder}", "--appendonly", "yes", "--save", "")
    return BrokerProcess("redis-server", "--port", "{port}", "--bind", "127.0.0.1", *files, "--requirepass", PASSWORD)
