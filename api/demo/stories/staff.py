"""The people who work there: hired, renamed, moved; present, on a break, gone home."""

from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from api.demo.cast import CHANNELS, COMMUNITIES, SECOND_LINE, TEAMS, ZONE, Profile
from api.demo.clockwork import Story
from api.demo.desk import ROUTER, Desk
from api.demo.people import Operator
from api.demo.stories.arranging import arrange
from api.demo.stories.spending import spending
from domain.envelope import Stream
from domain.event import Event
from domain.events.conversations import ConversationUnassigned
from domain.events.directory import (
    ChannelNamed,
    ChannelRenamed,
    CommunityNamed,
    CommunityRenamed,
    OperatorJoined,
    OperatorJoinedTeam,
    OperatorLeft,
    OperatorLeftTeam,
    OperatorRenamed,
    TeamNamed,
    TeamRenamed,
    WorkspaceConfigured,
)
from domain.events.presence import PresenceChanged
from domain.instants import DAY, HOUR, MINUTE, Instant, instant_of, moment_of
from domain.words import Presence, Subject

_ZONE = ZoneInfo(ZONE)


def local_day(now: Instant) -> date:
    """Which day it is at the desk."""
    return moment_of(now).astimezone(_ZONE).date()


def midnight(day: date) -> Instant:
    """The instant at which a local day begins."""
    return instant_of(datetime(day.year, day.month, day.day, tzinfo=_ZONE))


def found(desk: Desk) -> None:
    """What there is before the first customer comes. The first event of all says what the desk was made by."""
    desk.scribe.write(
        desk.clock.now,
        Stream(Subject.WORKSPACE, "workspace"),
        ROUTER,
        WorkspaceConfigured(name="Demo desk", zone=ZONE),
        interface="desk",
        correlation=desk.recipe.signature,
    )
    if desk.recipe.managed:
        arrange(desk)
        desk.clock.tell(spending(desk))
    for team in TEAMS:
        desk.record(ROUTER, Stream(Subject.TEAM, team.id), TeamNamed(name=team.name))
    for id_, name in CHANNELS.items():
        desk.record(ROUTER, Stream(Subject.CHANNEL, id_), ChannelNamed(name=name))
    for id_, (name, channel) in COMMUNITIES.items():
        desk.record(ROUTER, Stream(Subject.COMMUNITY, id_), CommunityNamed(name=name, channel=channel))
    for staff in desk.floor.operators.values():
        for operator in staff:
            desk.clock.tell(employment(desk, operator))
    for part, subject, id_, payload in _CHANGES:
        desk.clock.tell(_change(desk, part, Stream(subject, id_), payload))


_CHANGES: tuple[tuple[float, Subject, str, Event], ...] = (
    (0.20, Subject.OPERATOR, "op-02", OperatorRenamed(name="Анна Стан")),
    (0.30, Subject.OPERATOR, "op-08", OperatorJoinedTeam(team=SECOND_LINE, primary=False)),
    (0.35, Subject.TEAM, "mail", TeamRenamed(name="Mail and letters")),
    (0.45, Subject.CHANNEL, "vk", ChannelRenamed(name="VKontakte")),
    (0.55, Subject.COMMUNITY, "telegram-news", CommunityRenamed(name="News, offers, contests")),
    (0.70, Subject.OPERATOR, "op-08", OperatorLeftTeam(team=SECOND_LINE)),
)
"""What is renamed and who moves, and when, in parts of the history."""


def _change(desk: Desk, part: float, stream: Stream, payload: Event) -> Story:
    yield int(part * desk.recipe.days * DAY)
    desk.record(ROUTER, stream, payload)


def employment(desk: Desk, operator: Operator) -> Story:
    """An operator's time at the desk: joins, works shift after shift, may leave."""
    profile = operator.profile
    yield int(profile.joins * desk.recipe.days * DAY)
    desk.record(ROUTER, operator.stream, OperatorJoined(name=profile.name, team=profile.team))
    until = None if profile.leaves is None else desk.recipe.start + int(profile.leaves * desk.recipe.days * DAY)
    today = local_day(desk.clock.now)
    for number in count(-1):
        if until is not None and desk.clock.now >= until:
            desk.record(ROUTER, operator.stream, OperatorLeft())
            return
        day = today + timedelta(days=number)
        if not _off(profile, day):
            yield from shift(desk, operator, midnight(day))


def _off(profile: Profile, day: date) -> bool:
    return (day.toordinal() - profile.days_off) % 7 in (0, 1)


def works_at(profile: Profile, now: Instant) -> bool:
    """Whether the operator's shift runs."""
    today = local_day(now)
    first, last = profile.shift.hours
    return any(
        midnight(day) + int(first * HOUR) <= now < midnight(day) + int(last * HOUR)
        for day in (today, today - timedelta(days=1))
        if not _off(profile, day)
    )


def shift(desk: Desk, operator: Operator, begins: Instant) -> Story:
    """One working day, with two breaks; what is left of one that began before history did."""
    chance = desk.chance
    first, last = operator.profile.shift.hours
    start = begins + int(first * HOUR) + int(chance.between(-12, 6) * MINUTE)
    end = begins + int(last * HOUR)
    if end <= desk.clock.now + HOUR:
        return
    yield max(0, start - desk.clock.now)
    operator.sessions += 1
    operator.session = f"{operator.profile.id}-s{operator.sessions}"
    operator.duty = True
    _present(desk, operator, Presence.ONLINE)
    desk.floor.free(operator)
    for part in (0.3, 0.6):
        pause = start + int((end - start) * (part + chance.between(-0.08, 0.08)))
        if pause > desk.clock.now:
            yield pause - desk.clock.now
            yield from _pause(desk, operator)
    yield max(0, end - desk.clock.now)
    yield from desk.floor.relieve(operator)
    _go_home(desk, operator)


def _pause(desk: Desk, operator: Operator) -> Story:
    """Lunch or a walk, or called away by a colleague."""
    yield from desk.floor.relieve(operator)
    presence = Presence.BREAK if desk.chance.is_so(0.8) else Presence.AWAY
    _present(desk, operator, presence, reason=None if presence is Presence.BREAK else "meeting")
    yield desk.chance.about(22 * 60, 0.3)
    _present(desk, operator, Presence.ONLINE)
    desk.floor.free(operator)


def _go_home(desk: Desk, operator: Operator) -> None:
    """What still waits for the operator goes back to the team."""
    operator.duty = False
    for ticket in desk.floor.hand_back(operator):
        ticket.case.holder = None
        desk.did(operator, ticket.case.stream, ConversationUnassigned())
    _present(desk, operator, Presence.OFFLINE)


def _present(desk: Desk, operator: Operator, presence: Presence, *, reason: str | None = None) -> None:
    payload = PresenceChanged(presence=presence, reason=reason)
    desk.did(operator, operator.stream, payload, traced=presence is Presence.ONLINE)
