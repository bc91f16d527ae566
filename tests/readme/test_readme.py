"""What the README says is so: its commands run, its queries get the answers that it shows."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.documents.blocks import BLOCKS as GENERATED
from api.documents.pages import pages
from tests.readme.page import BLOCKS, COMMANDS, QUERIES, ROOT, TEXT, quoted

PATIENCE = 90.0
pytestmark = pytest.mark.xdist_group("readme")
BIN = Path(sys.executable).parent


class Desk:
    """The desk that the README's commands make, in a folder of its own, served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")},
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "DESKLEDGER_PORT": str(self.port),
        }
        self.printed: dict[str, str] = {}
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, command: str) -> None:
        """Run a command line as a shell would; the server stays."""
        if command == "deskledger serve":
            self.server = subprocess.Popen(command.split(), cwd=self.folder, env=self.environment)
            _until(self._ready)
            _until(self._caught_up)
            return
        line = command.replace("http://127.0.0.1:8000", self.address)
        done = subprocess.run(line, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True)  # noqa: S602 - README's lines are for a shell
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        self.printed[command] = done.stdout
        if command.startswith("deskledger token create"):
            self.environment["TOKEN"] = done.stdout.strip()

    def token(self, role: str) -> str:
        if role == "investigator":
            return self.environment["TOKEN"]
        command = f"deskledger token create --workspace try --role {role}"
        return subprocess.run(
            command.split(), cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    def ask(self, name: str) -> Any:
        """The answer to one of the README's queries."""
        block = QUERIES[name]
        headers = {"authorization": f"Bearer {self.token(block.role)}"}
        answer = httpx.post(f"{self.address}/graphql", json={"query": block.body}, headers=headers, timeout=30).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self.address}/readyz") as answer:  # noqa: S310 - our own server
                return bool(answer.status == 200)
        except OSError:
            return False

    def _caught_up(self) -> bool:
        command = ["deskledger", "project", "lag", "--workspace", "try", "--json"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return all(projection["behind"] == 0 for projection in json.loads(done.stdout))


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """Not in pytest's own folder, which it shuts to all but the user whenever a run begins: the embedded PostgreSQL may
    be another one."""
    folder = Path(tempfile.mkdtemp(prefix="deskledger-readme-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """All of the README's commands that do not build the project, run one after the other."""
    with folder_of_its_own() as folder:
        desk = Desk(folder)
        try:
            for command in COMMANDS:
                if not command.startswith("make "):
                    desk.run(command)
            yield desk
        finally:
            if desk.server is not None:
                desk.server.terminate()
                desk.server.wait(PATIENCE)


def test_every_command_line_is_one_that_is_run_here_or_a_target_of_make() -> None:
    assert [line for line in COMMANDS if not line.startswith(("deskledger ", "curl ", "make "))] == []


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("make ")])
def test_make_knows_the_target_and_says_it_in_its_help(command: str) -> None:
    target = command.split()[1]
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.search(rf"^  make {target} ", shown, re.MULTILINE)
    subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_the_commands_make_a_desk_that_answers(desk: Desk) -> None:
    (printed,) = [text for command, text in desk.printed.items() if command.startswith("curl ")]
    assert json.loads(printed)["data"]["workspace"]["name"] == "Demo desk"
    assert "investigator" in desk.printed["deskledger token list --workspace try"]


def test_the_picture_is_the_answer_to_the_question(desk: Desk) -> None:
    assert quoted("operators") == picture(desk.ask("Operators")["kpis"]["rows"])


def picture(rows: list[dict[str, Any]]) -> str:
    """The answer as the README draws it."""
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        figures.setdefault(row["operator"]["name"], {})[row["kpi"]] = row["figure"]
    lines = [
        "| operator | answers sent | median time to answer | closed without a reply |",
        "| --- | --- | --- | --- |",
    ]
    for name, of in figures.items():
        minutes = float(of["RESPONSE_TIME"]["spread"]["median"]) / 60
        share = 100 * float(of["CLOSED_WITHOUT_REPLY_SHARE"]["value"])
        ended = of["CLOSED_WITHOUT_REPLY_SHARE"]["n"]
        lines.append(f"| {name} | {of['REPLIES_SENT']['value']} | {minutes:.1f} min | {share:.1f} % of {ended} |")
    return "\n".join(lines)


def test_what_was_removed_is_found_as_shown(desk: Desk) -> None:
    (shown,) = [json.loads(block.body) for block in BLOCKS if block.kind == "json"]
    assert desk.ask("Removed") == shown


def test_a_fact_is_recorded_once_however_often_it_is_sent(desk: Desk) -> None:
    first, second = (desk.ask("Record")["recordActions"]["outcomes"][0] for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("APPENDED", "DUPLICATE")
    assert first["position"] == second["position"]


def test_the_subscription_speaks(desk: Desk) -> None:
    address = desk.address.replace("http", "ws")
    with connect(f"{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as wire:
        wire.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {desk.token('manager')}"}})
        )
        assert json.loads(wire.recv(PATIENCE))["type"] == "connection_ack"
        wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": QUERIES["Follow"].body}}))
        message = json.loads(wire.recv(PATIENCE))
    assert message["type"] == "next"
    assert message["payload"]["data"]["journalStream"]["cursor"]


def test_every_query_of_the_page_is_tested_above() -> None:
    assert set(QUERIES) == {"Operators", "Removed", "Record", "Follow"}


def test_every_file_that_is_named_is_there() -> None:
    linked = re.findall(r"\]\(([\w./-]+)\)", TEXT)
    named = [name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", TEXT) if not name.startswith((".deskledger", "/"))]
    assert [name for name in (*linked, *named) if not (ROOT / name).exists() and name != ".venv/bin"] == []


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z-]+)`", TEXT)) <= set(targets)


def test_generated_tables_are_what_would_be_generated_now() -> None:
    found = list(pages(ROOT))
    assert [str(path) for path, old, new in found if old != new] == []
    assert {name for _, text, _ in found for name in re.findall(r"<!-- generated: (\w+) -->", text)} == set(GENERATED)


@pytest.mark.soak
def test_make_demo_works_in_a_fresh_clone() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")}
    with folder_of_its_own() as folder, (folder / "printed").open("wb") as printed:
        subprocess.run(["git", "clone", "-q", ROOT, folder / "new"], check=True)
        running = subprocess.Popen(
            ["make", "demo"], cwd=folder / "new", env={**environment, "DESKLEDGER_PORT": "0"}, stdout=printed
        )
        try:
            _until(lambda: "Ctrl-C ends it" in (folder / "printed").read_text() or running.poll() is not None, 900)
            assert running.poll() is None
        finally:
            running.terminate()
            running.wait(PATIENCE)


def _until(ask: Any, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not ask():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.1)
