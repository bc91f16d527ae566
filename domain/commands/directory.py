"""What is to be known of the desk: operators, teams, channels, communities, and the workspace itself."""

from domain.command import Command, command
from domain.commands.fields import (
    AsPrimary,
    ChannelId,
    CommunityId,
    LiveSince,
    Name,
    OperatorId,
    PersonName,
    TeamId,
    Zone,
)
from domain.commands.refusals import directory as no
from domain.events import directory as events
from domain.words import Subject


@command(events.WorkspaceConfigured, of=Subject.WORKSPACE, refused=(no.zone_unknown, no.settings_unchanged))
class ConfigureWorkspace(Command):
    """Say what the desk is called, and in which zone it counts its days."""

    name: Name
    zone: Zone


@command(events.WorkspaceWentLive, of=Subject.WORKSPACE, refused=())
class GoLive(Command):
    """Say from when on somebody is to be told when a promise runs out. Of what runs out before, such as in an imported
    log, nobody is told; it counts in figures all the same."""

    live_since: LiveSince


@command(events.OperatorJoined, of=Subject.OPERATOR, refused=(no.already_joined,))
class AddOperator(Command):
    """Say that somebody works at the desk from now on; who left can join again."""

    operator: OperatorId
    name: PersonName | None = None
    team: TeamId | None = None


@command(events.OperatorRenamed, of=Subject.OPERATOR, refused=())
class RenameOperator(Command):
    """Say what an operator is called from now on."""

    operator: OperatorId
    name: PersonName


@command(events.OperatorLeft, of=Subject.OPERATOR, refused=(no.has_left,))
class RemoveOperator(Command):
    """Say that somebody no longer works at the desk. What they did remains theirs."""

    operator: OperatorId


@command(events.OperatorJoinedTeam, of=Subject.OPERATOR, refused=(no.has_left, no.already_in_team))
class AddOperatorToTeam(Command):
    """Say that an operator belongs to a team from now on."""

    operator: OperatorId
    team: TeamId
    primary: AsPrimary = True


@command(events.OperatorLeftTeam, of=Subject.OPERATOR, refused=(no.not_in_team,))
class RemoveOperatorFromTeam(Command):
    """Say that an operator no longer belongs to a team."""

    operator: OperatorId
    team: TeamId


@command(events.TeamNamed, of=Subject.TEAM, refused=(no.already_named,))
class NameTeam(Command):
    """Say what a team is called: that makes it."""

    team: TeamId
    name: Name


@command(events.TeamRenamed, of=Subject.TEAM, refused=(no.not_named, no.name_unchanged))
class RenameTeam(Command):
    """Say what a team is called from now on."""

    team: TeamId
    name: Name


@command(events.ChannelNamed, of=Subject.CHANNEL, refused=(no.already_named,))
class NameChannel(Command):
    """Say what a channel is called: that makes it."""

    channel: ChannelId
    name: Name


@command(events.ChannelRenamed, of=Subject.CHANNEL, refused=(no.not_named, no.name_unchanged))
class RenameChannel(Command):
    """Say what a channel is called from now on."""

    channel: ChannelId
    name: Name


@command(events.CommunityNamed, of=Subject.COMMUNITY, refused=(no.already_named,))
class NameCommunity(Command):
    """Say what a page, group, number or mailbox is called, and in which channel it is: that makes it."""

    community: CommunityId
    name: Name
    channel: ChannelId | None = None


@command(events.CommunityRenamed, of=Subject.COMMUNITY, refused=(no.not_named, no.name_unchanged))
class RenameCommunity(Command):
    """Say what a community is called from now on."""

    community: CommunityId
    name: Name
