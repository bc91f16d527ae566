"""The simulated desk: what every story needs to happen in it."""

from uuid import UUID

from api.demo.cast import SECOND_LINE, Inflow, profiles
from api.demo.chance import Chance
from api.demo.clockwork import Clockwork
from api.demo.floor import Floor
from api.demo.people import Case, Customer, Operator
from api.demo.phrases import TOPICS, Speech, phrasebook
from api.demo.plants import SLOWDOWN
from api.demo.recipe import Recipe
from api.demo.scribe import Scribe
from domain.envelope import Actor, Stream
from domain.event import Event
from domain.words import ActorType, Kind, Priority, Subject

ROUTER = Actor(ActorType.SYSTEM, "router")
"""The desk's own software, which receives what customers write and sorts it."""
RULES = Actor(ActorType.RULE, "rules")
"""What the desk has set up to happen by itself."""
BOT = Actor(ActorType.BOT, "helper-bot")
HELP_DESK = Actor(ActorType.INTEGRATION, "help-desk")
"""The mail software, which keeps promises of its own."""

_VIP = 20
"""Every so many cases are of customers whom the desk calls VIP."""
_REMEMBERED = 400
"""How many recent customers a way in remembers, some of whom come back."""


class Desk:
    """Stories record through it, wait through its clock, and get operators from its floor."""

    def __init__(self, recipe: Recipe, prefix: str = "") -> None:
        self.recipe = recipe
        self.prefix = prefix
        """Begins every id of a conversation, so that two simulations can share a ledger."""
        self.clock = Clockwork(recipe.start)
        self.chance = Chance(recipe.seed + 1)
        self.scribe = Scribe(prefix + recipe.signature)
        staff = [Operator(profile, number) for number, profile in enumerate(profiles(recipe, Chance(recipe.seed)))]
        teams: dict[str, list[Operator]] = {}
        for operator in staff:
            teams.setdefault(operator.profile.team, []).append(operator)
        self.floor = Floor(self.clock, teams)
        self._slow_since, self._slow_until = SLOWDOWN.over(recipe) if recipe.planted else (0, 0)
        self._customers = 0
        self._recent: dict[str, list[Customer]] = {}
        self._cases = 0

    # Waiting

    def labour(self, operator: Operator, seconds: float, sigma: float = 0.6) -> int:
        """How long the operator takes for what usually takes `seconds`."""
        everybody = SLOWDOWN.labour if self._slow_since <= self.clock.now < self._slow_until else 1.0
        return self.chance.about(seconds * operator.profile.pace * everybody, sigma)

    # Recording

    def record(
        self,
        actor: Actor,
        stream: Stream,
        payload: Event,
        *,
        interface: str = "desk",
        causation: UUID | None = None,
    ) -> UUID:
        """Anybody did something."""
        return self.scribe.write(self.clock.now, stream, actor, payload, interface=interface, causation=causation)

    def wrote(self, case: Case, payload: Event) -> UUID:
        """The customer did something."""
        return self.record(case.customer.actor, case.stream, payload, interface=case.inflow.channel)

    def did(
        self, operator: Operator, stream: Stream, payload: Event, *, traced: bool = False, causation: UUID | None = None
    ) -> UUID:
        """The operator did something; `traced` where the desk also notes from which machine."""
        return self.scribe.write(
            self.clock.now,
            stream,
            operator.actor,
            payload,
            interface="desk",
            session=operator.session,
            ip=operator.ip if traced else None,
            user_agent=operator.user_agent if traced else None,
            causation=causation,
        )

    # People

    def lead(self, team: str) -> Operator:
        return self.floor.operators[team][0]

    def new_case(self, inflow: Inflow, *, customer: Customer | None = None) -> tuple[Case, bool]:
        """A conversation about to begin, and whether its customer was never seen before."""
        chance = self.chance
        known = customer or self._returning(inflow)
        customer = known or self._new_customer(inflow)
        self._cases += 1
        id_ = f"{self.prefix}{inflow.kind[0]}-{self._cases}"
        topic = chance.pick(TOPICS)
        upset = chance.is_so(0.2)
        case = Case(
            id=id_,
            stream=Stream(Subject.CONVERSATION, id_),
            customer=customer,
            inflow=inflow,
            speech=Speech(chance, customer.language, topic),
            topic=topic,
            priority=self._priority(upset),
            upset=upset,
            team=inflow.team,
            segment="vip" if self._cases % _VIP == 0 else None,
        )
        return case, known is None

    def _priority(self, upset: bool) -> Priority:
        drawn = self.chance.between(0.0, 1.0) - (0.1 if upset else 0)
        if drawn < 0.03:
            return Priority.URGENT
        if drawn < 0.15:
            return Priority.HIGH
        return Priority.NORMAL if drawn < 0.85 else Priority.LOW

    def _returning(self, inflow: Inflow) -> Customer | None:
        recent = self._recent.get(inflow.channel)
        return self.chance.pick(recent) if recent and self.chance.is_so(0.25) else None

    def _new_customer(self, inflow: Inflow) -> Customer:
        chance, channel = self.chance, inflow.channel
        self._customers += 1
        number = f"{self.prefix}{100_000 + self._customers}"
        id_ = f"customer-{number}@mail.example" if inflow.kind is Kind.EMAIL else f"{channel}:{number}"
        language = chance.pick(inflow.languages)
        book = phrasebook(language)
        customer = Customer(
            id=id_,
            name=f"{chance.pick(book.first_names)} {chance.pick(book.last_names)}",
            language=language,
            actor=Actor(ActorType.CUSTOMER, id_),
            stream=Stream(Subject.CUSTOMER, id_),
        )
        recent = self._recent.setdefault(channel, [])
        if len(recent) < _REMEMBERED:
            recent.append(customer)
        else:
            recent[chance.below(_REMEMBERED)] = customer
        return customer


def above(team: str) -> str:
    """Whom a team calls in when it knows no further."""
    return SECOND_LINE if team != SECOND_LINE else "messages"
