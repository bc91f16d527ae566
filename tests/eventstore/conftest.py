"""Fixtures of the ledger's tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for an engine of the test's own, of which nothing stays. (Not pytest's: another run of pytest takes
    away the right to pass through those.)"""
    folder = Path(tempfile.mkdtemp(prefix="deskledger-home-"))
    yield folder
    shutil.rmtree(folder)
