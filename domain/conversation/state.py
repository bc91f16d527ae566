"""The state of one conversation, and how it observes samples.

What the steps (`domain.conversation.steps`) do with it they do through these few verbs: it is *said* where the
conversation is, something is *observed*, *observed for the first time*, or *taken back*.
"""

from msgspec.structs import replace

from domain.conversation.calls import Call
from domain.conversation.clocks import Clocks
from domain.conversation.episode import Ending, Episode, Stretch
from domain.conversation.sample import Context, Credit, Place, Sample, Standing, place_of
from domain.conversation.surroundings import Surroundings
from domain.conversation.surveys import Survey
from domain.conversation.turns import Turns
from domain.envelope import Actor, RecordedEvent
from domain.event import Event
from domain.instants import DAY, Instant, seconds_between
from domain.kpi.measures import COHORT_HELD, CONVERSATION_OPENED, MEASURES, Marks, Measure
from domain.words import ActorType, Confidence, Kind, WaitingFor

NOBODY = Credit(None, ActorType.CUSTOMER, inferred=False)
"""To whom is credited what customers do."""


def credit_of(actor: Actor) -> Credit:
    """The credit of an actor's act."""
    return Credit(actor.id, actor.type, actor.confidence is Confidence.INFERRED)


class Conversation:
    """One conversation, begun by its first event `begun_by`.

    `samples[i]` is None once it was taken back; `revised` keeps, by index, what stood there when it was last cleared.
    """

    __slots__ = (
        "_latest",
        "around",
        "attended",
        "calls",
        "clocks",
        "context",
        "customer",
        "episode",
        "first_response",
        "focus",
        "given_at",
        "holder",
        "holder_credit",
        "items_received",
        "last_at",
        "last_sender",
        "latest_resolution",
        "on_hold",
        "open_seconds",
        "open_spans",
        "opened_at",
        "opening_told",
        "proactive",
        "replies_sent",
        "revised",
        "samples",
        "spoke_last",
        "standing",
        "stretch",
        "surveys",
        "told",
        "topic",
        "turns",
    )

    def __init__(self, around: Surroundings, begun_at: Instant) -> None:
        self.around = around
        self._latest: dict[int, int] = {}
        """By a measure's code, the index of the sample of it that stands as the latest."""
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
        self.holder_credit = NOBODY
        """Nobody's while its queue has it."""
        self.given_at = begun_at
        """When it was last given to an operator, or to another queue, by somebody else."""
        self.attended = False
        """Whether anybody of the desk ever answered in it."""
        self.stretch: Stretch | None = None
        """Where it stands in the backlog; None while it is not open."""
        self.calls: dict[str, Call] = {}
        self.focus: dict[str, tuple[Instant, int]] = {}
        """Who works on it, since when, and the position that says so."""
        self.surveys: dict[str, Survey] = {}
        self.on_hold: WaitingFor | None = None
        self.items_received = 0
        self.replies_sent = 0
        self.last_sender = NOBODY
        """Who sent the last public answer, in whatever episode."""
        self.spoke_last = ActorType.CUSTOMER
        """Whose the last public words are: customers', or operators'."""
        self.first_response: int | None = None
        self.latest_resolution: int | None = None
        """The index of the sample of the last resolution so far."""
        self.open_seconds = 0
        """Over the episodes that ended."""
        self.open_spans: list[tuple[Instant, Instant]] = []
        """When those episodes were open."""
        self.clocks: Clocks | None = None
        """Those of promises, once something is promised."""
        self.told: dict[tuple[type[Event], str, Instant], str] = {}
        """What Deskledger itself told: the event, the clock, its due instant; and by which promise."""

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
        context = self.context
        changes = {
            name: value for name, value in fields.items() if value is not None and value != getattr(context, name)
        }
        if changes:
            self.context = replace(context, **changes)
            self.turns.are_comments = self.context.kind is Kind.COMMENT

    def team_of(self, credit: Credit, at: Instant) -> str | None:
        """Ruling 5: the queue that it is in, else the operator's primary team at that instant."""
        if self.context.team is not None or credit.operator is None:
            return self.context.team
        return self.around.primary(credit.operator, at)

    def in_hours(self, team: str | None, at: Instant) -> bool | None:
        """Whether an instant lies in business hours; None where no calendar says so."""
        return self.around.in_hours(team, self.context.community, at)

    def observe(
        self,
        measure: Measure,
        at: Instant,
        credit: Credit,
        *positions: int,
        since: Instant | None = None,
        seconds: int = 0,
        business: int | None = None,
        episode: int | None = None,
        flags: int = 0,
    ) -> int:
        """Add a sample; a duration runs from `since` to `at`, or is `seconds` (and `business`). Returns its index."""
        team = self.team_of(credit, at)
        duration = seconds if since is None else seconds_between(since, at)
        worked, in_hours = duration if business is None else business, None
        if self.around.calendars.kept:
            community = self.context.community
            in_hours = self.around.in_hours(team, community, at)
            if since is not None:
                worked = self.around.business_seconds(team, community, since, at)
        standing = Standing.REGULAR if measure.regardless else self.standing
        samples = self.samples
        samples.append(
            Sample(
                measure.code,
                at,
                episode or self.episode.number,
                place_of(credit, team, self.context, standing, in_hours),
                positions,
                duration,
                worked,
                flags,
            )
        )
        return len(samples) - 1

    def hold(self, credit: Credit | None) -> None:
        """Somebody holds it from now on; None: its queue does."""
        self.holder_credit = credit or NOBODY
        self.holder = self.holder_credit.operator

    def observe_stretch(
        self, measure: Measure, since: Instant, until: Instant, credit: Credit, *positions: int
    ) -> None:
        """Add what passed from `since` to `until` in samples that end at midnights, UTC, and where business hours begin
        and end, so that each lies in one day, in hours or out of them."""
        midnights = range(since - since % DAY + DAY, until, DAY)
        hours = self.around.schedule(self.team_of(credit, until), self.context.community)
        for edge in (*sorted({*midnights, *hours.edges(since, until)}), until):
            self.observe(measure, edge, credit, *positions, since=since)
            since = edge

    def observe_latest(
        self,
        measure: Measure,
        at: Instant,
        credit: Credit,
        *positions: int,
        since: Instant | None = None,
        seconds: int = 0,
        business: int | None = None,
    ) -> None:
        """Of this measure only the latest sample stands."""
        self.take_back(measure)
        self._latest[measure.code] = self.observe(
            measure, at, credit, *positions, since=since, seconds=seconds, business=business
        )

    def observe_in(
        self,
        place: Place,
        measure: Measure,
        at: Instant,
        *positions: int,
        episode: int,
        value: int = 0,
        business: int | None = None,
        flags: int = 0,
    ) -> int:
        """Add a sample in a place that was settled before; it carries a value, or seconds by both clocks, or nothing.
        Returns its index."""
        worked = value if business is None else business
        self.samples.append(Sample(measure.code, at, episode, place, positions, value, worked, flags))
        return len(self.samples) - 1

    def observe_opening(self, measure: Measure, at: Instant, position: int) -> None:
        """That it opened, of which there is one sample, under `CONVERSATION_OPENED` or another measure."""
        self.take_back(_OPENING)
        self._latest[_OPENING.code] = self.observe(measure, at, NOBODY, position, episode=1)

    def observe_of_ending(
        self, measure: Measure, ending: Ending, episode: int, position: int, *, flags: int = 0
    ) -> int:
        """What a later event says of an ending belongs to whoever ended, at that instant and in its circumstances."""
        in_hours = self.around.in_hours(ending.team, ending.context.community, ending.at)
        place = place_of(ending.credit, ending.team, ending.context, self.standing, in_hours)
        return self.observe_in(place, measure, ending.at, ending.position, position, episode=episode, flags=flags)

    def observe_first(self, marks: Marks, event: RecordedEvent) -> None:
        """Add a sample where it is the first time of the acting operator in the episode."""
        actor = event.envelope.actor
        if (marks.by_operator.code, actor.id) not in self.episode.marked:
            credit, at = credit_of(actor), event.envelope.occurred_at
            self.observe(marks.by_operator, at, credit, event.position, flags=self._mark_first(marks, credit, at))

    def observe_held(self, credit: Credit, at: Instant, position: int) -> int | None:
        """That an operator holds the episode, once; it belongs to the time when the episode began, in the place where
        they came to hold it. Returns its index."""
        episode, operator = self.episode, credit.operator
        if operator is None:
            return None
        if operator not in episode.held:
            team, began = self.team_of(credit, at), episode.opened_at
            place = place_of(credit, team, self.context, self.standing, self.in_hours(team, began))
            flags = self._mark_first(COHORT_HELD, credit, at)
            measure = COHORT_HELD.by_operator
            episode.held[operator] = self.observe_in(
                place, measure, began, position, episode=episode.number, flags=flags
            )
        return episode.held[operator]

    def _mark_first(self, marks: Marks, credit: Credit, at: Instant) -> int:
        """What else it is the first time of: of the operator's team, of the episode."""
        marked, flags = self.episode.marked, 0
        marked.add((marks.by_operator.code, credit.operator))
        for measure, whose in ((marks.by_team, self.team_of(credit, at)), (marks.overall, None)):
            if (measure.code, whose) not in marked:
                marked.add((measure.code, whose))
                flags |= measure.flag
        return flags

    def beginning(self) -> Sample | None:
        """The sample that says that the episode began."""
        index = self.episode.reopening
        return self.opening() if index is None else self.samples[index]

    def opening(self) -> Sample | None:
        """The sample that says that it opened, once something was observed of that."""
        index = self._latest.get(_OPENING.code)
        return None if index is None else self.samples[index]

    def take_back(self, measure: Measure) -> None:
        """The latest sample of a measure no longer stands."""
        index = self._latest.pop(measure.code, None)
        if index is not None:
            self.revise(index, None)

    def revise(self, index: int, sample: Sample | None) -> None:
        """Another sample stands at an index, or none."""
        before = self.samples[index]
        if before is not None:
            self.revised.setdefault(index, before)
        self.samples[index] = sample

    def observe_again(self, sample: Sample) -> int:
        """A sample that was taken back stands once more. Returns its index."""
        self.samples.append(replace(sample, place=replace(sample.place, standing=self.standing)))
        return len(self.samples) - 1

    def mark(self, index: int, measure: Measure) -> None:
        """A sample is, besides, one of a measure within its own."""
        sample = self.samples[index]
        if sample is not None:
            self.revise(index, replace(sample, flags=sample.flags | measure.flag))

    def unmark(self, index: int, measure: Measure) -> bool:
        """A sample is no longer one of a measure within its own. Returns whether it had been."""
        sample = self.samples[index]
        if sample is None or not sample.flags & measure.flag:
            return False
        self.revise(index, replace(sample, flags=sample.flags & ~measure.flag))
        return True

    def stand(self, standing: Standing) -> None:
        """A verdict holds for the whole conversation, back to its beginning."""
        self.standing = standing
        for index, sample in enumerate(self.samples):
            if sample is None or sample.place.standing is standing or MEASURES[sample.measure].regardless:
                continue
            self.revise(index, replace(sample, place=replace(sample.place, standing=standing)))


_OPENING = CONVERSATION_OPENED
