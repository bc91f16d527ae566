"""Operators at work: how many are there, and how busy."""

from domain.kpi import measures as m
from domain.kpi.formula import standing, total
from domain.kpi.kpi import OPERATORS, Direction, Kpi, Part, Unit
from domain.kpi.question import Dimension
from domain.text import Text

_SLICES = (Dimension.OPERATOR, Dimension.TEAM)
_REFUSALS = {
    dimension: "an operator is there for whatever comes, of any kind and from anywhere; ask by operator or team"
    for dimension in Dimension
    if dimension not in _SLICES
}

KPIS = (
    Kpi(
        name="headcount_online",
        code="K25",
        version=1,
        title=Text("Operators online", "Операторов в сети", "Операторів у мережі", "Operatori online"),
        meaning=Text(
            "Operators online at the end of each piece of the period, exactly at that instant; away and on a break is "
            "not online.",
            "Операторы в сети на конец каждого отрезка периода, точно на этот момент; отошедшие и на перерыве не в "
            "сети.",
            "Оператори в мережі на кінець кожного відрізка періоду, точно на цей момент; хто відійшов чи на перерві, "
            "не в мережі.",
            "Operatori online la sfârșitul fiecărui interval, exact în acel moment; cei plecați sau în pauză nu sunt "
            "online.",
        ),
        formula=standing(m.CAME_ONLINE, m.WENT_FROM_ONLINE),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=_SLICES,
        actor_types=OPERATORS,
        refusals=_REFUSALS,
    ),
    Kpi(
        name="occupancy",
        code="K25",
        version=1,
        title=Text("Occupancy", "Занятость", "Зайнятість", "Grad de ocupare"),
        meaning=Text(
            "Work over work and time online without any: calls with hold and after-work, and what operators had "
            "before them; several conversations at once count once. Good is neither low nor above 85 %.",
            "Работа к работе и времени в сети без неё: звонки с удержанием и работой после них и то, что было перед "
            "оператором; несколько диалогов сразу считаются один раз. Хорошо — не низко и не выше 85 %.",
            "Робота до роботи та часу в мережі без неї: дзвінки з утриманням і роботою після них і те, що було перед "
            "оператором; кілька діалогів одразу рахуються один раз. Добре — не низько й не понад 85 %.",
            "Lucrul raportat la lucru și la timpul online fără el: apelurile cu reținere și lucrul de după, și ce a "
            "fost în fața operatorului; mai multe conversații deodată se numără o dată. Bine e nici puțin, nici peste "
            "85 %.",
        ),
        formula=total(m.BUSY) / total(m.ONLINE, m.BUSY_NOT_ONLINE),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        slices=_SLICES,
        actor_types=OPERATORS,
        shown_with=("utilisation",),
        refusals=_REFUSALS,
    ),
    Kpi(
        name="utilisation",
        code="K25",
        version=1,
        title=Text("Utilisation", "Загрузка", "Завантаження", "Utilizare"),
        meaning=Text(
            "Work over time at work, online or away, without breaks; several conversations at once count once.",
            "Работа к рабочему времени, в сети или отойдя, без перерывов; несколько диалогов сразу считаются один раз.",
            "Робота до робочого часу, у мережі чи відійшовши, без перерв; кілька діалогів одразу рахуються один раз.",
            "Lucrul raportat la timpul de lucru, online sau plecat, fără pauze; mai multe conversații deodată se "
            "numără o dată.",
        ),
        formula=total(m.BUSY) / total(m.ONLINE, m.AWAY),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        slices=_SLICES,
        actor_types=OPERATORS,
        shown_with=("occupancy",),
        refusals=_REFUSALS,
        parts=(
            Part("online", Text("Online", "В сети", "У мережі", "Online"), total(m.ONLINE)),
            Part("away", Text("Away", "Отошли", "Відійшли", "Plecați"), total(m.AWAY)),
            Part("on_break", Text("On a break", "На перерыве", "На перерві", "În pauză"), total(m.ON_BREAK)),
        ),
    ),
    Kpi(
        name="concurrency",
        code="K25",
        version=1,
        title=Text("Concurrency", "Одновременных диалогов", "Одночасних діалогів", "Conversații simultane"),
        meaning=Text(
            "How many conversations an operator works on at once, on average over the time that there is any.",
            "Над сколькими диалогами оператор работает одновременно — в среднем за время, когда есть хоть один.",
            "Над скількома діалогами оператор працює одночасно — у середньому за час, коли є хоч один.",
            "La câte conversații lucrează un operator deodată, în medie pe timpul în care are vreuna.",
        ),
        formula=total(m.WORK) / total(m.BUSY),
        unit=Unit.PER_UNIT,
        direction=Direction.NEUTRAL,
        slices=_SLICES,
        actor_types=OPERATORS,
        refusals=_REFUSALS,
    ),
)
