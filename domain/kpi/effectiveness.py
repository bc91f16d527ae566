"""How well: whether what was resolved stays resolved."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.instants import DAY
from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, OPERATORS, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.kpi.question import Dimension
from domain.text import Text

_NOBODY_OPENS: Mapping[Dimension, str] = MappingProxyType(
    {Dimension.OPERATOR: "nobody of the desk opened the episodes it is a share of; ask for `resolved` by operator"}
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
        name="reopen_rate",
        code="K32",
        version=1,
        title=Text("Reopen rate", "Доля возвратов", "Частка повернень", "Rata redeschiderilor"),
        meaning=Text(
            "Of the episodes resolved in the period, those reopened within 7 days, to the account of whoever "
            "resolved. Resolutions younger than 7 days are not counted yet. A reopening that needed no reply and got "
            "none is no reopening.",
            "Из эпизодов, решённых за период, — открытые снова в течение 7 дней; на счёт решившего. Решения моложе 7 "
            "дней ещё не считаются. Возврат, который не требовал ответа и его не получил, — не возврат.",
            "З епізодів, вирішених за період, — відкриті знову протягом 7 днів; на рахунок того, хто вирішив. "
            "Вирішення, молодші за 7 днів, ще не рахуються. Повернення, яке не потребувало відповіді й не отримало її, "
            "— не повернення.",
            "Dintre episoadele rezolvate în perioadă, cele redeschise în 7 zile, în contul celui care a rezolvat. "
            "Rezolvările mai noi de 7 zile nu se numără încă. O redeschidere care nu cerea răspuns nu contează.",
        ),
        formula=count(m.REOPENED_BY_CUSTOMER, m.REOPENED_BY_DESK) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("resolved",),
        matures_after=7 * DAY,
    ),
    Kpi(
        name="reopen_rate_by_customer",
        code="K32",
        version=1,
        title=Text("Reopened by the customer", "Возвраты от клиента", "Повернення від клієнта", "Redeschise de client"),
        meaning=Text(
            "The part of the reopen rate that customers reopened.",
            "Часть доли возвратов, где диалог открыл клиент.",
            "Частина частки повернень, де діалог відкрив клієнт.",
            "Partea din rata redeschiderilor datorată clienților.",
        ),
        formula=count(m.REOPENED_BY_CUSTOMER) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("resolved",),
        matures_after=7 * DAY,
    ),
    Kpi(
        name="reopen_rate_by_desk",
        code="K32",
        version=1,
        title=Text("Reopened by the desk", "Возвраты от службы", "Повернення від служби", "Redeschise de echipă"),
        meaning=Text(
            "The part of the reopen rate that the desk reopened.",
            "Часть доли возвратов, где диалог открыла служба.",
            "Частина частки повернень, де діалог відкрила служба.",
            "Partea din rata redeschiderilor datorată echipei.",
        ),
        formula=count(m.REOPENED_BY_DESK) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("resolved",),
        matures_after=7 * DAY,
    ),
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
            "not opened again within 7 days. Resolutions younger than that are not counted yet.",
            "Из решённых эпизодов — диалоги, где хватило одного ответа (несколько сообщений подряд — один) и которые "
            "не "
            "открыли снова за 7 дней. Более молодые решения ещё не считаются.",
            "З вирішених епізодів — діалоги, де вистачило однієї відповіді (кілька повідомлень поспіль — одна) і які "
            "не "
            "відкрили знову за 7 днів. Молодші вирішення ще не рахуються.",
            "Dintre episoadele rezolvate: conversații cărora le-a ajuns un răspuns (mai multe mesaje la rând sunt "
            "unul) "
            "și care nu s-au redeschis în 7 zile. Rezolvările mai noi nu se numără încă.",
        ),
        formula=count(m.RESOLVED_AT_ONCE) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("reopen_rate",),
        matures_after=7 * DAY,
    ),
    Kpi(
        name="first_contact_resolution",
        code="K30",
        version=1,
        title=Text(
            "First contact resolution",
            "Решено с первого обращения",
            "Вирішено з першого звернення",
            "Rezolvate din prima",
        ),
        meaning=Text(
            "Of the episodes resolved: first episodes of their conversation that were not opened again within 7 days, "
            "and "
            "after which the customer began no other conversation within 7 days, in whatever channel. Resolutions "
            "younger than that are not counted yet; what a system closed is left out.",
            "Из решённых эпизодов — первые эпизоды диалогов, которые не открыли снова за 7 дней и после которых "
            "клиент не "
            "начал другого диалога за 7 дней, в любом канале. Более молодые решения ещё не считаются; закрытое "
            "системой "
            "не входит.",
            "З вирішених епізодів — перші епізоди діалогів, які не відкрили знову за 7 днів і після яких клієнт не "
            "почав "
            "іншого діалогу за 7 днів, у будь-якому каналі. Молодші вирішення ще не рахуються; закрите системою не "
            "входить.",
            "Dintre episoadele rezolvate: primele episoade ale conversațiilor, neredeschise în 7 zile și după care "
            "clientul nu a început altă conversație în 7 zile, pe orice canal. Rezolvările mai noi nu se numără încă; "
            "ce "
            "a închis un sistem nu intră.",
        ),
        formula=(count(m.RESOLVED_FIRST) - count(*m.REOPENED_FIRST, m.FOLLOWED_UP_FIRST)) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("handle_time",),
        matures_after=7 * DAY,
    ),
    Kpi(
        name="repeat_contact_rate",
        code="K33",
        version=1,
        title=Text("Repeat contacts", "Повторные обращения", "Повторні звернення", "Contacte repetate"),
        meaning=Text(
            "Of the episodes resolved: those after which the customer began another conversation within 7 days, in "
            "whatever channel; to the account of whoever had resolved. Resolutions younger than that are not counted "
            "yet.",
            "Из решённых эпизодов — те, после которых клиент за 7 дней начал другой диалог в любом канале; на счёт "
            "решившего. Более молодые решения ещё не считаются.",
            "З вирішених епізодів — ті, після яких клієнт за 7 днів почав інший діалог у будь-якому каналі; на рахунок "
            "того, хто вирішив. Молодші вирішення ще не рахуються.",
            "Dintre episoadele rezolvate: cele după care clientul a început altă conversație în 7 zile, pe orice "
            "canal; în "
            "contul celui care a rezolvat. Rezolvările mai noi nu se numără încă.",
        ),
        formula=count(m.FOLLOWED_UP) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("resolved",),
        matures_after=7 * DAY,
    ),
    Kpi(
        name="repeat_contact_rate_same_topic",
        code="K33",
        version=1,
        title=Text(
            "Repeat contacts on the same topic",
            "Повторные обращения по той же теме",
            "Повторні звернення за тією ж темою",
            "Contacte repetate pe același subiect",
        ),
        meaning=Text(
            "The same, of those whose next conversation was said to be about the same topic.",
            "То же — из тех, чей следующий диалог помечен той же темой.",
            "Те саме — з тих, чий наступний діалог позначено тією ж темою.",
            "La fel, dintre cele a căror conversație următoare are același subiect.",
        ),
        formula=count(m.FOLLOWED_UP_SAME_TOPIC) / count(m.RESOLVED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
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
)
