"""`deskledger demo` in a process group of its own, as in a terminal of its own."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

T = TypeVar("T")
COMMAND = (sys.executable, "-m", "api.cli")
PATIENCE = 90.0


class RunningDemo:
    """What it printed, and what can be asked of it."""

    def __init__(self, process: "subprocess.Popen[bytes]", home: Path) -> None:
        self.process = process
        self.home = home

    @property
    def text(self) -> str:
        return (self.home / "printed").read_text()

    @property
    def complaints(self) -> str:
        return (self.home / "complaints").read_text()

    def opened(self) -> "RunningDemo":
        """Wait until it has said all that it says."""
        until(lambda: "Ctrl-C ends it" in self.text or self.process.poll() is not None)
        assert self.process.poll() is None, self.complaints
        return self

    @property
    def address(self) -> str:
        found = re.search(r"http://[\d.:]+", self.text)
        assert found is not None
        return found[0]

    @property
    def tokens(self) -> dict[str, str]:
        return dict(re.findall(r"^  (\w+)  +(desk_\S+)$", self.text, re.MULTILINE))

    @property
    def curls(self) -> list[list[str]]:
        """The command lines that it offers, as their words."""
        return [shlex.split(line) for line in self.text.splitlines() if line.startswith("curl ")]

    def ask(self, query: str, *, role: str = "investigator") -> Any:
        answer = httpx.post(
            f"{self.address}/graphql",
            json={"query": query},
            headers={"authorization": f"Bearer {self.tokens[role]}"},
            timeout=30,
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def position(self) -> int:
        """How far the journal reaches."""
        return int(self.ask("{ journal(last: 1) { position } }")["journal"]["position"])

    def interrupt(self) -> int:
        """Ctrl-C: the signal goes to everybody in the terminal. Its exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def demo(home: Path, url: str, *options: str) -> Iterator[RunningDemo]:
    """Run it on a database until the context ends."""
    command = (*COMMAND, "demo", "--port", "0", *options)
    home.mkdir(exist_ok=True)
    with (home / "printed").open("wb") as printed, (home / "complaints").open("wb") as complaints:
        process = subprocess.Popen(
            command, env=environment(home, url), stdout=printed, stderr=complaints, start_new_session=True
        )
    try:
        yield RunningDemo(process, home)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)


def environment(home: Path, url: str) -> dict[str, str]:
    """Nothing set but where things are."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")}
    return {**others, "DESKLEDGER_HOME": str(home), "DESKLEDGER_DATABASE_URL": url}


def until(ask: Callable[[], T]) -> T:
    """Ask again until there is an answer."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)
    return answer


def kept_tokens(home: Path) -> dict[str, str]:
    return msgspec.json.decode((home / "demo-tokens.json").read_bytes(), type=dict[str, str])
