"""Entries by what only the search knows: the words said in them, the addresses they were done from.

In ledger order the search is walked from the cursor on, and what it finds is checked for the rest; as everywhere, a
page is short where little of much fits. In order of occurrence what it finds has to be known whole, so it must be few.
"""

from domain.errors import InvalidQuestion
from eventstore.store import Store
from projections.journal.filter import Filter, Order
from projections.journal.paths import FEW, Scope
from projections.journal.scan import Found, among
from projections.search.query import END, said
from projections.search.question import question_of


async def seek(
    scope: Scope,
    store: Store,
    filter_: Filter,
    order: Order,
    *,
    after: int | None,
    before: int | None,
    limit: int,
    backwards: bool = False,
) -> tuple[Found, int]:
    """As `scan.scan`; and the position up to which the search has got."""
    question = None if filter_.text is None else question_of(filter_.text)
    in_order = order is Order.LEDGER
    hits, checkpoint = await said(
        scope.connection,
        store,
        scope.workspace,
        question,
        filter_.addresses,
        after=after if in_order and after is not None else -1,
        before=before if in_order and before is not None else END,
        limit=FEW,
        backwards=backwards and in_order,
    )
    if hits.more and not in_order:
        raise InvalidQuestion(
            f"more than {FEW} entries have that; ask for them in ledger order, or for rarer words",
            path=("order",),
            detail="TOO_MANY",
        )
    found = await among(
        scope, filter_, order, hits.positions, after=after, before=before, limit=limit, backwards=backwards
    )
    if found.more or not hits.more:
        return found, checkpoint
    edge = hits.positions[-1] if hits.scanned_until is None else hits.scanned_until
    return Found(found.positions, more=True, scanned_until=edge), checkpoint


async def count(scope: Scope, store: Store, filter_: Filter, limit: int) -> tuple[int, bool]:
    """As `scan.count`."""
    total, after = 0, None
    while total < limit:
        found, _ = await seek(scope, store, filter_, Order.LEDGER, after=after, before=None, limit=limit - total)
        total += len(found.positions)
        if not found.more:
            return total, True
        if found.scanned_until is None:
            break
        after = found.scanned_until
    return total, False
