"""Node and the pinned packages of a folder in `tests/clients`, installed anew for each run."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

_CLIENTS = Path(__file__).parents[1] / "clients"


def javascript(folder: Path, client: str = "javascript") -> Path:
    """A folder with a client's scripts and their packages. Skips where there is no Node; in CI that is a failure."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        missing(f"node and npm are not installed: tests/clients/{client} is not tried")
    sources = _CLIENTS / client
    for source in (*sources.glob("*.mjs"), sources / "package.json", sources / ".npmrc"):
        shutil.copy(source, folder)
    subprocess.run(["npm", "install", "--silent"], cwd=folder, check=True, capture_output=True, text=True)
    return folder


def missing(sentence: str) -> NoReturn:
    """Skip for want of a program, which CI has to have."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
