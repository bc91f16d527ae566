"""Work: how many contacts operators handle, how long that takes, and in what condition episodes spend their time."""

from domain.kpi import measures as m
from domain.kpi.formula import Sum, count, mean, total
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, OPERATORS, Direction, Kpi, Part, Unit
from domain.kpi.question import Dimension
from domain.text import Text


def _in_condition(name: str, title: Text, meaning: Text, seconds: Sum) -> Kpi:
    return Kpi(
        name=name,
        code="K20",
        version=1,
        title=title,
        meaning=meaning,
        formula=seconds,
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=EVERYBODY,
        parts=(
            Part(
                "per_episode",
                Text("For each that ended", "На завершённый эпизод", "На завершений епізод", "La fiecare încheiat"),
                seconds / count(m.BACKLOG_ENDED),
            ),
        ),
    )


KPIS = (
    Kpi(
        name="contacts_handled",
        code="K48",
        version=1,
        title=Text("Contacts handled", "Обработано контактов", "Оброблено контактів", "Contacte tratate"),
        meaning=Text(
            "Episodes in which the operator talked, answered publicly or resolved, at their first such act. A team's "
            "total is of distinct episodes.",
            "Эпизоды, в которых оператор говорил, публично отвечал или решил вопрос, — по первому такому действию. "
            "Итог команды — разные эпизоды.",
            "Епізоди, в яких оператор говорив, публічно відповідав або вирішив питання, — за першою такою дією. "
            "Підсумок команди — різні епізоди.",
            "Episoade în care operatorul a vorbit, a răspuns public sau a rezolvat, la prima astfel de acțiune. "
            "Totalul echipei numără episoade distincte.",
        ),
        formula=count(m.CONTACT_HANDLED),
        unit=Unit.COUNT,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("handle_time",),
    ),
    Kpi(
        name="handle_time",
        code="K24",
        version=1,
        title=Text("Average handle time", "Среднее время обработки", "Середній час обробки", "Timp mediu de tratare"),
        meaning=Text(
            "Talk, hold and after-call work, or work on what is written, for each contact handled. Work on what is "
            "written is the operator's focus on it; where the desk tells nothing of that, the time in which the "
            "episode was theirs, open and not on hold. Asked by kind, since calls and letters have no common mean.",
            "Разговор, удержание и поствызывная работа либо работа с письменным обращением на один обработанный "
            "контакт. Работа с письменным — фокус оператора; если служба о нём не сообщает — время, когда эпизод был "
            "за ним, открыт и не отложен. Только по видам: у звонков и писем нет общего среднего.",
            "Розмова, утримання та робота після дзвінка або робота з письмовим зверненням на один оброблений контакт. "
            "Робота з письмовим — фокус оператора; якщо служба про нього не повідомляє — час, коли епізод був за ним, "
            "відкритий і не відкладений. Лише за видами: дзвінки й листи не мають спільного середнього.",
            "Convorbire, așteptare și lucru după apel sau lucru la mesajele scrise, pentru fiecare contact tratat. "
            "Lucrul scris este focusul operatorului; dacă nu se comunică, timpul în care episodul a fost al lui, "
            "deschis și neamânat. Numai pe tipuri: apelurile și scrisorile nu au medie comună.",
        ),
        formula=total(m.CALL_TALK, m.CALL_HOLD, m.CALL_AFTER_WORK, m.FOCUS, m.TIME_AS_WORK) / count(m.CONTACT_HANDLED),
        unit=Unit.SECONDS,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        needs=(Dimension.KIND,),
        actor_types=OPERATORS,
        shown_with=("reopen_rate",),
        parts=(
            Part(
                "talk",
                Text("Talk", "Разговор", "Розмова", "Convorbire"),
                total(m.CALL_TALK) / count(m.CONTACT_HANDLED),
            ),
            Part(
                "hold",
                Text("Hold", "Удержание", "Утримання", "Așteptare"),
                total(m.CALL_HOLD) / count(m.CONTACT_HANDLED),
            ),
            Part(
                "after_work",
                Text("After-call work", "Поствызывная работа", "Робота після дзвінка", "Lucru după apel"),
                total(m.CALL_AFTER_WORK) / count(m.CONTACT_HANDLED),
            ),
            Part(
                "focus",
                Text("Focus", "Фокус", "Фокус", "Focus"),
                total(m.FOCUS) / count(m.CONTACT_HANDLED),
            ),
            Part(
                "assigned",
                Text("Assigned and open", "Назначено и открыто", "Призначено й відкрито", "Atribuit și deschis"),
                total(m.TIME_AS_WORK) / count(m.CONTACT_HANDLED),
            ),
        ),
    ),
    _in_condition(
        name="requester_wait_time",
        title=Text(
            "Time customers waited",
            "Время ожидания клиентов",
            "Час очікування клієнтів",
            "Timp de așteptare al clienților",
        ),
        meaning=Text(
            "Seconds in which episodes were open and did not wait for the customer: in a queue, at an operator's, on "
            "hold for others. Counted when the condition ends, to whoever held the episode.",
            "Секунды, когда эпизоды были открыты и ждали не клиента: в очереди, у оператора, отложены из-за других. "
            "Считаются по окончании состояния, на счёт того, у кого был эпизод.",
            "Секунди, коли епізоди були відкриті й чекали не на клієнта: у черзі, в оператора, відкладені через інших. "
            "Рахуються після закінчення стану, на рахунок того, в кого був епізод.",
            "Secunde în care episoadele erau deschise și nu așteptau clientul: în coadă, la operator, amânate din "
            "cauza "
            "altora. Se numără la sfârșitul stării, în contul celui care le avea.",
        ),
        seconds=total(m.TIME_IN_QUEUE, m.TIME_ASSIGNED, m.TIME_ON_HOLD),
    ),
    _in_condition(
        name="agent_work_time",
        title=Text("Time with the desk", "Время у службы", "Час у служби", "Timp la echipă"),
        meaning=Text(
            "Seconds in which episodes were open and not on hold, in a queue or at an operator's.",
            "Секунды, когда эпизоды были открыты и не отложены — в очереди или у оператора.",
            "Секунди, коли епізоди були відкриті й не відкладені — у черзі або в оператора.",
            "Secunde în care episoadele erau deschise și neamânate, în coadă sau la un operator.",
        ),
        seconds=total(m.TIME_IN_QUEUE, m.TIME_ASSIGNED),
    ),
    _in_condition(
        name="agent_wait_time",
        title=Text(
            "Time waiting for customers",
            "Ожидание ответа клиентов",
            "Очікування відповіді клієнтів",
            "Așteptarea clienților",
        ),
        meaning=Text(
            "Seconds in which episodes were on hold for the customer.",
            "Секунды, когда эпизоды были отложены в ожидании клиента.",
            "Секунди, коли епізоди були відкладені в очікуванні клієнта.",
            "Secunde în care episoadele erau amânate în așteptarea clientului.",
        ),
        seconds=total(m.TIME_PENDING),
    ),
    _in_condition(
        name="on_hold_time",
        title=Text(
            "Time on hold for others", "Отложено из-за других", "Відкладено через інших", "Amânate din cauza altora"
        ),
        meaning=Text(
            "Seconds in which episodes were on hold for a vendor, a colleague or somebody else, not the customer.",
            "Секунды, когда эпизоды были отложены в ожидании поставщика, коллеги или других, но не клиента.",
            "Секунди, коли епізоди були відкладені в очікуванні постачальника, колеги чи інших, але не клієнта.",
            "Secunde în care episoadele erau amânate pentru un furnizor, un coleg sau altcineva, nu pentru client.",
        ),
        seconds=total(m.TIME_ON_HOLD),
    ),
    Kpi(
        name="queue_time",
        code="K20",
        version=1,
        title=Text("Time in a queue", "Время в очереди", "Час у черзі", "Timp în coadă"),
        meaning=Text(
            "How long episodes stood in queues before somebody had them or they ended, without the time on hold.",
            "Сколько эпизоды стояли в очередях, пока их кто-то не взял или не завершили, без отложенного времени.",
            "Скільки епізоди стояли в чергах, доки їх хтось не взяв або вони не завершилися, без відкладеного часу.",
            "Cât au stat episoadele în cozi până le-a preluat cineva sau s-au încheiat, fără timpul amânat.",
        ),
        formula=mean(m.QUEUE_STAY),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=tuple(dimension for dimension in Dimension if dimension is not Dimension.OPERATOR),
        actor_types=EVERYBODY,
    ),
)
