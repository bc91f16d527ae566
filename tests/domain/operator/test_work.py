"""Presence and work of one operator (K25): by hand, and in any order."""

from collections import Counter
from random import Random

import pytest

from domain.conversation.sample import Sample
from domain.instants import SECOND
from domain.kpi import measures as m
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Tally, Term, evaluate, measure_for
from domain.operator.history import Held, Operator
from domain.operator.presence import Turned
from domain.operator.work import Work, works
from domain.words import Presence
from tests.timeline import Teams, at

HOUR = 3600


class Told:
    """What is told of Anna, and what figures show of it."""

    def __init__(self) -> None:
        self.anna = Operator("anna", Teams(anna="red"))
        self.held: Counter[tuple[Sample, int]] = Counter()
        self._position = 0

    def turns(self, presence: Presence, at_: str) -> "Told":
        self._position += 1
        return self._hold(self.anna.turn(Turned((at(at_), -1, self._position), presence, self._position)))

    def works(self, since: str, until: str, conversation: str = "c1", *, holds: bool = True) -> "Told":
        seconds = (at(until) - at(since)) // SECOND
        for work in works(at(until), seconds, conversation, (at(since), at(until)), 1):
            self._hold(self.anna.work(work, holds=holds))
        return self

    def shows(self, kpi: str, value: float | None, part: str | None = None, until: str | None = None) -> "Told":
        declared = CATALOGUE[kpi]
        formula = next((each.formula for each in declared.parts if each.name == part), declared.formula)

        def tally(term: Term) -> Tally:
            measure = measure_for(term.observed, ())
            counted = [
                sample.calendar
                for sample, _ in self.held.elements()
                if measure.counts(sample.measure, sample.flags) and (until is None or sample.at < at(until))
            ]
            return Tally(len(counted), sum(counted))

        shown = evaluate(formula, tally).value
        assert (None if shown is None else float(shown)) == value
        return self

    def _hold(self, changes: list[Held]) -> "Told":
        for sample, holds, number in changes:
            self.held[sample, number] += 1 if holds else -1
        assert min(self.held.values(), default=0) >= 0, "what ceases to hold held"
        return self


def test_occupancy_is_work_over_the_time_online() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").works("09:10", "09:40").turns(Presence.OFFLINE, "10:00")
    told.shows("occupancy", 0.5).shows("utilisation", 0.5).shows("concurrency", 1)
    told.shows("headcount_online", 1, until="09:30").shows("headcount_online", 0)


def test_conversations_at_once_keep_busy_once_and_are_work_for_each() -> None:
    told = Told().turns(Presence.ONLINE, "09:00")
    told.works("09:00", "09:20", "c1").works("09:10", "09:30", "c2").works("09:05", "09:35", "c3")
    told.turns(Presence.OFFLINE, "10:00")
    told.shows("occupancy", round(35 / 60, 6)).shows("concurrency", 2)


def test_a_break_is_neither_and_away_is_at_work() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").works("09:00", "09:30")
    told.turns(Presence.AWAY, "10:00").turns(Presence.BREAK, "10:30").turns(Presence.OFFLINE, "11:00")
    told.shows("occupancy", 0.5).shows("utilisation", round(30 / 90, 6))
    told.shows("utilisation", 30 * 60, part="on_break").shows("utilisation", 30 * 60, part="away")


def test_work_while_not_online_is_work_and_no_idle_time() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").turns(Presence.AWAY, "10:00").works("09:30", "10:30")
    told.turns(Presence.OFFLINE, "11:00")
    told.shows("occupancy", round(60 / 90, 6))


def test_who_is_still_online_has_seconds_in_advance_to_the_end_of_the_next_day() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").shows("headcount_online", 1).shows("occupancy", 0)
    online = sorted((s.at, s.calendar) for s, _ in told.held.elements() if s.measure == m.ONLINE.code)
    assert online == [(at("+1 00:00"), 15 * HOUR), (at("+2 00:00"), 24 * HOUR)]
    told.turns(Presence.BREAK, "10:00")
    online = sorted((s.at, s.calendar) for s, _ in told.held.elements() if s.measure == m.ONLINE.code)
    assert online == [(at("10:00"), HOUR)]


def test_stretches_are_cut_at_midnight() -> None:
    told = Told().turns(Presence.ONLINE, "23:00").works("23:30", "+1 01:00").turns(Presence.OFFLINE, "+1 02:00")
    online = sorted((s.at, s.calendar) for s, _ in told.held.elements() if s.measure == m.ONLINE.code)
    assert online == [(at("+1 00:00"), HOUR), (at("+1 02:00"), 2 * HOUR)]
    work = sorted((s.at, s.calendar) for s, _ in told.held.elements() if s.measure == m.WORK.code)
    assert work == [(at("+1 00:00"), HOUR // 2), (at("+1 01:00"), HOUR)]


def test_a_presence_told_late_changes_what_was_busy_then() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").works("09:30", "10:30").turns(Presence.OFFLINE, "11:00")
    told.shows("occupancy", 0.5).turns(Presence.AWAY, "10:00").shows("occupancy", round(60 / 90, 6))


def test_work_taken_back_uncovers_what_it_covered() -> None:
    told = Told().turns(Presence.ONLINE, "09:00").works("09:00", "09:20", "c1").works("09:10", "09:30", "c2")
    told.turns(Presence.OFFLINE, "10:00").shows("occupancy", 0.5)
    told.works("09:00", "09:20", "c1", holds=False).shows("occupancy", round(20 / 60, 6))


def test_a_day_of_which_nothing_is_left_begins_anew() -> None:
    told = (
        Told().turns(Presence.ONLINE, "09:00").works("09:00", "09:30", "c1").works("09:00", "09:30", "c1", holds=False)
    )
    told.works("09:10", "09:20", "c2").turns(Presence.OFFLINE, "09:40").shows("occupancy", 0.25)


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_arrival_changes_nothing_and_busy_is_the_union(seed: int) -> None:
    r = Random(seed)
    turned = [
        Turned((at("00:00") + r.randrange(3 * 24 * HOUR) * SECOND, -1, n), r.choice(tuple(Presence)), n)
        for n in range(12)
    ]
    stretches = []
    for n in range(25):
        since = at("00:00") + r.randrange(3 * 24 * HOUR) * SECOND
        stretches.append(
            list(works(since + r.randrange(1, 9 * HOUR) * SECOND, r.randrange(1, 9 * HOUR), f"c{n}", (n,), n))
        )
    in_order: list[Turned | list[Work]] = [*sorted(turned), *stretches]
    arrived = r.sample(in_order, len(in_order))
    assert _told(arrived).held == _told(in_order).held

    held = _told(in_order).held
    anna = _told(in_order).anna
    assert Counter(anna.standing()) == +held
    seconds = {second for stretch in stretches for work in stretch for second in _seconds(work)}
    busy = sum(s.calendar for s, _ in held.elements() if m.BUSY.counts(s.measure, s.flags))
    assert busy == len(seconds)
    outside = sum(s.calendar for s, _ in held.elements() if m.BUSY_NOT_ONLINE.counts(s.measure, s.flags))
    assert outside == sum(1 for second in seconds if not _online(sorted(turned), second * SECOND))
    assert sum(s.calendar for s, _ in held.elements() if s.measure == m.WORK.code) == sum(
        work.seconds for stretch in stretches for work in stretch
    )


def _told(arrived: list[Turned | list[Work]]) -> Told:
    told = Told()
    for one in arrived:
        if isinstance(one, Turned):
            told._hold(told.anna.turn(one))
        else:
            for work in one:
                told._hold(told.anna.work(work, holds=True))
    return told


def _seconds(work: Work) -> range:
    return range(work.since // SECOND, work.until // SECOND)


def _online(turned: list[Turned], instant: int) -> bool:
    before = [each for each in turned if each.at <= instant]
    return bool(before) and before[-1].presence is Presence.ONLINE
