"""Who and what there is: operators, teams, channels, communities, and the workspace itself."""

from domain.event import Event, Id, Label, PersonName, event
from domain.instants import Instant
from domain.text import Text
from domain.words import Subject


@event(
    "workspace.configured",
    of=Subject.WORKSPACE,
    title=Text(
        "Workspace configured", "Рабочее пространство настроено", "Робочий простір налаштовано", "Spațiu configurat"
    ),
)
class WorkspaceConfigured(Event):
    """The desk's name and the zone (an IANA name) in which it counts its days."""

    name: Label
    zone: Label


@event(
    "workspace.went_live",
    of=Subject.WORKSPACE,
    title=Text("Workspace went live", "Рабочее пространство запущено", "Робочий простір запущено", "Spațiu pornit"),
    told=False,
)
class WorkspaceWentLive(Event):
    """From this instant on somebody is told when a promise runs out; of what ran out before it nobody is."""

    live_since: Instant


@event(
    "operator.joined",
    of=Subject.OPERATOR,
    title=Text("Operator joined", "Оператор принят", "Оператора прийнято", "Operator venit"),
)
class OperatorJoined(Event):
    """Somebody works at the desk from now on."""

    name: PersonName | None = None
    team: Id | None = None
    """Their primary team."""


@event(
    "operator.renamed",
    of=Subject.OPERATOR,
    title=Text("Operator renamed", "Имя оператора изменено", "Ім'я оператора змінено", "Operator redenumit"),
)
class OperatorRenamed(Event):
    """What the operator is called from now on."""

    name: PersonName


@event(
    "operator.left",
    of=Subject.OPERATOR,
    title=Text("Operator left", "Оператор ушёл", "Оператор пішов", "Operator plecat"),
)
class OperatorLeft(Event):
    """Somebody no longer works at the desk. What they did remains theirs."""


@event(
    "operator.joined_team",
    of=Subject.OPERATOR,
    title=Text("Joined team", "Вошёл в команду", "Увійшов до команди", "S-a alăturat echipei"),
)
class OperatorJoinedTeam(Event):
    """The operator belongs to a team from now on."""

    team: Id
    primary: bool = True


@event(
    "operator.left_team",
    of=Subject.OPERATOR,
    title=Text("Left team", "Вышел из команды", "Вийшов з команди", "A părăsit echipa"),
)
class OperatorLeftTeam(Event):
    """The operator no longer belongs to a team."""

    team: Id


@event(
    "team.named",
    of=Subject.TEAM,
    title=Text("Team named", "Команда названа", "Команду названо", "Echipă numită"),
)
class TeamNamed(Event):
    """What a team is called: the first time, that makes it."""

    name: Label


@event(
    "team.renamed",
    of=Subject.TEAM,
    title=Text("Team renamed", "Команда переименована", "Команду перейменовано", "Echipă redenumită"),
)
class TeamRenamed(Event):
    """What a team is called from now on."""

    name: Label


@event(
    "channel.named",
    of=Subject.CHANNEL,
    title=Text("Channel named", "Канал назван", "Канал названо", "Canal numit"),
)
class ChannelNamed(Event):
    """What a channel is called: VK, Telegram, mail, phone."""

    name: Label


@event(
    "channel.renamed",
    of=Subject.CHANNEL,
    title=Text("Channel renamed", "Канал переименован", "Канал перейменовано", "Canal redenumit"),
)
class ChannelRenamed(Event):
    """What a channel is called from now on."""

    name: Label


@event(
    "community.named",
    of=Subject.COMMUNITY,
    title=Text("Community named", "Сообщество названо", "Спільноту названо", "Comunitate numită"),
)
class CommunityNamed(Event):
    """What a page, group, number or mailbox is called."""

    name: Label
    channel: Id | None = None


@event(
    "community.renamed",
    of=Subject.COMMUNITY,
    title=Text("Community renamed", "Сообщество переименовано", "Спільноту перейменовано", "Comunitate redenumită"),
)
class CommunityRenamed(Event):
    """What a community is called from now on."""

    name: Label
