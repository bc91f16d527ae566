"""Fixtures of the proofs' tests."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.database import Database
from eventstore.proofs.keys import SigningKeys, signing_keys
from eventstore.proofs.signer import Signer
from eventstore.store import Append, Store
from tests.eventstore.desk import busy_desk

Fill = Callable[[int], Awaitable[None]]


@pytest.fixture(scope="session")
def keys(run_folder: Path) -> SigningKeys:
    return signing_keys(run_folder)


@pytest.fixture
def signer(database: Database, keys: SigningKeys) -> Signer:
    return Signer(database, keys)


@pytest.fixture
def fill(store: Store, workspace: UUID) -> Fill:
    """Appends that many events of all sorts to the workspace's ledger."""
    chance = random.Random(7)

    async def filled(count: int) -> None:
        await store.append(workspace, [Append((one,)) for one in busy_desk(chance, count)])

    return filled
