"""A log goes into a real ledger: once, whatever happens on the way."""

from uuid import UUID

from api.ingest.importer import import_log
from api.ingest.mapping import read_mapping
from api.ingest.preparation import Job
from eventstore import clock
from eventstore.store import Store
from tests.ingest import real_logs


@real_logs.needed
async def test_timing(store: Store, workspace: UUID) -> None:
    import time

    for path, name in (
        (real_logs.UCI, "servicenow"),
        (real_logs.HELPDESK, "helpdesk_xes"),
        (real_logs.TWEETS, "twitter"),
    ):
        for _ in range(2):
            t = time.time()
            report = await import_log(store, workspace, Job(path, read_mapping(name), clock.now()))
            print(name, report.appended, report.already_there, report.refused, time.time() - t)
