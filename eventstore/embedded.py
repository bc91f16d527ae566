"""The PostgreSQL that comes along as a Python wheel: nothing to install, nothing to set up.

The first process that needs it starts it, and it stays until the last one leaves. Who is there is known by shared
file locks, which the kernel drops with a process however it dies; so nothing is left behind to believe in.

    home/postgres/        the cluster
    home/engine.lock      held while it is started or stopped
    home/attached.lock    held, shared, by every process that uses it
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Conflict
from eventstore.cluster import Cluster

SETTINGS: Mapping[str, str] = {
    "autovacuum_vacuum_cost_limit": "1000",
    "checkpoint_timeout": "15min",
    "cluster_name": "deskledger",
    "jit": "off",  # questions here are short, and compiling them costs more than they do
    "listen_addresses": "",
    "log_min_messages": "warning",
    "max_connections": "200",
    "max_parallel_workers_per_gather": "0",  # they share memory by /dev/shm, of which containers have little
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "shared_buffers": "512MB",
    "timezone": "UTC",
    "wal_compression": "on",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """The running server. `url` is for the superuser; `eventstore.roles` says what role the work is done in."""

    url: str


@contextmanager
def embedded(home: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[Engine]:
    """Start the embedded PostgreSQL under `home`, or join it, for as long as the context lasts.

    Raises `Unavailable` with what its log says where it does not start.
    """
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(home / "postgres", {**SETTINGS, **(settings or {})})
    with _open_lock(home / "attached.lock") as attached:
        with _locked(home / "engine.lock"):
            cluster.start()
            fcntl.flock(attached, fcntl.LOCK_SH)
        try:
            yield Engine(cluster.url)
        finally:
            with _locked(home / "engine.lock"):
                fcntl.flock(attached, fcntl.LOCK_UN)
                if _nobody_holds(attached):
                    cluster.stop()


@contextmanager
def sole_server(home: Path) -> Iterator[None]:
    """Be the one `serve` of this folder; a second one is refused."""
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _open_lock(home / "serve.lock") as lock:
        if not _nobody_holds(lock):
            raise Conflict(f"another `deskledger serve` is running on {home}; stop it, or choose another folder")
        yield


@contextmanager
def _open_lock(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open_lock(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _nobody_holds(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
