"""Whether what was resolved stays resolved: reopenings, first contact resolution, repeat contacts.

Each counts what comes within a window of days after the resolution, and only resolutions that are older than it.
"""

from functools import partial
from typing import NamedTuple

from domain.instants import DAY
from domain.kpi import measures as m
from domain.kpi.formula import Ratio, count
from domain.kpi.kpi import ALL_SLICES, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.text import Text


class _Window(NamedTuple):
    """So many days, and how they are called: in the nominative and, for Slavic languages, in the genitive."""

    days: int
    name: Text
    suffix: str

    def of(self, text: Text) -> Text:
        """A text about this window, which stands in it as {}."""
        return Text(*(part.format(name) for part, name in zip(_parts(text), _parts(self.name), strict=True)))

    def titled(self, title: Text) -> Text:
        """A title that tells of the window where it is not the usual one."""
        if not self.suffix:
            return title
        return Text(*(f"{part} ({name})" for part, name in zip(_parts(title), _parts(self.name), strict=True)))


def _parts(text: Text) -> tuple[str, str, str, str]:
    return text.en, text.ru, text.uk, text.ro


_WINDOWS = (
    _Window(7, Text("7 days", "7 дней", "7 днів", "7 zile"), ""),
    _Window(1, Text("24 hours", "24 часов", "24 годин", "24 de ore"), "_within_1_days"),
    _Window(30, Text("30 days", "30 дней", "30 днів", "30 de zile"), "_within_30_days"),
)
_USUAL = _WINDOWS[0]

RESOLUTIONS_JUDGED = count(m.RESOLVED) - count(m.RESOLVED_NEEDLESS)
"""Those of which it is asked whether they lasted."""

_returning = partial(Kpi, version=1, unit=Unit.SHARE, slices=ALL_SLICES, actor_types=OPERATORS_AND_BOTS)

_REOPENED = Text(
    "Of the episodes resolved in the period, those reopened within {0}, to the account of whoever had resolved. "
    "Resolutions younger than {0} are not counted yet. A reopening that needed no reply and got none is no reopening.",
    "Из эпизодов, решённых за период, — открытые снова в течение {0}; на счёт решившего. До истечения {0} решения ещё "
    "не считаются. Возврат, который не требовал ответа и его не получил, — не возврат.",
    "З епізодів, вирішених за період, — відкриті знову протягом {0}; на рахунок того, хто вирішив. До спливу {0} "
    "вирішення ще не рахуються. Повернення, яке не потребувало відповіді й не отримало її, — не повернення.",
    "Dintre episoadele rezolvate în perioadă, cele redeschise în {0}, în contul celui care rezolvase. Rezolvările mai "
    "noi de {0} nu se numără încă. O redeschidere care nu cerea răspuns și nu l-a primit nu contează.",
)
_FIRST = Text(
    "Of the episodes resolved: first episodes of their conversation that were not reopened within {0}, and after which "
    "the customer began no other conversation within {0}, in whatever channel. Resolutions younger than {0} are not "
    "counted yet; what a system closed is left out; what needed no reply and got none is no return.",
    "Из решённых эпизодов — первые эпизоды диалогов, которые не открыли снова в течение {0} и после которых клиент в "
    "течение {0} не начал другого диалога ни в одном канале. До истечения {0} решения ещё не считаются; закрытое "
    "системой не входит; то, что не требовало ответа и его не получило, — не возвращение.",
    "З вирішених епізодів — перші епізоди діалогів, які не відкрили знову протягом {0} і після яких клієнт протягом "
    "{0} не почав іншого діалогу в жодному каналі. До спливу {0} вирішення ще не рахуються; закрите системою не "
    "входить; те, що не потребувало відповіді й не отримало її, — не повернення.",
    "Dintre episoadele rezolvate: primele episoade ale conversațiilor, neredeschise în {0} și după care clientul nu a "
    "început altă conversație în {0}, pe orice canal. Rezolvările mai noi de {0} nu se numără încă; ce a închis un "
    "sistem nu intră; ce nu cerea răspuns și nu l-a primit nu e o revenire.",
)
_REPEATED = Text(
    "Of the episodes resolved: those after which the customer began another conversation within {0}, in whatever "
    "channel; to the account of whoever had resolved. Resolutions younger than {0} are not counted yet; a conversation "
    "that needed no reply and got none is no return.",
    "Из решённых эпизодов — те, после которых клиент в течение {0} начал другой диалог в любом канале; на счёт "
    "решившего. До истечения {0} решения ещё не считаются; диалог, который не требовал ответа и его не получил, — не "
    "возвращение.",
    "З вирішених епізодів — ті, після яких клієнт протягом {0} почав інший діалог у будь-якому каналі; на рахунок "
    "того, хто вирішив. До спливу {0} вирішення ще не рахуються; діалог, який не потребував відповіді й не отримав її, "
    "— не повернення.",
    "Dintre episoadele rezolvate: cele după care clientul a început altă conversație în {0}, pe orice canal; în contul "
    "celui care rezolvase. Rezolvările mai noi de {0} nu se numără încă; o conversație care nu cerea răspuns și nu l-a "
    "primit nu e o revenire.",
)


def _stayed_solved(days: int) -> Ratio:
    spoiled = count(*m.REOPENED_FIRST[days], m.FOLLOWED_UP_WITHIN[days].first)
    return (count(m.RESOLVED_FIRST) - spoiled) / RESOLUTIONS_JUDGED


def _reopen_rates(window: _Window) -> Kpi:
    return _returning(
        name=f"reopen_rate{window.suffix}",
        code="K32",
        title=window.titled(Text("Reopen rate", "Доля возвратов", "Частка повернень", "Rata redeschiderilor")),
        meaning=window.of(_REOPENED),
        formula=count(*m.REOPENED_WITHIN[window.days]) / RESOLUTIONS_JUDGED,
        direction=Direction.LESS_IS_BETTER,
        shown_with=("resolved",),
        matures_after=window.days * DAY,
    )


def _first_contact(window: _Window) -> Kpi:
    return _returning(
        name=f"first_contact_resolution{window.suffix}",
        code="K30",
        title=window.titled(
            Text(
                "First contact resolution",
                "Решено с первого обращения",
                "Вирішено з першого звернення",
                "Rezolvate din prima",
            )
        ),
        meaning=window.of(_FIRST),
        formula=_stayed_solved(window.days),
        direction=Direction.MORE_IS_BETTER,
        shown_with=("handle_time",),
        matures_after=window.days * DAY,
    )


def _repeat_contacts(window: _Window) -> Kpi:
    return _returning(
        name=f"repeat_contact_rate{window.suffix}",
        code="K33",
        title=window.titled(Text("Repeat contacts", "Повторные обращения", "Повторні звернення", "Contacte repetate")),
        meaning=window.of(_REPEATED),
        formula=count(m.FOLLOWED_UP_WITHIN[window.days].any) / RESOLUTIONS_JUDGED,
        direction=Direction.LESS_IS_BETTER,
        shown_with=("resolved",),
        matures_after=window.days * DAY,
    )


_by_whom = partial(
    _returning, code="K32", direction=Direction.LESS_IS_BETTER, shown_with=("resolved",), matures_after=7 * DAY
)

KPIS = (
    *(_reopen_rates(window) for window in _WINDOWS),
    _by_whom(
        name="reopen_rate_by_customer",
        title=Text("Reopened by the customer", "Возвраты от клиента", "Повернення від клієнта", "Redeschise de client"),
        meaning=Text(
            "The part of the reopen rate that customers reopened.",
            "Часть доли возвратов, где диалог открыл клиент.",
            "Частина частки повернень, де діалог відкрив клієнт.",
            "Partea din rata redeschiderilor datorată clienților.",
        ),
        formula=count(m.REOPENED_WITHIN[7][0]) / RESOLUTIONS_JUDGED,
    ),
    _by_whom(
        name="reopen_rate_by_desk",
        title=Text("Reopened by the desk", "Возвраты от службы", "Повернення від служби", "Redeschise de echipă"),
        meaning=Text(
            "The part of the reopen rate that the desk reopened.",
            "Часть доли возвратов, где диалог открыла служба.",
            "Частина частки повернень, де діалог відкрила служба.",
            "Partea din rata redeschiderilor datorată echipei.",
        ),
        formula=count(m.REOPENED_WITHIN[7][1]) / RESOLUTIONS_JUDGED,
    ),
    *(_first_contact(window) for window in _WINDOWS),
    _returning(
        name="first_contact_resolution_same_topic",
        code="K30",
        title=Text(
            "First contact resolution by topic",
            "Решено с первого обращения по теме",
            "Вирішено з першого звернення за темою",
            "Rezolvate din prima, pe subiect",
        ),
        meaning=Text(
            "The same within 7 days, where another conversation counts as a return only if it is about the same topic.",
            "То же за 7 дней, но другой диалог считается возвращением, только если он на ту же тему.",
            "Те саме за 7 днів, але інший діалог вважається поверненням, лише якщо він на ту ж тему.",
            "La fel în 7 zile, dar altă conversație contează ca revenire doar dacă are același subiect.",
        ),
        formula=(count(m.RESOLVED_FIRST) - count(*m.REOPENED_FIRST[7], m.FOLLOWED_UP_FIRST_SAME_TOPIC))
        / RESOLUTIONS_JUDGED,
        direction=Direction.MORE_IS_BETTER,
        shown_with=("first_contact_resolution",),
        matures_after=7 * DAY,
    ),
    _returning(
        name="first_contact_resolution_net",
        code="K30",
        title=Text(
            "First contact resolution, net",
            "Решено с первого обращения, нетто",
            "Вирішено з першого звернення, нетто",
            "Rezolvate din prima, net",
        ),
        meaning=Text(
            "The same within 7 days, over episodes that were not escalated: those could not be solved where they came.",
            "То же за 7 дней по эпизодам без эскалации: переданные выше нельзя было решить на месте.",
            "Те саме за 7 днів за епізодами без ескалації: передані вище не можна було вирішити на місці.",
            "La fel în 7 zile, pe episoadele neescaladate: celelalte nu se puteau rezolva acolo unde au ajuns.",
        ),
        formula=(
            count(m.RESOLVED_FIRST)
            - count(m.RESOLVED_FIRST_ESCALATED, *m.REOPENED_FIRST_AT_TIER, m.FOLLOWED_UP_FIRST_AT_TIER)
        )
        / (RESOLUTIONS_JUDGED - count(m.RESOLVED_ESCALATED)),
        direction=Direction.MORE_IS_BETTER,
        shown_with=("first_contact_resolution",),
        matures_after=7 * DAY,
    ),
    *(_repeat_contacts(window) for window in _WINDOWS),
    _returning(
        name="repeat_contact_rate_same_topic",
        code="K33",
        title=Text(
            "Repeat contacts on the same topic",
            "Повторные обращения по той же теме",
            "Повторні звернення за тією ж темою",
            "Contacte repetate pe același subiect",
        ),
        meaning=Text(
            "The same within 7 days, of those whose next conversation was said to be about the same topic.",
            "То же за 7 дней — из тех, чей следующий диалог помечен той же темой.",
            "Те саме за 7 днів — з тих, чий наступний діалог позначено тією ж темою.",
            "La fel în 7 zile, dintre cele a căror conversație următoare are același subiect.",
        ),
        formula=count(m.FOLLOWED_UP_SAME_TOPIC) / RESOLUTIONS_JUDGED,
        direction=Direction.LESS_IS_BETTER,
        shown_with=("resolved",),
        matures_after=7 * DAY,
    ),
)
