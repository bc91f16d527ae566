"""The eight roles, and the one table of what each may do, and how far. Resolvers ask for a right, never for a role."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a token is for."""

    OPERATOR = "operator"
    LEAD = "lead"
    QUALITY = "quality"
    INVESTIGATOR = "investigator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    INGEST = "ingest"
    SUBSCRIBER = "subscriber"


class Right(StrEnum):
    """What a root field, or a masked column, asks for."""

    DIRECTORY = "directory"
    """Names of operators, teams, communities and channels."""
    FIGURES = "figures"
    """KPIs, rankings, and counts of actions. Who sees their own only sees those that name nobody as well."""
    SAMPLES = "samples"
    """What a figure is made of."""
    JOURNAL = "journal"
    """Journal entries."""
    SEARCH = "search"
    """What was written, found by its words."""
    CONVERSATIONS = "conversations"
    """Conversations with their whole history, and their customers."""
    CONTACTS = "contacts"
    """By which id a customer is known outside: a number, an address, an account."""
    REMOVED_CONTENT = "removed_content"
    """What was deleted, hidden or withdrawn, or stood there before an edit; IP and user agent."""
    ACCESS_LOG = "access_log"
    """Who read what."""
    RECORD = "record"
    """Facts in."""
    COMMAND = "command"
    """Acts on conversations and customers."""
    ARRANGE = "arrange"
    """Who and what there is: operators, teams, channels, communities, and the workspace's settings."""
    CONFIGURE = "configure"
    """When the desk works, and what it promises to customers."""


class Reach(StrEnum):
    """How far a right goes."""

    OWN = "own"
    """What is the operator's whose token it is."""
    TEAM = "team"
    """What is of the teams that the token names."""
    ALL = "all"
    """The whole workspace."""


def _all(*rights: Right) -> Mapping[Right, Reach]:
    return MappingProxyType(dict.fromkeys(rights, Reach.ALL))


_SEEN = (Right.FIGURES, Right.SAMPLES, Right.JOURNAL, Right.CONVERSATIONS)

RIGHTS: Mapping[Role, Mapping[Right, Reach]] = MappingProxyType(
    {
        Role.OPERATOR: MappingProxyType(
            {**_all(Right.DIRECTORY, Right.COMMAND), **dict.fromkeys((*_SEEN, Right.CONTACTS), Reach.OWN)}
        ),
        Role.LEAD: MappingProxyType(
            {
                **_all(Right.DIRECTORY, Right.COMMAND, Right.ARRANGE),
                **dict.fromkeys((*_SEEN, Right.SEARCH, Right.CONTACTS), Reach.TEAM),
            }
        ),
        Role.QUALITY: _all(Right.DIRECTORY, Right.SEARCH, Right.CONVERSATIONS),
        Role.INVESTIGATOR: _all(
            Right.DIRECTORY, *_SEEN, Right.SEARCH, Right.CONTACTS, Right.REMOVED_CONTENT, Right.ACCESS_LOG
        ),
        Role.MANAGER: _all(Right.DIRECTORY, *_SEEN, Right.SEARCH, Right.CONFIGURE),
        Role.ADMINISTRATOR: _all(Right.DIRECTORY, Right.ACCESS_LOG, Right.ARRANGE, Right.CONFIGURE),
        Role.INGEST: _all(Right.RECORD, Right.COMMAND, Right.ARRANGE),
        Role.SUBSCRIBER: _all(Right.DIRECTORY, Right.FIGURES),
    }
)


def roles_with(*rights: Right) -> tuple[Role, ...]:
    """The roles that have any of `rights`, in the order of the roles."""
    return tuple(role for role in Role if RIGHTS[role].keys() & frozenset(rights))


def reach_of(role: Role, *rights: Right) -> Reach | None:
    """How far the first of `rights` goes that a role has; None: it has none of them."""
    return next((RIGHTS[role][right] for right in rights if right in RIGHTS[role]), None)
