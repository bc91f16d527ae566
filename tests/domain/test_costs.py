"""What a month's cost is on each of its days, and what recording it again changes."""

from itertools import permutations

from domain.conversation.sample import Sample
from domain.costs import CostBook
from domain.envelope import RecordedEvent
from domain.events.costs import CostRecorded
from domain.instants import DAY, parse_instant
from domain.words import CostKind
from tests.events import event

MARCH = parse_instant("2026-03-01T00:00:00Z")


def recorded(
    amount: int,
    *,
    on: int = 0,
    month: str = "2026-03",
    cost: CostKind = CostKind.SALARY,
    currency: str = "MDL",
    team: str | None = None,
    channel: str | None = None,
) -> RecordedEvent:
    """Recorded on a day of March."""
    payload = CostRecorded(month=month, cost=cost, amount=amount, currency=currency, team=team, channel=channel)
    told = event(payload, of="workspace", by="manager", at=MARCH + on * DAY)
    return RecordedEvent(on, on, told.envelope.occurred_at, told.envelope, told.payload)


def samples(*events: RecordedEvent) -> list[Sample]:
    """Those that stand, which are the same in whatever order the events become known."""
    found = []
    for order in permutations(events):
        book, standing = CostBook(), list[Sample]()
        for one in order:
            changes = book.learn(one)
            for sample in changes.ceased:
                standing.remove(sample)
            standing += changes.begun
        found.append(sorted(standing, key=repr))
    assert all(each == found[0] for each in found)
    return sorted(found[0], key=lambda sample: sample.at)


def test_a_month_is_shared_out_among_its_days_without_a_rest() -> None:
    days = samples(recorded(100))
    assert len(days) == 31
    assert sum(sample.calendar for sample in days) == sum(sample.business for sample in days) == 100
    assert {sample.calendar for sample in days} == {3, 4}
    assert [days[0].at, days[-1].at] == [parse_instant("2026-03-01T10:30:00Z"), parse_instant("2026-03-31T10:30:00Z")]
    assert len(samples(recorded(100, month="2024-02"))) == 29


def test_it_stands_where_it_was_spent_and_is_nobodys() -> None:
    place = samples(recorded(100, team="mail", channel="imap"))[0].place
    assert (place.team, place.channel, place.operator, place.queued) == ("mail", "imap", None, False)


def test_recorded_again_it_is_corrected_and_0_takes_it_back() -> None:
    assert sum(sample.calendar for sample in samples(recorded(100), recorded(310, on=1))) == 310
    assert samples(recorded(100), recorded(0, on=1)) == []


def test_other_months_sorts_teams_and_channels_are_costs_of_their_own() -> None:
    different = (
        recorded(10),
        recorded(20, on=1, month="2026-04"),
        recorded(40, on=2, cost=CostKind.TRAINING),
        recorded(80, on=3, team="mail"),
        recorded(160, on=4, channel="phone"),
    )
    assert sum(sample.calendar for sample in samples(*different)) == 310


def test_what_is_in_another_currency_than_the_first_is_not_added_to_it() -> None:
    euros = recorded(7, on=2, currency="EUR", cost=CostKind.TELECOM)
    assert sum(sample.calendar for sample in samples(recorded(100, on=1), euros)) == 100
    earlier = recorded(7, on=0, currency="EUR", cost=CostKind.TELECOM)
    assert sum(sample.calendar for sample in samples(recorded(100, on=1), earlier)) == 7


def test_what_says_nothing_new_changes_nothing() -> None:
    book = CostBook()
    book.learn(recorded(100, on=1))
    assert book.learn(recorded(50, on=0)) == ((), ())
