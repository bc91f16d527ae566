"""A real JavaScript client, and the audits of GraphQL over HTTP that its authors ship."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.api.desk import Desk, replied
from tests.api.javascript import javascript
from tests.api.test_streams import _now


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return javascript(tmp_path_factory.mktemp("javascript"))


async def test_graphql_ws_is_cut_off_again_and_again_and_misses_and_doubles_nothing(desk: Desk, scripts: Path) -> None:
    total, cuts = 200, 5
    follower = await asyncio.create_subprocess_exec(
        "node", "follow.mjs", desk.server.websocket_url, desk.token, str(total - 1), await _now(desk),
        cwd=scripts, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert follower.stdin is not None
    assert follower.stdout is not None
    seen = []
    for n in range(0, total, 10):
        await desk.record(*(replied(f"c{n}", f"r{n + k}", at="2026-03-02T09:00:00Z") for k in range(10)))
        if n % (total // cuts) == 0:
            async with asyncio.timeout(30):
                seen.append(int(await follower.stdout.readline()))
            follower.stdin.write(b"cut\n")
    async with asyncio.timeout(60):
        rest, errors = await follower.communicate()
    seen += [int(line) for line in rest.split()]
    assert seen == list(range(total)), errors.decode()
    assert errors.decode().count("cut off") >= 2


async def test_all_audits_of_graphql_over_http_pass(desk: Desk, scripts: Path) -> None:
    audits = await asyncio.create_subprocess_exec(
        "node", "audits.mjs", desk.server.url, desk.token, cwd=scripts, stdout=subprocess.PIPE
    )
    async with asyncio.timeout(60):
        output, _ = await audits.communicate()
    results = [json.loads(line) for line in output.splitlines()]
    assert len(results) == 61
    assert [result for result in results if result["status"] != "ok"] == []
