"""How golden timelines are written: who did what when, as one would tell it, and what figures have to show of it.

    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:01   anna claims
        09:50   anna transfers to boris
        10:05   boris replies

    first_response_time  boris  1h05m   # from 09:00, whoever had it
    first_response_time  anna   none
    overdue_responses    boris  1

**What happened** arrives in the order of the lines, and happened when they say. A time without a day is of the day
named before it; days are those of the week that begins with Monday 2026-03-02, `Tue+1` is of the week after, `Tue-1`
of the one before. `week 2026-03-23 in Europe/Chisinau` says another week, and that times are those on the wall there;
`03:30*` is the second 03:30 of a night in which clocks go back. `always` is a month before. What happens in another
conversation than `c1` says so at its end: `(c2)`. What can be done stands in `tests.golden.acts`.

**What figures show**: the KPI; whose (`all`, an operator, `team=red`, `kind=call`, several together); the value: `none`
where nothing was counted, else a number, a share such as `2/3`, or a time such as `1h05m`. After it may stand
`business` (by that clock), `before Mon 10:00` (of what was before), `on Tue` (of that day of the zone), `as spam`
(of conversations set aside so), `by system` (whose acts count). What follows a `#` is how it was worked out by hand.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.conversation.sample import Standing
from domain.envelope import NewEvent
from domain.instants import DAY, Instant, instant_of, parse_instant
from domain.kpi.question import Clock, Dimension, Question, Range
from domain.words import ActorType
from tests.golden.acts import told

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVER = Range(parse_instant("2000-01-01T00:00Z"), parse_instant("2100-01-01T00:00Z"))
_CLOCK = re.compile(r"(?:(?P<day>[A-Z][a-z]{2})(?P<week>[+-]\d)? )?(?P<time>\d\d:\d\d(?::\d\d)?)(?P<again>\*)?")
_DAY = re.compile(r"(?P<day>[A-Z][a-z]{2})(?P<week>[+-]\d)?")
_ACT = re.compile(rf"\s*(?P<when>always|{_CLOCK.pattern})\s+(?P<who>\S+)\s+(?P<what>.+?)(?:\s+\((?P<where>\w+)\))?\s*")
_HEAD = re.compile(r"\s*week (?P<week>\S+)(?: in (?P<zone>\S+))?\s*")
_VALUE = re.compile(r"none|-?\d[\d.]*|\d+/\d+|(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?")
_PARTS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_MILLIONTH = Decimal("0.000001")


class Expected(NamedTuple):
    """What a figure has to show."""

    line: str
    question: Question
    value: Decimal | None


class Calendar:
    """What the wall shows, and when that is."""

    def __init__(self, week: str = "2026-03-02", zone: str | None = None) -> None:
        self.zone = zone or "UTC"
        self._monday = date.fromisoformat(week)
        self._named = self._monday

    def day(self, said: re.Match[str]) -> date:
        """A day of the week; unsaid, the one named before."""
        if said["day"] is not None:
            self._named = self._monday + timedelta(days=DAYS.index(said["day"]), weeks=int(said["week"] or 0))
        return self._named

    def instant(self, text: str) -> Instant:
        if text == "always":
            return self._at(self._monday, time()) - 30 * DAY
        said = _matched(_CLOCK, text)
        return self._at(self.day(said), time.fromisoformat(said["time"]), again=said["again"] is not None)

    def whole(self, text: str) -> Range:
        """A day, from midnight to midnight there."""
        day = self.day(_matched(_DAY, text))
        return Range(self._at(day, time()), self._at(day + timedelta(days=1), time()))

    def _at(self, day: date, clock: time, *, again: bool = False) -> Instant:
        return instant_of(datetime.combine(day, clock, ZoneInfo(self.zone)).replace(fold=again))


def read(text: str) -> tuple[list[NewEvent], list[Expected]]:
    """What happened, as it arrives, and what figures have to show."""
    calendar, events, expected = Calendar(), list[NewEvent](), list[Expected]()
    for number, line in _lines(text):
        head, act = _HEAD.fullmatch(line), _ACT.fullmatch(line)
        if head is not None:
            calendar = Calendar(head["week"], head["zone"])
        elif act is not None:
            at = calendar.instant(act["when"])
            events.append(told(act["who"], act["what"], at, conversation=act["where"] or "c1", order=number))
        else:
            expected.append(_expected(line.strip(), calendar))
    return events, expected


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines()):
        said = line.split("#")[0].rstrip()
        if said:
            yield number, said


def _expected(line: str, calendar: Calendar) -> Expected:
    kpi, *words = line.split()
    where: dict[Dimension, tuple[str, ...]] = {}
    while not _VALUE.fullmatch(words[0]):
        slice_, _, wanted = words.pop(0).rpartition("=")
        if wanted != "all":
            where[Dimension(slice_ or "operator")] = (wanted,)
    value = value_of(words.pop(0))
    options = " ".join(words)
    question = Question(
        kpis=(kpi,),
        range=_range(options, calendar),
        zone=calendar.zone,
        where=where,
        clock=Clock.BUSINESS if options.startswith("business") else Clock.CALENDAR,
        actor_types=(ActorType(said[1]),) if (said := re.search(r"\bby (\w+)", options)) else None,
        standings=(Standing(said[1]),) if (said := re.search(r"\bas (\w+)", options)) else (Standing.REGULAR,),
    )
    return Expected(line, question, value)


def _range(options: str, calendar: Calendar) -> Range:
    if said := re.search(rf"\bon ({_DAY.pattern})", options):
        return calendar.whole(said[1])
    if said := re.search(rf"\bbefore ({_CLOCK.pattern})", options):
        return Range(EVER.since, calendar.instant(said[1]))
    return EVER


def value_of(text: str) -> Decimal | None:
    """A value as it is written."""
    if text == "none":
        return None
    if text[-1] in _PARTS:
        return Decimal(sum(int(n) * _PARTS[unit] for n, unit in re.findall(r"(\d+)([dhms])", text)))
    share = Fraction(text)
    return (Decimal(share.numerator) / share.denominator).quantize(_MILLIONTH)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} says no time; write `Mon 09:00`, `09:00:30`, `Tue+1 09:00` or `03:30*`")
    return found
