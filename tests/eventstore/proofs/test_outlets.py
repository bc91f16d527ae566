"""Heads sent elsewhere: posted, and stamped by an authority whose stamps hold."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.settings import Settings
from domain.errors import InvalidInput
from eventstore.database import Database
from eventstore.proofs.checkpoint import Checkpoint, origin_of, signed
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.outlets import Courier, Outlets
from eventstore.proofs.signer import Signer
from tests.eventstore.proofs.authority import Address, listening, openssl
from tests.eventstore.proofs.conftest import Fill

ONE, OTHER = UUID(int=1), UUID(int=2)
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def address(tmp_path: Path) -> Address:
    return Address(tmp_path)


@pytest.fixture
def url(address: Address) -> Iterator[str]:
    with listening(address) as url:
        yield url


def note(workspace: UUID, size: int) -> str:
    return signed(Checkpoint(origin_of(workspace, 1), size, bytes(32)), KEY)


async def test_every_signed_head_is_posted(
    address: Address, url: str, database: Database, workspace: UUID, fill: Fill, keys: SigningKeys
) -> None:
    courier = Courier(Outlets(webhooks=[url]))
    signer = Signer(database, keys, courier=courier)
    await fill(3)

    head = await signer.sign(workspace)
    await courier.send()
    await courier.send()

    assert head is not None
    assert address.posted == [head.checkpoint.encode()]


async def test_what_an_address_missed_it_gets_with_the_newest_head(address: Address, url: str) -> None:
    courier = Courier(Outlets(webhooks=[url, f"{url}/other"]))
    address.away = True
    courier.give(ONE, note(ONE, 1))
    await courier.send()
    courier.give(ONE, note(ONE, 2))
    courier.give(OTHER, note(OTHER, 5))
    address.away = False

    await courier.send()

    assert sorted(address.posted) == sorted([note(ONE, 2).encode(), note(OTHER, 5).encode()] * 2)


async def test_a_stamp_is_kept_beside_its_head_and_holds(address: Address, url: str, tmp_path: Path) -> None:
    courier = Courier(Outlets(authorities=[f"{url}/stamp"], folder=tmp_path / "heads"))
    courier.give(ONE, note(ONE, 7))

    await courier.send()

    kept = tmp_path / "heads" / str(ONE)
    assert (kept / "7.checkpoint").read_text() == note(ONE, 7)
    files = ["-in", str(kept / "7.127.0.0.1.tsr"), "-data", str(kept / "7.checkpoint")]
    assert "Verification: OK" in openssl("ts", "-verify", *files, "-CAfile", str(address.certificate))


async def test_an_authority_is_asked_as_often_as_was_set(address: Address, url: str, tmp_path: Path) -> None:
    for seconds, asked in ((3_600.0, 1), (0.0, 3)):
        address.posted.clear()
        courier = Courier(Outlets(authorities=[f"{url}/stamp"], folder=tmp_path / "heads", seconds=seconds))
        for size in (1, 2, 3):
            courier.give(ONE, note(ONE, size))
            await courier.send()
        await courier.send()
        assert len(address.posted) == asked


async def test_what_is_no_stamp_is_not_kept_and_asked_for_again(url: str, tmp_path: Path) -> None:
    courier = Courier(Outlets(authorities=[f"{url}/nonsense"], folder=tmp_path / "heads"))
    courier.give(ONE, note(ONE, 1))

    await courier.send()

    assert not (tmp_path / "heads").exists()
    assert courier._stamped == {}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HEADS_WEBHOOKS", "ftp://example.com", "no http or https address"),
        ("TIME_AUTHORITIES", "https://tsa.example.com", "set that, too"),
    ],
)
def test_settings_that_send_heads_nowhere_are_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Settings.from_environment({f"DESKLEDGER_{name}": value})
