"""`deskledger serve` as a process of its own, on a filled database."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

_PATIENCE = 60.0


@contextmanager
def served(home: Path, url: str = "", *, workers: bool = True) -> Iterator[str]:
    """The server's address (without a path), once it says that it is ready. Without a URL it runs `home`'s engine."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")},
        "DESKLEDGER_HOME": str(home),
        "DESKLEDGER_DATABASE_URL": url,
        "DESKLEDGER_LOG_LEVEL": "error",
        "DESKLEDGER_WORKERS": str(workers).lower(),
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None:
            raise AssertionError("it was asked for a pipe")
        where = urlsplit(process.stdout.readline().strip())
        base = f"{where.scheme}://{where.netloc}"
        _wait_until_ready(base)
        yield base
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait_until_ready(base: str) -> None:
    deadline = monotonic() + _PATIENCE
    why: object = None
    while monotonic() < deadline:
        try:
            with urlopen(f"{base}/readyz", timeout=5) as answer:  # noqa: S310  # our own server's address
                if json.load(answer)["status"] == "ready":
                    return
        except HTTPError as error:
            why = error.read()
        except URLError as error:
            why = error.reason
        sleep(0.005)
    raise TimeoutError(f"the server is not ready after {_PATIENCE:g} s: {why!r}")
