"""An import from beginning to end. Appending goes in batches of events whose ids follow from the data, so an import
that was killed is simply run again: what stands in the ledger already is found to be there."""

from collections.abc import Sequence
from uuid import UUID

from api.ingest.preparation import Job, Prepared, prepared
from api.ingest.report import Report
from api.ingest.rows import Refusal
from api.ingest.spool import Kept
from eventstore.store import Appended, Outcome, Store

BATCH = 5_000
"""Events that are appended in one transaction."""


async def import_log(store: Store, workspace: UUID, job: Job) -> Report:
    """Import a log into a workspace's ledger. Raises BadMapping, BadFile, StrictlyRefused, or what the store raises."""
    with prepared(job) as log:
        total, done = log.spool.count_events(), 0
        for batch in log.spool.batches(BATCH):
            outcomes = await store.load(workspace, [kept.event for kept in batch])
            _settle(batch, outcomes, log)
            done += len(batch)
            job.progress("appending", done, total)
        log.tally.finish()
        return log.report


def _settle(batch: Sequence[Kept], outcomes: Sequence[Appended], log: Prepared) -> None:
    for kept, outcome in zip(batch, outcomes, strict=True):
        if outcome.outcome in (Outcome.APPENDED, Outcome.DUPLICATE):
            event = kept.event
            appended = outcome.outcome is Outcome.APPENDED
            log.tally.settled(event.payload.declaration.name, event.envelope.occurred_at, appended=appended)
        elif outcome.error is not None:
            error = outcome.error
            log.refusals.add(Refusal(kept.line, error.detail or error.code, error.message))
        else:
            reason = "the ledger has this event already, with other content: was the mapping or the row changed?"
            log.refusals.add(Refusal(kept.line, outcome.outcome.value, reason))
