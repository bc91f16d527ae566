"""A server in a process of its own."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

_PATIENCE = 30.0


class Server:
    """`deskledger serve`, started, stopped, killed and started again."""

    def __init__(self, home: Path, database_url: str = "", settings: Mapping[str, str] | None = None) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")},
            "DESKLEDGER_HOME": str(home),
            "DESKLEDGER_DATABASE_URL": database_url,
            "DESKLEDGER_PORT": "0",
            "DESKLEDGER_LOG_LEVEL": "warning",
            **(settings or {}),
        }
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def websocket_url(self) -> str:
        return self.url.replace("http://", "ws://")

    @property
    def root(self) -> str:
        return self.url.removesuffix("/graphql")

    def start(self, *, port: int = 0) -> "Server":
        """Start it, and wait until it says where it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve"],
            env={**self._environment, "DESKLEDGER_PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None:
            raise RuntimeError("the server has no output")
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(f"the server ended with {self._ended(self._process)} before it listened")
        return self

    async def ready(self) -> "Server":
        await self.is_("ready")
        return self

    async def is_(self, status: str, *, because: str = "") -> None:
        """Wait until it says that it is `ready` or `unready`, and why."""
        deadline = time.monotonic() + _PATIENCE
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            while True:
                said = (await client.get(f"{self.root}/readyz")).json()
                if said["status"] == status and because in "; ".join(said["reasons"]):
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the server never was {status} because of {because!r}: {said}")
                await asyncio.sleep(0.05)

    def kill(self) -> int:
        """SIGKILL. The port that it had."""
        if self._process is None:
            raise RuntimeError("it was never started")
        self._process.kill()
        self._ended(self._process)
        return int(self.root.rpartition(":")[2])

    def stop(self) -> int:
        """As Ctrl-C does it. Its exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._ended(self._process)

    def _ended(self, process: "subprocess.Popen[str]") -> int:
        self._process = None
        if process.stdout is not None:
            process.stdout.close()
        return process.wait(_PATIENCE)
