"""How work ends: with an answer, without one, set aside, resolved."""

from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, OPERATORS, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.text import Text

_ENDED = (m.ENDED_ANSWERED, m.ENDED_WITH_OPEN_TURN, m.ENDED_WITHOUT_REPLY)

KPIS = (
    Kpi(
        name="closed_with_reply",
        code="K05",
        version=1,
        title=Text("Closed with a reply", "Закрыто с ответом", "Закрито з відповіддю", "Închise cu răspuns"),
        meaning=Text(
            "Episodes that an operator ended after a public human reply, whoever gave it.",
            "Эпизоды, завершённые оператором после публичного ответа человека, кто бы его ни дал.",
            "Епізоди, завершені оператором після публічної відповіді людини, хто б її не дав.",
            "Episoade încheiate de un operator după un răspuns public uman, oricine l-ar fi dat.",
        ),
        formula=count(m.ENDED_ANSWERED, m.ENDED_WITH_OPEN_TURN),
        unit=Unit.COUNT,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="closed_with_reply_share",
        code="K05",
        version=1,
        title=Text(
            "Closed with a reply, share",
            "Доля закрытых с ответом",
            "Частка закритих з відповіддю",
            "Pondere închise cu răspuns",
        ),
        meaning=Text(
            "Of the episodes that operators ended, those with a public human reply. Set aside as spam or duplicate: "
            "not counted on either side.",
            "Из эпизодов, завершённых операторами, — с публичным ответом человека. Спам и дубликаты не входят ни "
            "туда, ни сюда.",
            "З епізодів, завершених операторами, — з публічною відповіддю людини. Спам і дублікати не входять ні "
            "туди, ні сюди.",
            "Dintre episoadele încheiate de operatori, cele cu răspuns public uman. Spamul și duplicatele nu intră.",
        ),
        formula=count(m.ENDED_ANSWERED, m.ENDED_WITH_OPEN_TURN) / count(*_ENDED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="closed_with_own_reply",
        code="K05",
        version=1,
        title=Text(
            "Closed after own reply",
            "Закрыто после своего ответа",
            "Закрито після своєї відповіді",
            "Închise după răspunsul propriu",
        ),
        meaning=Text(
            "Episodes that an operator ended who had answered in them.",
            "Эпизоды, завершённые оператором, который сам в них отвечал.",
            "Епізоди, завершені оператором, який сам у них відповідав.",
            "Episoade încheiate de un operator care a răspuns în ele.",
        ),
        formula=count(*m.ENDED_OWN_REPLY),
        unit=Unit.COUNT,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="closed_with_open_turn",
        code="K06",
        version=1,
        title=Text(
            "Closed with something unanswered",
            "Закрыто с открытой репликой",
            "Закрито з відкритою реплікою",
            "Închise cu replică deschisă",
        ),
        meaning=Text(
            "Episodes that an operator ended after a reply, while the customer had said something since. Mostly a "
            "closing thank-you; never called unanswered.",
            "Эпизоды, завершённые оператором после ответа, когда клиент успел сказать ещё что-то. Чаще всего это "
            "благодарность; без ответа такие не называются.",
            "Епізоди, завершені оператором після відповіді, коли клієнт устиг сказати ще щось. Найчастіше це подяка; "
            "такі не називаються без відповіді.",
            "Episoade încheiate de un operator după un răspuns, deși clientul mai spusese ceva. De obicei o mulțumire; "
            "nu se numesc fără răspuns.",
        ),
        formula=count(m.ENDED_WITH_OPEN_TURN),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="closed_without_reply",
        code="K06",
        version=1,
        title=Text("Closed without a reply", "Закрыто без ответа", "Закрито без відповіді", "Închise fără răspuns"),
        meaning=Text(
            "Episodes that an operator ended in which nobody of the desk gave the customer a public answer.",
            "Эпизоды, завершённые оператором, в которых никто из службы публично не ответил клиенту.",
            "Епізоди, завершені оператором, у яких ніхто зі служби публічно не відповів клієнтові.",
            "Episoade încheiate de un operator în care nimeni nu i-a răspuns public clientului.",
        ),
        formula=count(m.ENDED_WITHOUT_REPLY),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("first_response_time", "closed_with_open_turn"),
    ),
    Kpi(
        name="closed_without_reply_share",
        code="K06",
        version=1,
        title=Text(
            "Closed without a reply, share",
            "Доля закрытых без ответа",
            "Частка закритих без відповіді",
            "Pondere închise fără răspuns",
        ),
        meaning=Text(
            "Of the episodes that operators ended, those without any public human reply.",
            "Из эпизодов, завершённых операторами, — без единого публичного ответа человека.",
            "З епізодів, завершених операторами, — без жодної публічної відповіді людини.",
            "Dintre episoadele încheiate de operatori, cele fără niciun răspuns public uman.",
        ),
        formula=count(m.ENDED_WITHOUT_REPLY) / count(*_ENDED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("first_response_time", "closed_with_open_turn"),
    ),
    Kpi(
        name="contested_closes",
        code="K06",
        version=1,
        title=Text("Contested closes", "Оспоренные закрытия", "Оскаржені закриття", "Închideri contestate"),
        meaning=Text(
            "Closes without a reply that the customer answered by coming back within 24 hours; counted at the close.",
            "Закрытия без ответа, после которых клиент вернулся в течение 24 часов; считаются на момент закрытия.",
            "Закриття без відповіді, після яких клієнт повернувся протягом 24 годин; рахуються на момент закриття.",
            "Închideri fără răspuns după care clientul a revenit în 24 de ore; numărate la momentul închiderii.",
        ),
        formula=count(m.CLOSE_CONTESTED),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="set_aside",
        code="K06",
        version=1,
        title=Text("Set aside", "Отложено в сторону", "Відкладено вбік", "Puse deoparte"),
        meaning=Text(
            "Episodes ended as spam, duplicate, merged or test.",
            "Эпизоды, завершённые как спам, дубликат, объединённые или тестовые.",
            "Епізоди, завершені як спам, дублікат, об'єднані або тестові.",
            "Episoade încheiate ca spam, duplicat, unificate sau test.",
        ),
        formula=count(m.ENDED_SET_ASIDE),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="resolved",
        code="K08",
        version=1,
        title=Text("Resolved", "Решено", "Вирішено", "Rezolvate"),
        meaning=Text(
            "Resolutions in the period, to the credit of whoever resolved. Resolved again after a reopening counts "
            "again; who resolved first keeps the credit. What a timeout or another system account resolved is counted "
            "only where asked for.",
            "Решения за период, в заслугу решившему. Решённое снова после возврата считается снова; первый решивший "
            "заслугу сохраняет. Решения тайм-аута и прочих системных учётных записей — только по запросу.",
            "Вирішення за період, на рахунок того, хто вирішив. Вирішене знову після повернення рахується знову; "
            "перший зберігає заслугу. Вирішення тайм-ауту та інших системних записів — лише на запит.",
            "Rezolvări în perioadă, în contul celui care a rezolvat. Rezolvat din nou după redeschidere se numără din "
            "nou; primul își păstrează meritul. Rezolvările conturilor de sistem se numără doar la cerere.",
        ),
        formula=count(m.RESOLVED),
        unit=Unit.COUNT,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("reopen_rate",),
    ),
)
