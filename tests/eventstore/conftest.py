"""Fixtures of the ledger's tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(params=[32, 0], ids=["cautious", "trusting"])
def caution(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger looks before it appends at first, and then guesses: both ways from the second append on."""
    monkeypatch.setattr("eventstore.lane._CAUTIOUS", request.param)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for an engine of the test's own, of which nothing stays. (Not pytest's: another run of pytest takes
    away the right to pass through those.)"""
    folder = Path(tempfile.mkdtemp(prefix="deskledger-home-"))
    yield folder
    shutil.rmtree(folder)
