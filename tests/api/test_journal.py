"""The journal: what was done, found again."""

from tests.api.desk import Desk, action, closed, received, replied

JOURNAL = """
query Journal($filter: JournalFilter, $order: JournalOrder! = LEDGER, $first: Int, $after: String, $last: Int,
              $before: String, $atLeast: BigInt) {
  journal(filter: $filter, order: $order, first: $first, after: $after, last: $last, before: $before,
          atLeast: $atLeast) {
    nodes { type position cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    scannedUntil
  }
}
"""


async def test_what_is_recorded_stands_in_the_journal_as_it_was(desk: Desk) -> None:
    position = await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "name": "Anna Serova", "team": "first"}}, by="boss"),
        received("c1", "i1", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T10:05:00+01:00"),
        action({"operatorRenamed": {"operator": "anna", "name": "Anna Orlova"}}, by="boss", at="2026-03-03T09:00:00Z"),
    )
    found = await desk.ask(
        """query($at: BigInt) { journal(filter: {types: ["reply.sent"]}, first: 10, atLeast: $at) { nodes {
             __typename id type title(locale: RU) position version occurredAt payload
             actor { type key name confidence operator { name key } } subject { type key }
             context { operator { key name } team { key } conversation { key } channel { key } customer { externalId } kind }
             answers { text actor { type } } contentBefore { text }
             ... on ReplySent { text reply automated }
           } } }""",
        {"at": str(position)},
    )
    (entry,) = found["journal"]["nodes"]
    assert entry.pop("id")
    assert entry == {
        "__typename": "ReplySent",
        "type": "reply.sent",
        "title": "Ответ отправлен",
        "position": "2",
        "version": 1,
        "occurredAt": "2026-03-02T09:05:00.000000Z",
        "payload": {
            "reply": "r1", "text": "On its way.", "in_reply_to": None, "customer": None, "kind": None, "channel": None,
            "community": None, "template": None, "automated": False,
        },
        "actor": {
            "type": "OPERATOR", "key": "anna", "name": "Anna Serova", "confidence": "ASSERTED",
            "operator": {"name": "Anna Serova", "key": "anna"},
        },
        "subject": {"type": "CONVERSATION", "key": "c1"},
        "context": {
            "operator": {"key": "anna", "name": "Anna Serova"}, "team": {"key": "first"}, "conversation": {"key": "c1"},
            "channel": {"key": "vk"}, "customer": {"externalId": "maria"}, "kind": "MESSAGE",
        },
        "answers": {"text": "Where is my parcel?", "actor": {"type": "CUSTOMER"}},
        "contentBefore": None,
        "text": "On its way.",
        "reply": "r1",
        "automated": False,
    }  # fmt: skip
