"""Why a cost can't be recorded."""

from typing import Any

from domain.command import Wish, refusal
from domain.commands.state import WorkspaceState
from domain.costs import Item

About = Wish[WorkspaceState, Any]


@refusal("OTHER_CURRENCY")
def other_currency(wish: About) -> str | None:
    """Costs were recorded in another currency; a sum over two would mean nothing."""
    known = wish.state.costs.currency
    return None if known in (None, wish.command.currency) else f"costs are recorded in {known} here"


@refusal("COST_UNCHANGED")
def cost_unchanged(wish: About) -> str | None:
    """It is recorded so already."""
    wanted = wish.command
    item = Item(wanted.month, wanted.cost, wanted.team, wanted.channel)
    return "it is recorded so already" if wish.state.costs.amount(item) == wanted.amount else None
