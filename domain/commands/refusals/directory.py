"""Why something can't be said of operators, and of what has a name."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from domain.command import Wish, refusal
from domain.commands.state import NamedState, OperatorState, WorkspaceState
from domain.words import Presence

AboutOperator = Wish[OperatorState, Any]
AboutNamed = Wish[NamedState, Any]
AboutWorkspace = Wish[WorkspaceState, Any]


@cache
def known_zones() -> frozenset[str]:
    """The zones that IANA knows."""
    return frozenset(available_timezones())


@refusal("OPERATOR_ALREADY_JOINED")
def already_joined(wish: AboutOperator) -> str | None:
    """The operator works at the desk."""
    return "the operator joined the desk already" if wish.state.joined else None


@refusal("OPERATOR_HAS_LEFT")
def has_left(wish: AboutOperator) -> str | None:
    """The operator no longer works at the desk."""
    return "the operator has left the desk" if wish.state.left else None


@refusal("ALREADY_IN_TEAM")
def already_in_team(wish: AboutOperator) -> str | None:
    """The operator belongs to the team, as wished."""
    state, wanted = wish.state, wish.command
    as_wished = (state.primary_team == wanted.team) is wanted.primary
    return "the operator belongs to the team already" if wanted.team in state.teams and as_wished else None


@refusal("NOT_IN_TEAM")
def not_in_team(wish: AboutOperator) -> str | None:
    """The operator does not belong to the team."""
    return None if wish.command.team in wish.state.teams else "the operator does not belong to the team"


@refusal("PRESENCE_UNCHANGED")
def presence_unchanged(wish: AboutOperator) -> str | None:
    """The operator is that already."""
    wanted: Presence = wish.command.presence
    return f"the operator is {wanted.value} already" if wish.state.presence is wanted else None


@refusal("ALREADY_NAMED")
def already_named(wish: AboutNamed) -> str | None:
    """It has a name; rename it."""
    return f"it is called {wish.state.name!r} already; rename it" if wish.state.name is not None else None


@refusal("NOT_NAMED")
def not_named(wish: AboutNamed) -> str | None:
    """It never got a name, and so can't get another one."""
    return "it has no name yet; name it first" if wish.state.name is None else None


@refusal("NAME_UNCHANGED")
def name_unchanged(wish: AboutNamed) -> str | None:
    """It is called that already."""
    return "it is called that already" if wish.state.name == wish.command.name else None


@refusal("ZONE_UNKNOWN")
def zone_unknown(wish: AboutWorkspace) -> str | None:
    """There is no such time zone."""
    known = wish.command.zone in known_zones()
    return None if known else "there is no such time zone; name it as IANA does: Europe/Chisinau"


@refusal("SETTINGS_UNCHANGED")
def settings_unchanged(wish: AboutWorkspace) -> str | None:
    """Name and zone are these already."""
    same = (wish.state.name, wish.state.zone) == (wish.command.name, wish.command.zone)
    return "name and zone are these already" if same else None
