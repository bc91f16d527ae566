"""Node and the pinned packages of `tests/clients/javascript`, installed anew for each run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_SOURCES = Path(__file__).parents[1] / "clients" / "javascript"


def javascript(folder: Path) -> Path:
    """A folder with our scripts and their packages. Skips where there is no Node; in CI that is a failure."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        sentence = "node and npm are not installed: the JavaScript client is not tried"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    for source in (*_SOURCES.glob("*.mjs"), _SOURCES / "package.json", _SOURCES / ".npmrc"):
        shutil.copy(source, folder)
    subprocess.run(["npm", "install", "--silent"], cwd=folder, check=True, capture_output=True, text=True)
    return folder
