"""The figures that an independent count found in real desks' logs come out of the events that the mappings make."""

import csv
import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from statistics import mean, median

import pytest

from api.ingest.mapping import read_mapping
from domain.envelope import NewEvent, order_of
from domain.events.conversations import ConversationClosed, ConversationOpened
from domain.instants import HOUR, SECOND, Instant
from domain.words import ActorType, Confidence, Outcome
from tests.ingest import real_logs
from tests.ingest.logs import Imported, imported

pytestmark = [real_logs.needed, pytest.mark.xdist_group("expected facts")]  # one process reads each log once


@cache
def _uci() -> Imported:
    return imported(real_logs.UCI, read_mapping("servicenow"))


@cache
def _uci_cut() -> Imported:
    return imported(real_logs.UCI_CUT, read_mapping("servicenow"))


@cache
def _helpdesk() -> Imported:
    return imported(real_logs.HELPDESK, read_mapping("helpdesk_xes"))


@cache
def _tweets() -> Imported:
    return imported(real_logs.TWEETS, read_mapping("twitter"))


def _conversations(events: Iterable[NewEvent]) -> set[str]:
    return {event.envelope.stream.id for event in events}


def _hours_to_resolution(log: Imported, *, last: bool) -> dict[str, float]:
    opened = {event.envelope.stream.id: event.envelope.occurred_at for event in log.of("conversation.opened")}
    resolved: dict[str, list[Instant]] = defaultdict(list)
    for event in log.of("conversation.resolved"):
        resolved[event.envelope.stream.id].append(event.envelope.occurred_at)
    hours = [((max if last else min)(at) - opened[one]) / HOUR for one, at in resolved.items()]
    return {
        "n": len(hours),
        "mean_h": round(mean(hours), 4),
        "median_h": round(median(hours), 4),
        "neg": sum(one < 0 for one in hours),
    }


@pytest.mark.parametrize(("log", "about"), [(_uci, "uci_dev_opened_before_2016-04-01"), (_uci_cut, "uci_fixture_300")])
def test_the_servicenow_log_yields_the_desks_figures(log: Callable[[], Imported], about: str) -> None:
    told, made = real_logs.facts(about), log()
    resolved, reopened = made.of("conversation.resolved"), made.of("conversation.reopened")
    transferred = made.of("conversation.transferred")
    assert {
        "rows": made.report.rows_read,
        "incidents": len(made.of("conversation.opened")),
        "resolutions": len(resolved),
        "incidents_never_resolved": made.report.cases - len(_conversations(resolved)),
        "reopenings": len(reopened),
        "incidents_reopened": len(_conversations(reopened)),
        "group_changes": len(transferred),
        "incidents_with_a_group_change": len(_conversations(transferred)),
        "open_to_last_resolution_hours": _hours_to_resolution(made, last=True),
        "open_to_first_resolution_hours": _hours_to_resolution(made, last=False),
        "resolutions_by_actor_top5": dict(Counter(event.envelope.actor.id for event in resolved).most_common(5)),
        "promise_breaches_reported_by_the_desk": len(made.of("sla.reported")),
        "closings": len(made.of("conversation.closed")),
    } == told
    assert (made.report.refused.count, made.report.duplicates.exact) == (0, 0)


def test_the_servicenow_auto_close_is_a_system_and_never_an_operator() -> None:
    acted = {(event.envelope.actor.id, event.envelope.actor.type) for event in _uci().events}
    assert ("Updated by 908", ActorType.SYSTEM) in acted
    assert ("Updated by 908", ActorType.OPERATOR) not in acted


def test_an_incident_that_was_closed_unresolved_counts_as_not_solved() -> None:
    resolved = _conversations(_uci().of("conversation.resolved"))
    unsolved = [event for event in _uci().of("conversation.closed") if event.envelope.stream.id not in resolved]
    outcomes = [event.payload.outcome for event in unsolved if isinstance(event.payload, ConversationClosed)]
    assert outcomes == [Outcome.NO_ACTION] * 2


def test_shuffled_rows_are_the_same_events_in_the_same_order(tmp_path: Path) -> None:
    with gzip.open(real_logs.UCI, "rt", encoding="utf-8-sig", newline="") as source:
        header, *rows = list(csv.reader(source))
    random.Random(20_160_401).shuffle(rows)
    with gzip.open(tmp_path / "shuffled.csv.gz", "wt", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([header, *rows])
    again = imported(tmp_path / "shuffled.csv.gz", read_mapping("servicenow"))
    assert again.events == _uci().events


def test_the_italian_help_desk_yields_its_figures_and_its_duplicates_for_what_they_are() -> None:
    told, made = real_logs.facts("helpdesk_italy"), _helpdesk()
    duplicates = made.report.duplicates
    assert made.report.rows_read == told["rows_read"]
    assert made.report.cases == told["cases"]
    assert (duplicates.exact, duplicates.same_key) == (told["exact_duplicates"], 0)
    assert made.report.rows_read - duplicates.exact == told["distinct"]
    assert made.report.rows_without_event == made.report.refused.count == 0


def test_the_italian_help_desks_activities_become_events() -> None:
    told, made = real_logs.facts("helpdesk_italy")["activities_distinct"], _helpdesk()
    counts = Counter(made.types)
    tags = Counter(getattr(event.payload, "tag", None) for event in made.of("conversation.tagged"))
    assert dict(tags) == {tag: told[tag] for tag in tags}
    assert set(tags) == {"Assign seriousness", "Schedule intervention", "Resolve SW anomaly", "VERIFIED"}
    assert counts["conversation.claimed"] == told["Take in charge ticket"]
    assert counts["conversation.put_on_hold"] == told["Wait"]
    assert counts["conversation.escalated"] == told["Require upgrade"] + told["Create SW anomaly"]
    assert counts["conversation.resolved"] == told["Resolve ticket"] + told["RESOLVED"]
    assert counts["conversation.closed"] == told["Closed"] + told["INVALID"] + told["DUPLICATE"]
    assert counts["conversation.opened"] == 4580


def test_what_closes_tickets_by_itself_is_no_operator() -> None:
    by_type: dict[str, set[ActorType]] = defaultdict(set)
    for event in _helpdesk().events:
        by_type[event.envelope.actor.id].add(event.envelope.actor.type)
    closed_by = {event.envelope.actor.id: event.envelope.actor.type for event in _helpdesk().of("conversation.closed")}
    assert len(by_type) == real_logs.facts("helpdesk_italy")["resources"]
    assert by_type["Value 5"] == {ActorType.SYSTEM}
    assert closed_by["Value 3"] is ActorType.SYSTEM
    assert all(types == {ActorType.OPERATOR} for name, types in by_type.items() if name not in ("Value 3", "Value 5"))


def test_the_italian_wall_clock_is_right_and_its_offsets_are_not() -> None:
    first = _helpdesk().events[0].envelope
    assert first.stream.id == "Case3608"
    assert first.occurred_at == 1_263_368_425 * SECOND  # 08:40:25 on a January day in Rome is 07:40:25Z


def test_tweets_in_threads_yield_the_dialogues_figures() -> None:
    told, made = real_logs.facts("twitter"), _tweets()
    opened = made.of("conversation.opened")
    by_customer = {
        event.envelope.stream.id
        for event in opened
        if isinstance(event.payload, ConversationOpened) and event.payload.proactive is False
    }
    items, replies = made.of("item.received"), made.of("reply.sent")
    waits = _first_answers(made.events, by_customer)
    signed = [event for event in replies if event.envelope.actor.confidence is Confidence.ASSERTED]
    assert {
        "threads": made.report.cases,
        "opened_by_customer": len(by_customer),
        "brand_first": len(opened) - len(by_customer),
        "answered": len(waits),
        "unanswered": len(by_customer) - len(waits),
        "first_answer_median_s": median(waits),
        "first_answer_mean_s": round(mean(waits), 2),
        "inbound": len(items),
        "outbound": len(replies),
        "signed": len(signed),
        "brands": len({getattr(event.payload, "community", None) for event in replies}),
        "customers": len({event.envelope.actor.id for event in items}),
        "operators_by_signature": len({event.envelope.actor.id for event in signed}),
    } == told


def test_an_unsigned_tweet_is_its_brands_and_only_inferred_to_be_an_operators() -> None:
    unsigned = [event for event in _tweets().of("reply.sent") if event.envelope.actor.confidence is Confidence.INFERRED]
    assert len(unsigned) == 2222 - 808
    assert all(event.envelope.actor.id == getattr(event.payload, "community", None) for event in unsigned)
    assert {event.envelope.actor.type for event in unsigned} == {ActorType.OPERATOR}


def test_the_tweet_that_a_newline_broke_is_reported_and_its_torn_rest_left_out() -> None:
    made = _tweets()
    assert made.report.rows_cut_short == [2589]
    assert made.codes == [(2589, "MISSING_CELL")]
    assert made.report.rows_read == 5001


@pytest.mark.parametrize("log", [_uci, _helpdesk, _tweets])
def test_every_event_keeps_its_raw_row_its_source_and_its_order(log: Callable[[], Imported]) -> None:
    events = log().events
    assert all(event.envelope.raw for event in events)
    assert {event.envelope.interface for event in events} == {"import"}
    assert {event.envelope.source for event in events} == {log().report.source}
    assert len({event.envelope.id for event in events}) == len(events)
    places = {(event.envelope.stream.id, *order_of(event.envelope)[:2]) for event in events}
    assert len(places) == len(events), "two events of a conversation stand at the same place in its order"


def _first_answers(events: list[NewEvent], conversations: set[str]) -> list[float]:
    """Seconds from the earliest tweet of a conversation to its earliest outbound one."""
    began: dict[str, Instant] = {}
    answered: dict[str, Instant] = {}
    for event in events:
        thread, at = event.envelope.stream.id, event.envelope.occurred_at
        began[thread] = min(began.get(thread, at), at)
        if event.payload.declaration.name == "reply.sent":
            answered[thread] = min(answered.get(thread, at), at)
    return [(at - began[thread]) / SECOND for thread, at in answered.items() if thread in conversations]
