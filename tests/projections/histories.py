"""Random histories of a small desk: what customers write, what operators do, who joins which team, in no order."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events import calls, conversations, customers, directory, items, replies, surveys
from domain.instants import MINUTE, Instant, parse_instant
from domain.words import ActorType, Confidence, Kind, Outcome, SurveyScale
from tests.events import customer, event

MONDAY = parse_instant("2026-03-02T09:00:00Z")

_conversations = st.sampled_from(("c1", "c2", "c3"))
_operators = st.sampled_from(("anna", "boris", "vera"))
_customers = st.sampled_from(("maria", "ion"))
_teams = st.sampled_from(("first line", "second line"))
_maybe_team = st.none() | _teams
_items = st.sampled_from(("i1", "i2", "i3"))
_replies = st.sampled_from(("r1", "r2"))
_words = st.sampled_from(("Hello", "Привіт", "Bună"))
_places = st.none() | st.sampled_from(("vk", "mail"))
_kinds = st.none() | st.sampled_from(tuple(Kind))
_instants: SearchStrategy[Instant] = st.integers(0, 200).map(lambda minute: MONDAY + minute * MINUTE)
_orders = st.none() | st.integers(0, 2)
_maybe_customer = st.none() | _customers


def _payloads_of_customers() -> SearchStrategy[Event]:
    return st.one_of(
        st.builds(
            items.ItemReceived,
            item=_items,
            text=_words,
            kind=_kinds,
            in_reply_to=st.none() | _items | _replies,
            customer=_maybe_customer,
            channel=_places,
            team=_maybe_team,
        ),
        st.builds(items.ItemEdited, item=_items, text=st.none() | _words),
        st.builds(items.ItemWithdrawn, item=_items),
        st.builds(surveys.SurveyAnswered, survey=st.just("s1"), scale=st.just(SurveyScale.THUMBS), score=st.just(1)),
        st.builds(calls.CallOffered, call=st.just("call"), team=_maybe_team, customer=_maybe_customer),
    )


def _payloads_of_operators() -> SearchStrategy[Event]:
    return st.one_of(
        st.builds(
            conversations.ConversationOpened,
            channel=_places,
            community=_places,
            kind=_kinds,
            team=_maybe_team,
            customer=_maybe_customer,
        ),
        st.builds(
            replies.ReplySent,
            reply=_replies,
            text=_words,
            in_reply_to=st.none() | _items,
            customer=_maybe_customer,
            kind=_kinds,
            community=_places,
        ),
        st.builds(replies.ReplyEdited, reply=_replies, text=st.none() | _words),
        st.builds(replies.ReplyDeleted, reply=_replies),
        st.builds(items.CommentDeleted, item=_items),
        st.builds(items.CommentHidden, item=_items),
        st.builds(items.CommentUnhidden, item=_items),
        st.builds(items.CommentRestored, item=_items),
        st.builds(conversations.ConversationTransferred, to_team=_maybe_team),
        st.builds(conversations.ConversationClaimed, team=_maybe_team),
        st.builds(conversations.ConversationClosed, outcome=st.sampled_from(tuple(Outcome))),
    )


@st.composite
def _in_conversation(draw: DrawFn) -> NewEvent:
    by_customer = draw(st.booleans())
    if by_customer:
        payload, actor = draw(_payloads_of_customers()), customer(draw(_customers))
    else:
        payload = draw(_payloads_of_operators())
        type_ = draw(st.sampled_from((ActorType.OPERATOR, ActorType.OPERATOR, ActorType.BOT, ActorType.INTEGRATION)))
        actor = Actor(type_, draw(_operators), draw(st.sampled_from(tuple(Confidence))))
    behalf = draw(st.none() | _operators) if actor.type is ActorType.BOT else None
    return event(
        payload,
        by=actor,
        at=draw(_instants),
        order=draw(_orders),
        conversation=draw(_conversations),
        on_behalf_of=behalf,
        session=draw(st.none() | st.sampled_from(("s1", "s2"))),
        interface=draw(st.none() | st.just("api")),
    )


@st.composite
def _of_operators(draw: DrawFn) -> NewEvent:
    payload = draw(
        st.one_of(
            st.builds(directory.OperatorJoined, name=st.none() | _words, team=_maybe_team),
            st.builds(directory.OperatorJoinedTeam, team=_teams, primary=st.booleans()),
            st.builds(directory.OperatorLeftTeam, team=_teams),
            st.builds(directory.OperatorRenamed, name=_words),
            st.just(directory.OperatorLeft()),
        )
    )
    operator = draw(_operators)
    return event(payload, by=operator, at=draw(_instants), order=draw(_orders), operator=operator)


@st.composite
def _of_customers(draw: DrawFn) -> NewEvent:
    payload = draw(
        st.one_of(
            st.builds(customers.CustomerBlocked, community=_places, conversation=st.none() | _conversations),
            st.builds(customers.CustomerUnblocked, community=_places),
            st.builds(customers.CustomerNamed, name=_words),
        )
    )
    return event(payload, by=draw(_operators), at=draw(_instants), order=draw(_orders), customer=draw(_customers))


@st.composite
def _of_places(draw: DrawFn) -> NewEvent:
    payload, of = draw(
        st.one_of(
            st.tuples(st.builds(directory.TeamNamed, name=_words), _teams),
            st.tuples(st.builds(directory.CommunityNamed, name=_words, channel=_places), st.just("mail")),
            st.tuples(st.builds(directory.ChannelRenamed, name=_words), st.just("vk")),
        )
    )
    return event(payload, by=draw(_operators), at=draw(_instants), order=draw(_orders), of=of)


def histories(longest: int = 25) -> SearchStrategy[list[NewEvent]]:
    """Distinct events; instants and orders often coincide."""
    one = st.one_of(
        _in_conversation(), _in_conversation(), _in_conversation(), _of_operators(), _of_customers(), _of_places()
    )
    return st.lists(one, min_size=1, max_size=longest, unique_by=lambda new: new.envelope.id)
