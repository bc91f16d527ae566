"""The state of one conversation, and how it observes samples.

What the steps (`domain.conversation.steps`) do with it they do through these few verbs: it is *said* where the
conversation is, something is *observed*, *observed for the first time*, or *taken back*.
"""

from typing import Protocol

from msgspec.structs import replace

from domain.conversation.episode import Ending, Episode
from domain.conversation.sample import Context, Credit, Sample, Standing, place_of
from domain.conversation.turns import Turns
from domain.envelope import Actor, RecordedEvent
from domain.instants import Instant, seconds_between
from domain.kpi.measures import CONVERSATION_OPENED, MEASURES, Marks, Measure
from domain.words import ActorType, Confidence, Kind, WaitingFor

NOBODY = Credit(None, ActorType.CUSTOMER, inferred=False)
"""To whom is credited what customers do."""


class Teams(Protocol):
    """Who belongs where."""

    def primary(self, operator: str, at: Instant) -> str | None:
        """The operator's primary team at an instant."""
        ...


def credit_of(actor: Actor) -> Credit:
    """The credit of an actor's act."""
    return Credit(actor.id, actor.type, actor.confidence is Confidence.INFERRED)


class Conversation:
    """One conversation, begun by its first event `begun_by`.

    `samples[i]` is None once it was taken back; `revised` keeps, by index, what stood there when it was last cleared.
    """

    __slots__ = (
        "_latest",
        "_teams",
        "context",
        "customer",
        "episode",
        "first_response",
        "held_against",
        "holder",
        "items_received",
        "last_at",
        "on_hold",
        "open_seconds",
        "opened_at",
        "opening_told",
        "proactive",
        "replies_sent",
        "resolved_once",
        "revised",
        "samples",
        "standing",
        "topic",
        "turns",
    )

    def __init__(self, teams: Teams, begun_at: Instant) -> None:
        self._teams = teams
        self._latest: dict[Measure, int] = {}
        self.samples: list[Sample | None] = []
        self.revised: dict[int, Sample] = {}
        self.standing = Standing.REGULAR
        self.context = Context()
        self.turns = Turns()
        self.episode = Episode(1, begun_at)
        self.opened_at = begun_at
        self.opening_told = False
        """Whether an event said that it opened, or it began with whatever came first."""
        self.proactive: bool | None = None
        self.last_at = begun_at
        self.customer: str | None = None
        self.topic: str | None = None
        self.holder: str | None = None
        self.on_hold: WaitingFor | None = None
        self.items_received = 0
        self.replies_sent = 0
        self.first_response: int | None = None
        self.resolved_once = False
        self.open_seconds = 0
        """Over the episodes that ended."""
        self.held_against: list[int] = []
        """Indices of the samples that say that the present episode is a reopening."""

    @property
    def ending(self) -> Ending | None:
        """How the current episode ended; None while it is open."""
        return self.episode.ending

    @property
    def answer_awaited(self) -> bool:
        """Whether a turn can be open."""
        return self.episode.ending is None

    def said(self, **fields: object) -> None:
        """What an event says of the conversation's place holds from now on; None says nothing."""
        changes = {name: value for name, value in fields.items() if value is not None}
        if changes:
            self.context = replace(self.context, **changes)
            self.turns.are_comments = self.context.kind is Kind.COMMENT

    def team_of(self, credit: Credit, at: Instant) -> str | None:
        """Ruling 5: the queue that it is in, else the operator's primary team at that instant."""
        if self.context.team is not None or credit.operator is None:
            return self.context.team
        return self._teams.primary(credit.operator, at)

    def observe(
        self,
        measure: Measure,
        at: Instant,
        credit: Credit,
        *positions: int,
        since: Instant | None = None,
        seconds: int = 0,
        episode: int | None = None,
        flags: int = 0,
    ) -> int:
        """Add a sample; a duration runs from `since` to `at`, or is `seconds`. Returns its index."""
        duration = seconds if since is None else seconds_between(since, at)
        standing = Standing.REGULAR if measure.regardless else self.standing
        samples = self.samples
        samples.append(
            Sample(
                measure.code,
                at,
                episode or self.episode.number,
                place_of(credit, self.team_of(credit, at), self.context, standing),
                positions,
                duration,
                duration,
                flags,
            )
        )
        return len(samples) - 1

    def observe_latest(
        self,
        measure: Measure,
        at: Instant,
        credit: Credit,
        *positions: int,
        since: Instant | None = None,
        seconds: int = 0,
    ) -> None:
        """Of this measure only the latest sample stands."""
        self.take_back(measure)
        self._latest[measure] = self.observe(measure, at, credit, *positions, since=since, seconds=seconds)

    def observe_opening(self, measure: Measure, at: Instant, position: int) -> None:
        """That it opened, of which there is one sample, under `CONVERSATION_OPENED` or another measure."""
        self.take_back(_OPENING)
        self._latest[_OPENING] = self.observe(measure, at, NOBODY, position, episode=1)

    def observe_of_ending(self, measure: Measure, ending: Ending, episode: int, position: int) -> int:
        """What a later event says of an ending belongs to whoever ended, at that instant and in its circumstances."""
        place = place_of(ending.credit, ending.team, ending.context, self.standing)
        self.samples.append(Sample(measure.code, ending.at, episode, place, (ending.position, position)))
        return len(self.samples) - 1

    def observe_first(self, marks: Marks, event: RecordedEvent, by: set[str], within: set[str | None]) -> None:
        """The first time of this operator (`by`: those before), of their team (`within`), and of the episode."""
        actor = event.envelope.actor
        if actor.id in by:
            return
        credit, at = credit_of(actor), event.envelope.occurred_at
        flags = 0 if by else marks.overall.flag
        by.add(actor.id)
        team = self.team_of(credit, at)
        if team not in within:
            within.add(team)
            flags |= marks.by_team.flag
        self.observe(marks.by_operator, at, credit, event.position, flags=flags)

    def opening(self) -> Sample | None:
        """The sample that says that it opened, once something was observed of that."""
        index = self._latest.get(_OPENING)
        return None if index is None else self.samples[index]

    def take_back(self, measure: Measure) -> None:
        """The latest sample of a measure no longer stands."""
        index = self._latest.pop(measure, None)
        if index is not None:
            self.revise(index, None)

    def revise(self, index: int, sample: Sample | None) -> None:
        """Another sample stands at an index, or none."""
        before = self.samples[index]
        if before is not None:
            self.revised.setdefault(index, before)
        self.samples[index] = sample

    def stand(self, standing: Standing) -> None:
        """A verdict holds for the whole conversation, back to its beginning."""
        self.standing = standing
        for index, sample in enumerate(self.samples):
            if sample is None or sample.place.standing is standing or MEASURES[sample.measure].regardless:
                continue
            self.revise(index, replace(sample, place=replace(sample.place, standing=standing)))


_OPENING = CONVERSATION_OPENED
