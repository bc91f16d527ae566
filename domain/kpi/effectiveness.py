"""How well: whether what was resolved stays resolved."""

from domain.instants import DAY
from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.text import Text

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
)
