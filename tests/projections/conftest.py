"""What the tests of projections share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder with the run's master key, for processes that a test starts."""
    return Path(os.environ["DESKLEDGER_TEST_RUN"])
