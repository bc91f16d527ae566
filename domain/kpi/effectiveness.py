"""How well: what share is resolved, without help, with one answer."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.instants import DAY
from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, OPERATORS, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.kpi.question import Dimension
from domain.kpi.returning import RESOLUTIONS_JUDGED
from domain.text import Text

_NOBODY_OPENS: Mapping[Dimension, str] = MappingProxyType(
    {Dimension.OPERATOR: "nobody of the desk opened the episodes it is a share of; ask for `resolved_share_of_held`"}
)


def _within(days: int) -> tuple[Text, Text]:
    return (
        Text(
            f"Resolved within {days} days",
            f"Решено за {days} дн.",
            f"Вирішено за {days} дн.",
            f"Rezolvate în {days} zile",
        ),
        Text(
            f"Of the episodes that began in the period: those resolved within {days} days and not opened again since.",
            f"Из эпизодов, начатых за период, — решённые за {days} дн. и с тех пор не открытые снова.",
            f"З епізодів, розпочатих за період, — вирішені за {days} дн. і відтоді не відкриті знову.",
            f"Dintre episoadele începute în perioadă: cele rezolvate în {days} zile și neredeschise de atunci.",
        ),
    )


_COHORTS = (
    (
        "resolved_share",
        Text("Resolved share", "Доля решённых", "Частка вирішених", "Ponderea rezolvărilor"),
        Text(
            "Of the episodes that began in the period: those that are resolved by now and were not opened again.",
            "Из эпизодов, начатых за период, — решённые к настоящему времени и не открытые снова.",
            "З епізодів, розпочатих за період, — вирішені дотепер і не відкриті знову.",
            "Dintre episoadele începute în perioadă: cele rezolvate până acum și neredeschise.",
        ),
        m.COHORT_RESOLVED,
    ),
    *(
        (f"resolved_share_within_{days}_days", *_within(days), measure)
        for days, measure in m.COHORT_RESOLVED_WITHIN.items()
    ),
)

KPIS = (
    Kpi(
        name="self_solved_share",
        code="K29",
        version=1,
        title=Text("Solved without help", "Решено без помощи", "Вирішено без допомоги", "Rezolvate fără ajutor"),
        meaning=Text(
            "Of the episodes that an operator resolved: those in which nobody else of the desk had answered, noted, "
            "talked, or had it and handed it over. Bots are no help; whoever gave it out of the queue is none either.",
            "Из решённых оператором эпизодов — те, где никто другой из службы не отвечал, не оставлял заметок, не "
            "говорил и не передавал его из своих рук. Боты — не помощь; распределение из очереди — тоже.",
            "З вирішених оператором епізодів — ті, де ніхто інший зі служби не відповідав, не лишав нотаток, не "
            "говорив "
            "і не передавав його зі своїх рук. Боти — не допомога; розподіл із черги — теж.",
            "Dintre episoadele rezolvate de un operator: cele în care nimeni altcineva nu a răspuns, notat, vorbit sau "
            "nu l-a avut și predat. Boții nu sunt ajutor; nici cine l-a repartizat din coadă.",
        ),
        formula=count(m.RESOLVED_ALONE) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("reopen_rate",),
    ),
    Kpi(
        name="one_touch_share",
        code="K31",
        version=1,
        title=Text(
            "Solved with one answer", "Решено одним ответом", "Вирішено однією відповіддю", "Rezolvate cu un răspuns"
        ),
        meaning=Text(
            "Of the episodes resolved: conversations that took one answer (several messages in a row are one) and were "
            "never opened again. Resolutions younger than 7 days are not counted yet.",
            "Из решённых эпизодов — диалоги, где хватило одного ответа (несколько сообщений подряд — один) и которые "
            "больше не открывали. Решения моложе 7 дней ещё не считаются.",
            "З вирішених епізодів — діалоги, де вистачило однієї відповіді (кілька повідомлень поспіль — одна) і які "
            "більше не відкривали. Вирішення, молодші за 7 днів, ще не рахуються.",
            "Dintre episoadele rezolvate: conversații cărora le-a ajuns un răspuns (mai multe mesaje la rând sunt "
            "unul) și care nu s-au mai redeschis. Rezolvările mai noi de 7 zile nu se numără încă.",
        ),
        formula=count(m.RESOLVED_AT_ONCE) / RESOLUTIONS_JUDGED,
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("reopen_rate",),
        matures_after=7 * DAY,
    ),
    *(
        Kpi(
            name=name,
            code="K09",
            version=1,
            title=title,
            meaning=meaning,
            formula=count(resolved) / count(m.CONVERSATION_OPENED, m.CONVERSATION_STARTED, m.EPISODE_REOPENED),
            unit=Unit.SHARE,
            direction=Direction.MORE_IS_BETTER,
            slices=NO_ACTOR,
            refusals=_NOBODY_OPENS,
            actor_types=EVERYBODY,
            shown_with=("resolved",),
        )
        for name, title, meaning, resolved in _COHORTS
    ),
    Kpi(
        name="resolved_share_of_held",
        code="K09",
        version=1,
        title=Text(
            "Resolved of those held", "Решено из взятых в руки", "Вирішено з узятих у руки", "Rezolvate din cele avute"
        ),
        meaning=Text(
            "Of the episodes that began in the period and that the operator ever had: those that they resolved and "
            "that were not opened again. A team's: those that anybody of it had.",
            "Из эпизодов, начатых за период и хоть раз бывших у оператора, — решённые им и не открытые снова. По "
            "команде — бывшие у кого-либо из неё.",
            "З епізодів, розпочатих за період, які бодай раз були в оператора, — вирішені ним і не відкриті знову. По "
            "команді — ті, що були в когось із неї.",
            "Dintre episoadele începute în perioadă pe care operatorul le-a avut vreodată: cele rezolvate de el și "
            "neredeschise. Pe echipă: cele avute de oricine din ea.",
        ),
        formula=count(m.COHORT_HELD_RESOLVED) / count(m.COHORT_HELD),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("resolved",),
    ),
)
