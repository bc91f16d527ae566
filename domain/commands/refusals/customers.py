"""Why something can't be done to a customer. The sentences name no customer: their ids are personal."""

from typing import Any

from domain.command import Wish, refusal
from domain.commands.state import CustomerState
from domain.commands.state.customer import EVERYWHERE

About = Wish[CustomerState, Any]


@refusal("CUSTOMER_MERGED")
def merged(wish: About) -> str | None:
    """The customer's record goes on in another one; act there."""
    return "the customer was merged into another one; act there" if wish.state.merged else None


@refusal("CUSTOMER_ALREADY_BLOCKED")
def already_blocked(wish: About) -> str | None:
    """The customer is blocked there, or everywhere."""
    blocked = wish.state.blocked & {EVERYWHERE, wish.command.community}
    return "the customer is blocked there already" if blocked else None


@refusal("CUSTOMER_NOT_BLOCKED")
def not_blocked(wish: About) -> str | None:
    """The customer is blocked nowhere, or not in that community by itself; a block of all is lifted as a whole."""
    place = wish.command.community
    if place is EVERYWHERE:
        return None if wish.state.blocked else "the customer is not blocked"
    if place in wish.state.blocked:
        return None
    everywhere = EVERYWHERE in wish.state.blocked
    return (
        "the customer is blocked in all communities; lift that" if everywhere else "the customer is not blocked there"
    )


@refusal("CUSTOMER_ALREADY_MUTED")
def already_muted(wish: About) -> str | None:
    """The customer is muted there until the same instant, or everywhere for good."""
    state, wanted = wish.state, wish.command
    same = state.is_muted(wanted.community, wish.at) and state.muted[wanted.community] == wanted.until
    for_good = state.is_muted(EVERYWHERE, wish.at) and state.muted[EVERYWHERE] is None
    return "the customer is muted so already" if same or for_good else None


@refusal("CUSTOMER_NOT_MUTED")
def not_muted(wish: About) -> str | None:
    """The customer is muted nowhere, or not in that community by itself; a mute of all is lifted as a whole."""
    state, place = wish.state, wish.command.community
    if place is EVERYWHERE:
        muted = any(state.is_muted(one, wish.at) for one in state.muted)
        return None if muted else "the customer is not muted"
    if state.is_muted(place, wish.at):
        return None
    everywhere = state.is_muted(EVERYWHERE, wish.at)
    return "the customer is muted in all communities; lift that" if everywhere else "the customer is not muted there"


@refusal("MERGE_INTO_ITSELF")
def into_itself(wish: About) -> str | None:
    """A customer can't be merged into themselves."""
    return "both are the same customer" if wish.command.into == wish.command.customer else None


@refusal("MERGE_TARGET_MERGED")
def target_merged(wish: About) -> str | None:
    """The record that is to go on was merged itself."""
    return (
        "the other customer was merged themselves; name the record that goes on" if wish.others["into"].merged else None
    )
