"""How fast: responses and resolutions."""

from domain.kpi import measures as m
from domain.kpi.formula import mean
from domain.kpi.kpi import ALL_SLICES, OPERATORS, OPERATORS_AND_BOTS, Direction, Kpi, Unit
from domain.text import Text

KPIS = (
    Kpi(
        name="first_response_time",
        code="K14",
        version=1,
        title=Text("First response time", "Время первого ответа", "Час першої відповіді", "Timpul primului răspuns"),
        meaning=Text(
            "From the customer's first item, or the bot's hand-off after it, to the first public human reply of the "
            "conversation, to the credit of its sender. Only the first episode has one; conversations that the desk "
            "began, calls, and what was closed unanswered have none.",
            "От первого обращения клиента (или передачи от бота после него) до первого публичного ответа человека; "
            "в заслугу ответившему. Есть только в первом эпизоде; у диалогов, начатых службой, звонков и закрытых без "
            "ответа его нет.",
            "Від першого звернення клієнта (або передачі від бота після нього) до першої публічної відповіді людини; "
            "на рахунок того, хто відповів. Є лише в першому епізоді; у діалогів, розпочатих службою, дзвінків і "
            "закритих без відповіді його немає.",
            "De la primul mesaj al clientului (sau predarea de către bot) la primul răspuns public uman, în contul "
            "celui care l-a trimis. Există doar în primul episod; conversațiile începute de echipă, apelurile și cele "
            "închise fără răspuns nu au.",
        ),
        formula=mean(m.FIRST_RESPONSE),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("closed_without_reply_share",),
    ),
    Kpi(
        name="first_response_time_since_assignment",
        code="K14",
        version=1,
        title=Text(
            "First response time since assignment",
            "Первый ответ с момента назначения",
            "Перша відповідь з моменту призначення",
            "Primul răspuns de la atribuire",
        ),
        meaning=Text(
            "The same, from when somebody else last gave the conversation to an operator or another queue, if that was "
            "after the customer's first item. Taking it oneself starts nothing again.",
            "То же, но с момента, когда диалог в последний раз назначили оператору или передали в другую очередь, если "
            "это было после первого обращения. Взять себе — не начало.",
            "Те саме, але з моменту, коли діалог востаннє призначили операторові чи передали в іншу чергу, якщо це "
            "було після першого звернення. Узяти собі — не початок.",
            "Același lucru, din clipa în care altcineva a atribuit ultima dată conversația unui operator sau altei "
            "cozi, dacă a fost după primul mesaj. Preluarea proprie nu repornește timpul.",
        ),
        formula=mean(m.FIRST_RESPONSE_SINCE_GIVEN),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("first_response_time",),
    ),
    Kpi(
        name="response_time",
        code="K15",
        version=1,
        title=Text("Response time", "Время ответа", "Час відповіді", "Timpul de răspuns"),
        meaning=Text(
            "For each turn of the customer, from its oldest unanswered item to the public human reply that answers "
            "it, to the credit of its sender. Several items of a customer are one turn; each public comment is a turn "
            "of its own.",
            "Для каждой реплики клиента — от самого старого неотвеченного сообщения до публичного ответа человека; в "
            "заслугу ответившему. Несколько сообщений подряд — одна реплика; каждый публичный комментарий — отдельная.",
            "Для кожної репліки клієнта — від найстарішого невідповіданого повідомлення до публічної відповіді людини; "
            "на рахунок того, хто відповів. Кілька повідомлень поспіль — одна репліка; кожен публічний коментар — "
            "окрема.",
            "Pentru fiecare replică a clientului, de la cel mai vechi mesaj fără răspuns la răspunsul public uman, în "
            "contul celui care l-a trimis. Mai multe mesaje la rând sunt o replică; fiecare comentariu public e una.",
        ),
        formula=mean(m.RESPONSE),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("closed_without_reply_share",),
    ),
    Kpi(
        name="first_resolution_time",
        code="K19",
        version=1,
        title=Text(
            "Time to first resolution",
            "Время до первого решения",
            "Час до першого вирішення",
            "Timp până la prima rezolvare",
        ),
        meaning=Text(
            "From opening to the first resolution; a reopening leaves it as it is. To the credit of whoever resolved.",
            "От открытия до первого решения; возврат его не меняет. В заслугу решившему.",
            "Від відкриття до першого вирішення; повернення його не змінює. На рахунок того, хто вирішив.",
            "De la deschidere la prima rezolvare; redeschiderea nu o schimbă. În contul celui care a rezolvat.",
        ),
        formula=mean(m.FIRST_RESOLUTION),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
    ),
    Kpi(
        name="full_resolution_time",
        code="K19",
        version=1,
        title=Text(
            "Time to last resolution",
            "Время до последнего решения",
            "Час до останнього вирішення",
            "Timp până la ultima rezolvare",
        ),
        meaning=Text(
            "From opening to the last resolution so far, at whose instant it counts; resolving again moves it.",
            "От открытия до последнего на данный момент решения, моментом которого и считается; новое решение его "
            "переносит.",
            "Від відкриття до останнього наразі вирішення, моментом якого й рахується; нове вирішення його переносить.",
            "De la deschidere la ultima rezolvare de până acum, la momentul căreia se numără; o nouă rezolvare o mută.",
        ),
        formula=mean(m.FULL_RESOLUTION),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
        shown_with=("reopen_rate",),
    ),
    Kpi(
        name="open_time",
        code="K19",
        version=1,
        title=Text("Time open", "Время в работе", "Час у роботі", "Timp deschis"),
        meaning=Text(
            "The sum of the open intervals up to the last resolution; time between an ending and a reopening is left "
            "out.",
            "Сумма открытых промежутков до последнего решения; время между завершением и возвратом не входит.",
            "Сума відкритих проміжків до останнього вирішення; час між завершенням і поверненням не входить.",
            "Suma intervalelor deschise până la ultima rezolvare; timpul dintre încheiere și redeschidere nu intră.",
        ),
        formula=mean(m.OPEN_TIME),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
    ),
    Kpi(
        name="unsolved_close_time",
        code="K19",
        version=1,
        title=Text(
            "Time to closing unsolved",
            "Время до закрытия без решения",
            "Час до закриття без вирішення",
            "Timp până la închidere nerezolvată",
        ),
        meaning=Text(
            "From opening to the last closing of conversations that were never resolved; they stand beside the "
            "resolution times, not among them.",
            "От открытия до последнего закрытия диалогов, которые так и не были решены; стоят рядом со временем "
            "решения, а не в нём.",
            "Від відкриття до останнього закриття діалогів, які так і не були вирішені; стоять поруч із часом "
            "вирішення, а не в ньому.",
            "De la deschidere la ultima închidere a conversațiilor niciodată rezolvate; stau lângă timpii de "
            "rezolvare, nu printre ei.",
        ),
        formula=mean(m.UNSOLVED_CLOSE),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS_AND_BOTS,
    ),
)
