"""Who works at the simulated desk and where it answers: teams, channels, communities, operators."""

from dataclasses import dataclass
from enum import StrEnum

from api.demo.chance import Chance
from api.demo.phrases import phrasebook
from api.demo.plants import CULPRITS, Fault
from api.demo.recipe import Recipe
from domain.text import Locale
from domain.words import Kind

ZONE = "Europe/Chisinau"
"""Where the desk counts its days; a town in which all four languages are spoken."""


class Shift(StrEnum):
    """When an operator's working day begins and ends, in local hours."""

    EARLY = "early"
    LATE = "late"
    DAY = "day"
    NIGHT = "night"

    @property
    def hours(self) -> tuple[float, float]:
        return _HOURS[self]


_HOURS = {Shift.EARLY: (7.5, 16.0), Shift.LATE: (13.5, 22.0), Shift.DAY: (9.0, 17.5), Shift.NIGHT: (22.0, 30.5)}


@dataclass(frozen=True, slots=True)
class Team:
    """`share` of all operators, who work `shifts` in turn."""

    id: str
    name: str
    share: float
    shifts: tuple[Shift, ...]


_AROUND_THE_CLOCK = (Shift.EARLY, Shift.LATE, Shift.EARLY, Shift.LATE, Shift.NIGHT, Shift.EARLY, Shift.LATE)

TEAMS = (
    Team("messages", "Messages", 0.49, _AROUND_THE_CLOCK),
    Team("comments", "Comments", 0.18, (Shift.EARLY, Shift.LATE)),
    Team("mail", "Mail", 0.14, (Shift.DAY,)),
    Team("phone", "Phone", 0.12, (Shift.EARLY, Shift.LATE)),
    Team("second-line", "Second line", 0.07, (Shift.DAY, Shift.LATE)),
)
SECOND_LINE = "second-line"

CHANNELS = {"vk": "VK", "telegram": "Telegram", "instagram": "Instagram", "mail": "Mail", "phone": "Phone"}

COMMUNITIES = {
    "vk-shop": ("Shop on VK", "vk"),
    "telegram-support": ("Support chat", "telegram"),
    "telegram-news": ("News and offers", "telegram"),
    "instagram-brand": ("The brand", "instagram"),
    "mail-help": ("help@", "mail"),
    "phone-hotline": ("Hotline", "phone"),
}


@dataclass(frozen=True, slots=True)
class Inflow:
    """A way in which customers come: `daily` conversations to each operator of the desk, on an ordinary day."""

    community: str
    kind: Kind
    team: str
    daily: float
    languages: tuple[Locale, ...]

    @property
    def channel(self) -> str:
        return COMMUNITIES[self.community][1]


_RU, _UK, _RO, _EN = Locale.RU, Locale.UK, Locale.RO, Locale.EN

INFLOWS = (
    Inflow("vk-shop", Kind.MESSAGE, "messages", 1.1, (_RU, _RU, _RU, _UK)),
    Inflow("telegram-support", Kind.MESSAGE, "messages", 1.05, (_RU, _UK, _UK, _RO)),
    Inflow("instagram-brand", Kind.MESSAGE, "messages", 0.55, (_RO, _RO, _EN, _RU)),
    Inflow("vk-shop", Kind.COMMENT, "comments", 0.68, (_RU, _RU, _UK)),
    Inflow("telegram-news", Kind.COMMENT, "comments", 0.36, (_RU, _UK, _RO)),
    Inflow("instagram-brand", Kind.COMMENT, "comments", 0.45, (_RO, _EN, _RU)),
    Inflow("mail-help", Kind.EMAIL, "mail", 0.45, (_RO, _EN, _RU, _UK)),
    Inflow("phone-hotline", Kind.CALL, "phone", 0.68, (_RO, _RO, _RU)),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """An operator as they are, whatever happens. `place` 0 leads the team."""

    id: str
    name: str
    team: str
    place: int
    shift: Shift
    days_off: int
    """The first of two days off in a row, of seven."""
    pace: float
    """How long they take for anything, 1 being usual."""
    fault: Fault | None
    joins: float = 0.0
    """From when they are there, in parts of the history."""
    leaves: float | None = None


NEWCOMER_JOINS = 0.4
LEAVER_LEAVES = 0.65


def profiles(recipe: Recipe, chance: Chance) -> list[Profile]:
    """All who ever work there, team by team."""
    faults = {(culprit.team, culprit.place): culprit.fault for culprit in CULPRITS} if recipe.planted else {}
    hired: list[Profile] = []
    for team, size in _sizes(recipe.operators).items():
        for place in range(size):
            fault = faults.get((team.id, place))
            hired.append(
                Profile(
                    id=f"op-{len(hired) + 1:02}",
                    name=_name(len(hired)),
                    team=team.id,
                    place=place,
                    shift=team.shifts[place % len(team.shifts)],
                    days_off=(place * 3 + place // 7 * 2) % 7,
                    pace=3.0 if fault is Fault.SLOW else chance.between(0.8, 1.25),
                    fault=fault,
                    joins=NEWCOMER_JOINS if (team.id, place) == ("comments", size - 1) else 0.0,
                    leaves=LEAVER_LEAVES if (team.id, place) == ("messages", size - 1) else None,
                )
            )
    return hired


def culprit(recipe: Recipe, fault: Fault) -> str:
    """The id of the operator in whom `fault` was planted."""
    return next(profile.id for profile in profiles(recipe, Chance(recipe.seed)) if profile.fault is fault)


def _sizes(operators: int) -> dict[Team, int]:
    """How many operators each team has: by shares, at least one each, what rounding leaves to the first."""
    sizes = {team: max(1, int(operators * team.share)) for team in TEAMS}
    sizes[TEAMS[0]] += operators - sum(sizes.values())
    return sizes


def _name(number: int) -> str:
    book = phrasebook(tuple(Locale)[number % len(Locale)])
    turn = number // len(Locale)
    return f"{book.first_names[turn % 8]} {book.last_names[(turn * 3 + turn // 8) % 8]}"
