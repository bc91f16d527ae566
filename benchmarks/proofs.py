"""Proving: signing what was appended, verifying the whole ledger, and the proof of one event over HTTP."""

import random
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import perf_counter, process_time

import uvloop

from benchmarks import calibration
from benchmarks.apart import apart
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.http import Client
from benchmarks.ledger import Desk, large, opened
from benchmarks.serving import served
from eventstore.proofs.keys import signing_keys
from eventstore.proofs.signer import Signer
from eventstore.proofs.verify import Verification
from eventstore.vault import Vault, master_key

ASKED = 300
"""Proofs in a repetition, one after the other on one connection."""

BARS = (
    Bar("Signing: events/s", "proofs.sign", at_least=10_000, calibration=calibration.BY_FOLD),
    Bar("Verifying: events/s of a core's time", "proofs.verify.core", at_least=50_000, calibration=calibration.BY_FOLD),
    Bar("Proof of one event over HTTP: p95, ms", "proofs.http.p95", at_most=10, calibration=calibration.BY_FOLD),
)


@dataclass(frozen=True, slots=True)
class Rate:
    events: int
    seconds: float
    processor: float = 0.0
    """Seconds of a core's time in this process; PostgreSQL has its own."""


def measure(bench: Bench) -> None:
    """On the large log, which is signed once: a ledger that was signed cannot be signed again."""
    desk = large(bench)
    signed = apart(_sign, desk).result
    if signed.events:
        bench.book.add("proofs.sign", "events/s", signed.events / signed.seconds, "5,000 under each head")
    bench.server.settle()
    bench.interleaved([partial(_verified, bench, desk)], min(3, bench.repetitions))
    with served(desk.place.home, desk.place.url, workers=False) as base:
        for number in range(bench.repetitions):
            waits = apart(_ask, base, desk, number).result
            bench.book.add("proofs.http.p50", "ms", median(waits), "random positions, one connection")
            bench.book.add("proofs.http.p95", "ms", quantiles(waits, n=100)[94], "random positions, one connection")


def _verified(bench: Bench, desk: Desk) -> None:
    done = apart(_verify, desk)
    bench.book.add("proofs.verify", "events/s", done.result.events / done.result.seconds, "rows, words, tree, heads")
    bench.book.add("proofs.verify.core", "events/s", done.result.events / done.result.processor, "of this process")
    bench.book.add("proofs.verify.memory", "MB", done.peak)


def _sign(desk: Desk) -> Rate:
    return uvloop.run(_sign_all(desk))


async def _sign_all(desk: Desk) -> Rate:
    async with opened(desk.place) as (database, _):
        signer = Signer(database, signing_keys(desk.place.home))
        began, size = perf_counter(), 0
        while head := await signer.sign(desk.workspace):
            size = head.size
        took = perf_counter() - began
        await signer.release()
    return Rate(size, took)


def _verify(desk: Desk) -> Rate:
    return uvloop.run(_verify_all(desk))


async def _verify_all(desk: Desk) -> Rate:
    async with opened(desk.place) as (database, _):
        vault = Vault(database, master_key(desk.place.home))
        keys = signing_keys(desk.place.home)
        began = process_time()
        found = await Verification(database, vault, desk.workspace, keys.publics).run()
    if found.findings:
        raise AssertionError(f"the untouched ledger does not verify: {found.first}")
    return Rate(found.events, found.seconds, process_time() - began)


def _ask(base: str, desk: Desk, seed: int) -> list[float]:
    return uvloop.run(_ask_all(base, desk, random.Random(seed)))  # noqa: S311 - positions that repeat with the seed


async def _ask_all(base: str, desk: Desk, chance: random.Random) -> list[float]:
    """Milliseconds for each proof."""
    waits = []
    async with Client(base, {"Authorization": f"Bearer {desk.token}"}) as client:
        for number in range(ASKED + 20):
            path = f"/tlog/{desk.workspace}/proof/{chance.randrange(desk.events)}.tlog-proof"
            answer = await client.get(path)
            if answer.status != 200:
                raise AssertionError(f"{path}: {answer.status} {answer.body!r}")
            if number >= 20:
                waits.append(answer.seconds * 1000)
    return waits
