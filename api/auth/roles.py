"""The eight roles, and the one table of what each may do. Resolvers ask for a right, never for a role."""

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
    """KPIs, and counts of actions, of the whole workspace."""
    OWN_FIGURES = "own_figures"
    """One's own KPIs, and those of teams without names of operators."""
    JOURNAL = "journal"
    """Everybody's journal."""
    OWN_JOURNAL = "own_journal"
    """What oneself did."""
    CONVERSATIONS = "conversations"
    """Conversations with their history."""
    REMOVED_CONTENT = "removed_content"
    """What was deleted or hidden, or stood there before an edit; IP and user agent."""
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


_READ = frozenset(
    {Right.DIRECTORY, Right.FIGURES, Right.OWN_FIGURES, Right.JOURNAL, Right.OWN_JOURNAL, Right.CONVERSATIONS}
)

RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.OPERATOR: frozenset(
            {Right.DIRECTORY, Right.OWN_FIGURES, Right.OWN_JOURNAL, Right.CONVERSATIONS, Right.COMMAND}
        ),
        Role.LEAD: _READ | {Right.COMMAND, Right.ARRANGE},
        Role.QUALITY: _READ,
        Role.INVESTIGATOR: _READ | {Right.REMOVED_CONTENT, Right.ACCESS_LOG},
        Role.MANAGER: _READ | {Right.CONFIGURE},
        Role.ADMINISTRATOR: frozenset({Right.DIRECTORY, Right.ACCESS_LOG, Right.ARRANGE, Right.CONFIGURE}),
        Role.INGEST: frozenset({Right.RECORD, Right.COMMAND, Right.ARRANGE}),
        Role.SUBSCRIBER: frozenset({Right.DIRECTORY, Right.FIGURES, Right.OWN_FIGURES}),
    }
)


def roles_with(*rights: Right) -> tuple[Role, ...]:
    """The roles that have any of `rights`, in the order of the roles: what a field's description says."""
    return tuple(role for role in Role if RIGHTS[role] & frozenset(rights))
