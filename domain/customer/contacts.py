"""Repeat contacts: a resolution that the same customer follows with another conversation, in whatever channel.

The conversation's fold says what contacts there were (`contact_of`); here a person's are seen together (`Person`). What
comes of it depends on the set of contacts alone. A reopening is no new conversation, and is counted by itself; nor is
one that needed no reply and got none, such as a thank-you.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from domain.conversation.history import Changes
from domain.conversation.sample import Sample, Standing
from domain.conversation.state import Conversation
from domain.instants import DAY, Instant
from domain.kpi import measures as m

LONGEST = max(m.RETURN_WINDOWS)
"""Days. A conversation begun later has nothing to do with the resolution."""

Opening = tuple[Instant, str]
"""When a conversation began, and which."""


class Resolution(Struct, frozen=True, array_like=True, gc=False):
    """A resolution in a contact."""

    sample: Sample
    """Of `RESOLVED`."""
    reopened_within: int | None
    """The shortest of the windows, in days, within which its episode was reopened."""


class Contact(Struct, frozen=True, array_like=True, gc=False):
    """One conversation, as far as it matters to the others of its customer."""

    opened_at: Instant
    position: int
    """The event that opened it."""
    returns: bool
    """Whether it tells of a customer who comes back: they began it, and it needed an answer."""
    topic: str | None
    resolutions: tuple[Resolution, ...]


Telling = tuple[str | None, str | None, bool]


def told_of(state: Conversation) -> Telling:
    """What a contact is made of, besides samples of the measures in `CONCERNED`: customer, topic, whether needless."""
    return state.customer, state.topic, _needless(state)


def contact_of(state: Conversation) -> Contact | None:
    """What a conversation says of itself; None before anything opened it, and where a verdict sets it aside."""
    opening = state.opening()
    if opening is None or state.standing is not Standing.REGULAR:
        return None
    resolved = []
    reopened: dict[int, int] = {}
    for sample in state.samples:
        if sample is None or sample.measure not in CONCERNED:
            continue
        if sample.measure == m.RESOLVED.code:
            if not sample.flags & m.RESOLVED_NEEDLESS.flag:
                resolved.append(sample)
        elif sample.measure in _REOPENED:
            reopened[sample.episode] = _window_of(sample)
    return Contact(
        opened_at=opening.at,
        position=opening.positions[0],
        returns=not state.proactive and not _needless(state),
        topic=state.topic,
        resolutions=tuple(Resolution(sample, reopened.get(sample.episode)) for sample in resolved),
    )


def _needless(state: Conversation) -> bool:
    """Whether it was one episode, which ended without a human reply since it needed none."""
    episode = state.episode
    return episode.number == 1 and episode.needless


def _window_of(reopened: Sample) -> int:
    counted = [days for days, either in m.REOPENED_WITHIN.items() if _any(either, reopened)]
    return min(counted)


def _any(measures: Iterable[m.Measure], sample: Sample) -> bool:
    return any(measure.counts(sample.measure, sample.flags) for measure in measures)


class Person:
    """A person's contacts, in the order in which they began and in that in which they were resolved: a contact that
    changes is looked at together with those within a window of it, however many there are."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {}
        """By conversation."""
        self._begun: list[Opening] = []
        self._about: dict[str, list[Opening]] = {}
        """The same by topic."""
        self._resolved: list[Opening] = []

    def put(self, conversation: str, contact: Contact | None) -> list[tuple[str, Changes]]:
        """A conversation is this contact from now on, or none; what changes of whose samples."""
        old = self.contacts.get(conversation)
        if len(self.contacts) == (old is not None):  # who was there once does not come back
            if old is not None:
                self._take_out(conversation, old)
            if contact is not None:
                self.restore(conversation, contact)
            return []
        concerned = {conversation, *self._before(old), *self._before(contact)}
        before = self._counted(concerned)
        if old is not None:
            self._take_out(conversation, old)
        if contact is not None:
            self.restore(conversation, contact)
        return differences(before, self._counted(concerned))

    def samples(self) -> Counter[tuple[str, Sample]]:
        """All samples, each with its conversation."""
        return self._counted(self.contacts)

    def restore(self, conversation: str, contact: Contact) -> None:
        """Take in a contact that was not there, without asking what changes."""
        self.contacts[conversation] = contact
        if contact.returns:
            insort(self._begun, (contact.opened_at, conversation))
            if contact.topic is not None:
                insort(self._about.setdefault(contact.topic, []), (contact.opened_at, conversation))
        for resolution in contact.resolutions:
            insort(self._resolved, (resolution.sample.at, conversation))

    def _take_out(self, conversation: str, contact: Contact) -> None:
        del self.contacts[conversation]
        if contact.returns:
            self._begun.remove((contact.opened_at, conversation))
            if contact.topic is not None:
                self._about[contact.topic].remove((contact.opened_at, conversation))
        for resolution in contact.resolutions:
            self._resolved.remove((resolution.sample.at, conversation))

    def _before(self, contact: Contact | None) -> set[str]:
        """Whose resolutions a contact may follow."""
        if contact is None or not contact.returns:
            return set()
        first = bisect_left(self._resolved, (contact.opened_at - LONGEST * DAY, ""))
        last = bisect_left(self._resolved, (contact.opened_at, ""))
        return {conversation for _, conversation in self._resolved[first:last]}

    def _counted(self, conversations: Iterable[str]) -> Counter[tuple[str, Sample]]:
        return Counter((each, sample) for each in conversations for sample in self._followed(each))

    def _followed(self, conversation: str) -> Iterator[Sample]:
        contact = self.contacts.get(conversation)
        for resolution in contact.resolutions if contact is not None else ():
            first = self._next(self._begun, conversation, resolution)
            if contact is not None and first is not None:
                alike = self._next(self._about.get(contact.topic or "", ()), conversation, resolution)
                yield self._sample(resolution, first, alike)

    def _next(self, begun: "list[Opening] | tuple[()]", conversation: str, resolution: Resolution) -> Opening | None:
        """Which of these the customer began next after a resolution, soon enough."""
        resolved_at = resolution.sample.at
        after = bisect_right(begun, resolved_at, key=_instant)
        for opening in begun[after : after + 2]:
            if opening[1] != conversation:
                return opening if opening[0] <= resolved_at + LONGEST * DAY else None
        return None

    def _sample(self, resolution: Resolution, first: Opening, alike: Opening | None) -> Sample:
        resolved = resolution.sample
        after = first[0] - resolved.at
        flags = 0
        for days, window in m.FOLLOWED_UP_WITHIN.items():
            again = resolution.reopened_within is not None and resolution.reopened_within <= days
            at_first = resolved.episode == 1 and not again
            if after <= days * DAY:
                flags |= window.any.flag | (window.first.flag if at_first else 0)
        within = m.FOLLOWED_UP_WITHIN[m.USUAL_WINDOW]
        positions = [*resolved.positions, self.contacts[first[1]].position]
        if flags & within.first.flag and not resolved.flags & m.RESOLVED_ESCALATED.flag:
            flags |= m.FOLLOWED_UP_FIRST_AT_TIER.flag
        if alike is not None and alike[0] - resolved.at <= m.USUAL_WINDOW * DAY:
            flags |= m.FOLLOWED_UP_SAME_TOPIC.flag
            flags |= m.FOLLOWED_UP_FIRST_SAME_TOPIC.flag if flags & within.first.flag else 0
            positions.append(self.contacts[alike[1]].position)
        return replace(
            resolved,
            measure=m.FOLLOWED_UP.code,
            positions=tuple(dict.fromkeys(positions)),
            calendar=0,
            business=0,
            flags=flags,
        )


def differences(before: Counter[tuple[str, Sample]], after: Counter[tuple[str, Sample]]) -> list[tuple[str, Changes]]:
    """What changes of whose samples so that others stand; always in the same order."""
    if before == after:
        return []
    ceased, begun = _by_conversation(before - after), _by_conversation(after - before)
    return [(each, Changes(ceased.get(each, ()), begun.get(each, ()))) for each in sorted({*ceased, *begun})]


def _by_conversation(counted: Counter[tuple[str, Sample]]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for conversation, sample in sorted(counted.elements(), key=lambda held: (held[1].at, held[1].episode)):
        found.setdefault(conversation, []).append(sample)
    return found


def _instant(opening: Opening) -> Instant:
    return opening[0]


_REOPENED = frozenset({m.REOPENED_BY_CUSTOMER.code, m.REOPENED_BY_DESK.code})
CONCERNED = _REOPENED | {m.CONVERSATION_OPENED.code, m.CONVERSATION_STARTED.code, m.RESOLVED.code}
"""Measures (their codes) of the samples that a contact is made of; besides them there is what `told_of` says."""
