"""What customers say: ratings and recommendations. Rated is whoever had resolved when the survey was sent; giving the
conversation to somebody else after a bad rating changes nothing."""

from functools import partial

from domain.kpi import measures as m
from domain.kpi.formula import count, mean, net_share
from domain.kpi.kpi import ALL_SLICES, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.text import Text
from domain.words import ActorType

LEAST_ANSWERS = 20
"""At so many answers an operator's score is known to about 29 points; with fewer it says nothing."""

_voice = partial(Kpi, version=1, slices=ALL_SLICES, actor_types=(*OPERATORS_AND_BOTS, ActorType.CUSTOMER))
"""A survey that nobody is rated by still counts for the team and the company."""

KPIS = (
    _voice(
        name="customer_rating",
        code="K26",
        title=Text(
            "Average customer rating", "Средняя оценка клиентов", "Середня оцінка клієнтів", "Nota medie a clienților"
        ),
        meaning=Text(
            "The mean of ratings from 1 to 5, at the instant of the answer; of each survey its last answer. Thumbs "
            "count as 1 and 5. To the account of whoever had resolved when the survey was sent, else of whoever had "
            "answered last.",
            "Среднее оценок от 1 до 5 на момент ответа; от каждого опроса — последний ответ. «Палец» — 1 или 5. На "
            "счёт "
            "того, кто решил к отправке опроса, иначе — кто ответил последним.",
            "Середнє оцінок від 1 до 5 на момент відповіді; від кожного опитування — остання відповідь. «Палець» — 1 "
            "або 5. На рахунок того, хто вирішив до надсилання опитування, інакше — хто відповів останнім.",
            "Media notelor de la 1 la 5, în clipa răspunsului; din fiecare sondaj ultimul răspuns. Degetul este 1 sau "
            "5. În contul celui care rezolvase la trimiterea sondajului, altfel al celui care răspunsese ultimul.",
        ),
        formula=mean(m.RATING),
        unit=Unit.SCORE,
        direction=Direction.MORE_IS_BETTER,
        shown_with=("survey_response_rate",),
    ),
    _voice(
        name="satisfied_share",
        code="K27",
        title=Text("Satisfied customers", "Довольные клиенты", "Задоволені клієнти", "Clienți mulțumiți"),
        meaning=Text(
            "Of the ratings: the share of 4 and 5. A 3 is not good.",
            "Из оценок — доля 4 и 5. Тройка — не хорошая.",
            "З оцінок — частка 4 і 5. Трійка — не добра.",
            "Dintre note: ponderea celor de 4 și 5. Un 3 nu e bun.",
        ),
        formula=count(m.RATING_GOOD) / count(m.RATING),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        shown_with=("survey_response_rate",),
    ),
    _voice(
        name="survey_response_rate",
        code="K27",
        title=Text(
            "Survey response rate",
            "Доля ответивших на опрос",
            "Частка відповідей на опитування",
            "Rata de răspuns la sondaj",
        ),
        meaning=Text(
            "Ratings given for each asked for, in the same slice. Above 1 where more answers than questions fell into "
            "the period.",
            "Полученные оценки на число запрошенных в том же срезе. Больше 1, если за период ответов больше, чем "
            "запросов.",
            "Отримані оцінки на кількість запитаних у тому ж зрізі. Понад 1, якщо за період відповідей більше, ніж "
            "запитів.",
            "Note primite la numărul celor cerute, în aceeași felie. Peste 1 dacă în perioadă sunt mai multe "
            "răspunsuri decât întrebări.",
        ),
        formula=count(m.RATING) / count(m.RATING_ASKED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
    ),
    _voice(
        name="ratings_turned_good",
        code="K27",
        title=Text("Ratings turned good", "Оценки, ставшие хорошими", "Оцінки, що стали добрими", "Note devenite bune"),
        meaning=Text(
            "Ratings whose last answer is good and whose answer before was not.",
            "Оценки, последний ответ которых хороший, а предыдущий — нет.",
            "Оцінки, остання відповідь яких добра, а попередня — ні.",
            "Note al căror ultim răspuns e bun, iar cel dinainte nu.",
        ),
        formula=count(m.RATING_TURNED_GOOD),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
    ),
    _voice(
        name="ratings_turned_bad",
        code="K27",
        title=Text("Ratings turned bad", "Оценки, ставшие плохими", "Оцінки, що стали поганими", "Note devenite rele"),
        meaning=Text(
            "Ratings whose last answer is not good and whose answer before was.",
            "Оценки, последний ответ которых плохой, а предыдущий был хорошим.",
            "Оцінки, остання відповідь яких погана, а попередня була доброю.",
            "Note al căror ultim răspuns nu e bun, iar cel dinainte era.",
        ),
        formula=count(m.RATING_TURNED_BAD),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
    ),
    _voice(
        name="nps",
        code="K28",
        title=Text("Net promoter score", "Индекс NPS", "Індекс NPS", "Scor NPS"),
        meaning=Text(
            "The share of customers who answer 9 or 10 less the share who answer 0 to 6, in points from -100 to 100; 7 "
            "and 8 count below the line only. Above 50 great, above 0 good, below 0 to be investigated. An operator's "
            f"is shown from {LEAST_ANSWERS} answers on.",
            "Доля ответивших 9–10 минус доля ответивших 0–6, в пунктах от -100 до 100; 7 и 8 входят только в "
            f"знаменатель. Выше 50 — отлично, выше 0 — хорошо, ниже 0 — разбираться. Для оператора — от "
            f"{LEAST_ANSWERS} "
            "ответов.",
            "Частка відповідей 9–10 мінус частка відповідей 0–6, у пунктах від -100 до 100; 7 і 8 входять лише до "
            f"знаменника. Понад 50 — чудово, понад 0 — добре, нижче 0 — розбиратися. Для оператора — від "
            f"{LEAST_ANSWERS} "
            "відповідей.",
            "Ponderea celor care răspund 9 sau 10 minus a celor care răspund 0–6, în puncte de la -100 la 100; 7 și 8 "
            f"intră doar la numitor. Peste 50 excelent, peste 0 bine, sub 0 de cercetat. Pentru operator, de la "
            f"{LEAST_ANSWERS} de răspunsuri.",
        ),
        formula=net_share(m.NPS_PROMOTER, m.NPS_DETRACTOR, m.NPS),
        unit=Unit.POINTS,
        direction=Direction.MORE_IS_BETTER,
        least_n_by_operator=LEAST_ANSWERS,
    ),
)
