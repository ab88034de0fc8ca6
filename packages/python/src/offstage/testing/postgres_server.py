"""A real PostgreSQL with nothing in it, on loopback; gone when it is stopped."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

_PROGRAMS = ("initdb", "postgres", "psql")
_OWNER = "offstage"
_START_S = 60.0
# Not a secret: nobody else reaches the cluster, and nothing is in it.
_PASSWORD = "throw-away"


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs: on the path, else the newest where Debian and its like put them. None when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    folders = [*map(Path, os.environ.get("PATH", "").split(os.pathsep)), *debian]
    return next((folder for folder in folders if all((folder / program).exists() for program in _PROGRAMS)), None)


class PostgresServer:
    """Its processes are somebody else's where this process is root's, because it refuses root."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="offstage-postgres-"))
        self._data = self._folder / "data"
        self._user = _unprivileged()
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        password = self._folder / "password"
        password.write_text(_PASSWORD)
        if self._user is not None:
            for path in (self._folder, password):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        options = ["--username", _OWNER, "--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8"]
        self._run("initdb", "--pgdata", str(self._data), *options, "--locale", "C", "--no-sync").wait()
        self.start()

    @property
    def url(self) -> str:
        """With its owner's password."""
        return f"postgresql://{_OWNER}:{_PASSWORD}@127.0.0.1:{self._port}/postgres"

    def query(self, sql: str) -> str:
        """Runs SQL and gives back its rows as lines, columns parted by `|`."""
        asked = [self._programs / "psql", self.url, "-AtX", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()

    def start(self) -> None:
        """Starts it, with what it has on its disk."""
        sockets = ["-c", f"unix_socket_directories={self._folder}", "-c", "listen_addresses=127.0.0.1"]
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            self._server = self._run("postgres", "-D", str(self._data), "-p", str(self._port), *sockets)
            while self._server.poll() is None and time.monotonic() < until:
                if self._is_ready():
                    return
                time.sleep(0.05)
            # Its processes outlive a killed one for a moment, and hold its memory.
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start.")

    def crash(self) -> None:
        """Kills it, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it at once, whoever is connected, and removes its files."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()

    def _is_ready(self) -> bool:
        try:
            self.query("SELECT 1")
        except subprocess.CalledProcessError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        user = None if self._user is None else self._user.pw_uid
        group = None if self._user is None else self._user.pw_gid
        groups: list[int] | None = None if self._user is None else []
        return subprocess.Popen(
            [self._programs / program, *arguments],
            user=user,
            group=group,
            extra_groups=groups,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to be instead of root; None when this process is not root's."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
