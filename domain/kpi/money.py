"""What contacts cost: recorded costs over what was done for them.

Costs stand where they were recorded (the desk, a team, a channel), each month's evenly over its days. Over a time or in
a slice of which none were recorded there is no figure.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from domain.kpi import measures as m
from domain.kpi.formula import count, total
from domain.kpi.kpi import OPERATORS, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.kpi.question import Dimension
from domain.text import Text
from domain.words import ActorType

_SLICES = (Dimension.TEAM, Dimension.CHANNEL)
_REFUSALS: Mapping[Dimension, str] = MappingProxyType(
    {
        dimension: "an operator's costs are not recorded: a salary divided by contacts tells of the salary"
        if dimension is Dimension.OPERATOR
        else "costs are recorded for the desk, its teams and its channels; ask for it by these"
        for dimension in Dimension
        if dimension not in _SLICES
    }
)
_money = partial(
    Kpi,
    code="K41",
    version=1,
    unit=Unit.MONEY,
    direction=Direction.LESS_IS_BETTER,
    slices=_SLICES,
    refusals=_REFUSALS,
    actor_types=(*OPERATORS, ActorType.CUSTOMER),
)
"""Costs are nobody's act, as what customers do is."""

KPIS = (
    _money(
        name="cost",
        title=Text("Recorded cost", "Затраты", "Витрати", "Costuri"),
        meaning=Text(
            "What was recorded as cost of the period, in minor units of the currency; a month's evenly over its days.",
            "Записанные затраты за период, в минимальных единицах валюты; месячные — поровну по дням.",
            "Записані витрати за період, у найменших одиницях валюти; місячні — порівну за днями.",
            "Costurile înregistrate pentru perioadă, în unități minime ale monedei; cele lunare egal pe zile.",
        ),
        formula=total(m.COST),
        direction=Direction.NEUTRAL,
        shown_with=("cost_per_contact",),
    ),
    _money(
        name="cost_per_contact",
        title=Text("Cost per contact", "Стоимость контакта", "Вартість контакту", "Cost per contact"),
        meaning=Text(
            "Recorded costs over contacts handled by operators; a month's costs evenly over its days.",
            "Записанные затраты на один контакт, обработанный операторами; месячные — поровну по дням.",
            "Записані витрати на один контакт, оброблений операторами; місячні — порівну за днями.",
            "Costurile înregistrate la un contact tratat de operatori; cele lunare egal pe zile.",
        ),
        formula=total(m.COST) / count(m.CONTACT_HANDLED),
        shown_with=("contacts_handled", "first_contact_resolution"),
    ),
    _money(
        name="cost_per_resolved",
        title=Text("Cost per resolution", "Стоимость решения", "Вартість вирішення", "Cost per rezolvare"),
        meaning=Text(
            "Recorded costs over episodes resolved by operators and bots.",
            "Записанные затраты на один эпизод, решённый операторами и ботами.",
            "Записані витрати на один епізод, вирішений операторами та ботами.",
            "Costurile înregistrate la un episod rezolvat de operatori și boți.",
        ),
        formula=total(m.COST) / count(m.RESOLVED),
        actor_types=(*OPERATORS_AND_BOTS, ActorType.CUSTOMER),
        shown_with=("resolved",),
    ),
    _money(
        name="cost_per_handled_minute",
        title=Text(
            "Cost per minute of work", "Стоимость минуты работы", "Вартість хвилини роботи", "Cost per minut de lucru"
        ),
        meaning=Text(
            "Recorded costs over the minutes in which operators handled contacts: talk, hold and after-call work, and "
            "work on what is written.",
            "Записанные затраты на минуту работы операторов с контактами: разговор, удержание, поствызывная работа и "
            "работа с письменными обращениями.",
            "Записані витрати на хвилину роботи операторів із контактами: розмова, утримання, робота після дзвінка й "
            "робота з письмовими зверненнями.",
            "Costurile înregistrate la un minut de lucru al operatorilor: convorbire, așteptare, lucru după apel și "
            "lucru la mesajele scrise.",
        ),
        formula=total(m.COST) / total(m.CALL_TALK, m.CALL_HOLD, m.CALL_AFTER_WORK, m.FOCUS, m.TIME_AS_WORK) * 60,
        shown_with=("handle_time",),
    ),
)
