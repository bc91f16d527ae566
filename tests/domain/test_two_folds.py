"""Commands are decided on a fold of their own, figures come from another one. Where both know something, they agree."""

from dataclasses import replace
from itertools import groupby
from random import Random

import pytest

from domain.command import Command, Wish, decide
from domain.commands.state import ConversationState, State, state_of
from domain.commands.state.conversation import UNDER_WAY, Phase
from domain.conversation.fold import step
from domain.conversation.sample import Standing
from domain.conversation.state import Conversation
from domain.conversation.surroundings import Surroundings
from domain.envelope import Actor, RecordedEvent
from domain.errors import CommandRefused
from domain.instants import Instant
from domain.words import ActorType, Subject
from tests.desk import random_desk
from tests.domain.test_refusals import PLAIN
from tests.events import bot, system

ANNA = Actor(ActorType.OPERATOR, "anna")
NO_OPERATORS = (bot().id, system().id)
SET_ASIDE = {Phase.SPAM: Standing.SPAM, Phase.MERGED: Standing.MERGED}


class NoTeams:
    """Nobody belongs anywhere."""

    def primary(self, operator: str, at: Instant) -> None:
        """Of whomever, whenever."""


def conversations(seed: int) -> list[list[RecordedEvent]]:
    """Those of a random desk, each in the order in which things happened."""
    events = [
        RecordedEvent(position, position, new.envelope.occurred_at, new.envelope, new.payload)
        for position, new in enumerate(random_desk(seed))
        if new.envelope.stream.subject is Subject.CONVERSATION
    ]
    events.sort(key=lambda event: (event.envelope.stream.id, event.order))
    return [list(group) for _, group in groupby(events, key=lambda event: event.envelope.stream.id)]


@pytest.mark.parametrize("seed", range(40))
def test_decisions_and_figures_see_the_same_conversation(seed: int) -> None:
    for history in conversations(seed):
        decided, counted = ConversationState(), Conversation(Surroundings(NoTeams()), history[0].envelope.occurred_at)
        for event in history:
            decided.take(event)
            step(counted, event)
            assert_agreed(decided, counted)


def assert_agreed(decided: ConversationState, counted: Conversation) -> None:
    """What is set aside counts for nothing, so only that it is set aside has to agree."""
    assert decided.team == counted.context.team
    assert decided.priority == counted.context.priority
    assert decided.holder == (None if counted.holder in NO_OPERATORS else counted.holder)
    if decided.phase in SET_ASIDE:
        assert counted.standing in (SET_ASIDE[decided.phase], Standing.TEST)
        return
    assert counted.standing in (Standing.REGULAR, Standing.TEST)
    assert (decided.phase in UNDER_WAY) == (counted.ending is None)
    assert (decided.phase is Phase.ON_HOLD) == (counted.on_hold is not None)
    assert bool(decided.turns.open) == bool(counted.turns.open)


@pytest.mark.parametrize("seed", range(10))
def test_a_state_does_not_depend_on_the_order_of_arrival(seed: int) -> None:
    shuffle = Random(seed).shuffle
    for history in conversations(seed):
        arrived = list(history)
        shuffle(arrived)
        first, second = state_of(Subject.CONVERSATION, history), state_of(Subject.CONVERSATION, arrived)
        assert isinstance(first, ConversationState)
        assert isinstance(second, ConversationState)
        assert replace(first, turns=second.turns) == second
        assert len(first.turns.open) == len(second.turns.open)


@pytest.mark.parametrize("seed", range(10))
def test_every_wish_in_any_history_is_granted_or_refused_as_declared(seed: int) -> None:
    for history in conversations(seed):
        state, now = state_of(Subject.CONVERSATION, history), history[-1].envelope.occurred_at
        for command in PLAIN.values():
            declared = command.declaration
            if declared.subject is Subject.CONVERSATION:
                others = {field: state_of(subject, []) for field, subject in declared.consults.items()}
                answer = answer_to(Wish(state, command, ANNA, now, others))
                assert answer in declared.codes or answer == declared.becomes[:1]


def answer_to(wish: Wish[State, Command]) -> object:
    """The types of the events, or the code of the refusal."""
    try:
        return tuple(type(event) for event in decide(wish))
    except CommandRefused as refused:
        return refused.detail
