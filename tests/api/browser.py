"""A page in a real Chromium, driven through `tests/clients/browser`."""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.javascript import javascript, missing

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """What `call` is given is a method of Playwright's Page, with its arguments."""

    process: Process

    async def call(self, method: str, *arguments: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([method, *arguments]).encode() + b"\n")
        async with asyncio.timeout(_PATIENCE):
            line = await self.process.stdout.readline()
        assert line, f"the browser ended before {method} was answered"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    async def shows(self, selector: str, words: str) -> None:
        """Wait until an element has these words in it, and fail if it never has."""
        await self.call("waitForSelector", f"{selector}:has-text({json.dumps(words, ensure_ascii=False)})")


def chromium(folder: Path) -> Path:
    """A folder to open pages from. Skips where there is no Chromium or no Node; in CI that is a failure."""
    if shutil.which("chromium") is None:
        missing("chromium is not installed: the explorer page is not tried")
    return javascript(folder, "browser")


@asynccontextmanager
async def opened(scripts: Path, url: str) -> AsyncIterator[Page]:
    """A page of a browser that has never been used."""
    process = await asyncio.create_subprocess_exec(
        "node", "browser.mjs", str(shutil.which("chromium")), cwd=scripts, stdin=PIPE, stdout=PIPE
    )
    page = Page(process)
    try:
        await page.call("goto", url)
        yield page
    finally:
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
