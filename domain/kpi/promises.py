"""What becomes of promises: kept, overdue, by how much, in whose hands."""

from domain.kpi import measures as m
from domain.kpi.formula import Formula, count, mean, standing, total
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, Direction, Kpi, Unit
from domain.text import Text

_OVERDUE = (m.FIRST_RESPONSE_OVERDUE, m.NEXT_RESPONSE_OVERDUE)
_KEPT = (m.FIRST_RESPONSE_KEPT, m.NEXT_RESPONSE_KEPT)


def _kpi(
    name: str,
    code: str,
    title: Text,
    meaning: Text,
    formula: Formula,
    unit: Unit,
    direction: Direction,
    *shown_with: str,
) -> Kpi:
    """Promises are judged whoever holds a conversation, its queue included."""
    return Kpi(
        name=name,
        code=code,
        version=1,
        title=title,
        meaning=meaning,
        formula=formula,
        unit=unit,
        direction=direction,
        slices=ALL_SLICES,
        actor_types=EVERYBODY,
        shown_with=shown_with,
    )


_LESS, _MORE, _NEUTRAL = Direction.LESS_IS_BETTER, Direction.MORE_IS_BETTER, Direction.NEUTRAL

_RESPONSES = (
    _kpi(
        "overdue_responses",
        "K16",
        Text("Overdue answers", "Просроченные ответы", "Прострочені відповіді", "Răspunsuri întârziate"),
        Text(
            "Promised answers, first and later ones, that fell due without having been given, those still not given "
            "included. Each counts once, at its due instant, to the account of whoever held the conversation then, or "
            "of its queue. An answer given later does not undo it. Clocks stand still only where the promise says so.",
            "Обещанные ответы, первые и последующие, срок которых наступил без ответа, включая всё ещё не данные. "
            "Каждый считается один раз, на момент срока, на счёт того, кто тогда держал диалог, иначе очереди. Более "
            "поздний ответ этого не отменяет. Часы стоят только там, где так сказано в обещании.",
            "Обіцяні відповіді, перші й наступні, строк яких настав без відповіді, включно з досі не даними. Кожна "
            "рахується один раз, на момент строку, на рахунок того, хто тоді тримав діалог, інакше черги. Пізніша "
            "відповідь цього не скасовує. Годинник стоїть лише там, де так сказано в обіцянці.",
            "Răspunsurile promise, primele și următoarele, al căror termen a trecut fără răspuns, inclusiv cele încă "
            "nedate. Fiecare se numără o dată, la termen, în contul celui care ținea atunci conversația, altfel al "
            "cozii. Un răspuns ulterior nu anulează. Ceasul stă doar unde promisiunea o spune.",
        ),
        count(*_OVERDUE),
        Unit.COUNT,
        _LESS,
        "overdue_response_share",
    ),
    _kpi(
        "overdue_responses_now",
        "K16",
        Text("Overdue right now", "Просрочены сейчас", "Прострочені зараз", "Întârziate acum"),
        Text(
            "Answers that are overdue and still awaited at the end of the period, by whoever held them when they fell "
            "due.",
            "Ответы, которые на конец периода просрочены и всё ещё ожидаются; по тому, кто держал диалог в момент "
            "срока.",
            "Відповіді, які на кінець періоду прострочені й досі очікуються; за тим, хто тримав діалог у момент "
            "строку.",
            "Răspunsuri întârziate și încă așteptate la sfârșitul perioadei, după cine le ținea la termen.",
        ),
        standing(m.FIRST_RESPONSE_OVERDUE, m.FIRST_RESPONSE_OVERDUE_LEFT)
        + standing(m.NEXT_RESPONSE_OVERDUE, m.NEXT_RESPONSE_OVERDUE_LEFT),
        Unit.COUNT,
        _LESS,
        "overdue_responses",
    ),
    _kpi(
        "overdue_response_share",
        "K17",
        Text(
            "Overdue answers, share",
            "Доля просроченных ответов",
            "Частка прострочених відповідей",
            "Pondere răspunsuri întârziate",
        ),
        Text(
            "Of the promised answers judged in the period (at the earlier of answer and due instant), those that fell "
            "due first. Not yet due and unanswered: not judged. Closed or removed unanswered in time: beside it.",
            "Из обещанных ответов, оценённых за период (по более раннему из ответа и срока), — те, чей срок наступил "
            "раньше. Ещё не наступившие и без ответа не оцениваются. Закрытые или удалённые до срока без ответа — "
            "рядом.",
            "З обіцяних відповідей, оцінених за період (за ранішим із відповіді та строку), — ті, чий строк настав "
            "раніше. Ще не настали й без відповіді — не оцінюються. Закриті чи видалені до строку без відповіді — "
            "поруч.",
            "Dintre răspunsurile promise judecate în perioadă (la primul dintre răspuns și termen), cele al căror "
            "termen a trecut întâi. Cele neajunse la termen și fără răspuns nu se judecă.",
        ),
        count(*_OVERDUE) / count(*_OVERDUE, *_KEPT),
        Unit.SHARE,
        _LESS,
        "promises_closed_unanswered",
    ),
    _kpi(
        "responses_in_time_share",
        "K18",
        Text("Answers in time, share", "Доля ответов в срок", "Частка вчасних відповідей", "Răspunsuri la timp"),
        Text(
            "Of the promised answers judged in the period, those given by the due instant, to the credit of their "
            "sender; with the overdue share it makes 100 %.",
            "Из обещанных ответов, оценённых за период, — данные к сроку, в заслугу ответившему; вместе с долей "
            "просроченных даёт 100 %.",
            "З обіцяних відповідей, оцінених за період, — дані до строку, на рахунок того, хто відповів; разом із "
            "часткою прострочених дає 100 %.",
            "Dintre răspunsurile promise judecate în perioadă, cele date până la termen, în contul celui care a "
            "răspuns; cu ponderea celor întârziate fac 100 %.",
        ),
        count(*_KEPT) / count(*_KEPT, *_OVERDUE),
        Unit.SHARE,
        _MORE,
        "overdue_responses",
    ),
    _kpi(
        "first_responses_in_time_share",
        "K18",
        Text(
            "First answers in time, share",
            "Доля первых ответов в срок",
            "Частка перших відповідей вчасно",
            "Primele răspunsuri la timp",
        ),
        Text(
            "The same of first answers alone.",
            "То же только для первых ответов.",
            "Те саме лише для перших відповідей.",
            "Același lucru, doar pentru primele răspunsuri.",
        ),
        count(m.FIRST_RESPONSE_KEPT) / count(m.FIRST_RESPONSE_KEPT, m.FIRST_RESPONSE_OVERDUE),
        Unit.SHARE,
        _MORE,
        "overdue_responses",
    ),
    _kpi(
        "next_responses_in_time_share",
        "K18",
        Text(
            "Later answers in time, share",
            "Доля последующих ответов в срок",
            "Частка наступних відповідей вчасно",
            "Răspunsurile următoare la timp",
        ),
        Text(
            "The same of all later answers.",
            "То же для всех последующих ответов.",
            "Те саме для всіх наступних відповідей.",
            "Același lucru, pentru toate răspunsurile următoare.",
        ),
        count(m.NEXT_RESPONSE_KEPT) / count(m.NEXT_RESPONSE_KEPT, m.NEXT_RESPONSE_OVERDUE),
        Unit.SHARE,
        _MORE,
        "overdue_responses",
    ),
    _kpi(
        "answered_late_by",
        "K16",
        Text("Answered late by", "Опоздание ответа", "Запізнення відповіді", "Întârzierea răspunsului"),
        Text(
            "How long after they fell due overdue answers came, at the instant of the answer, by its sender.",
            "На сколько после срока приходили просроченные ответы; на момент ответа, по ответившему.",
            "На скільки після строку надходили прострочені відповіді; на момент відповіді, за тим, хто відповів.",
            "Cu cât după termen au venit răspunsurile întârziate; la momentul răspunsului, după cine a răspuns.",
        ),
        mean(m.ANSWERED_LATE),
        Unit.SECONDS,
        _LESS,
        "overdue_responses",
    ),
    _kpi(
        "promises_closed_unanswered",
        "K17",
        Text(
            "Promised, closed unanswered",
            "Обещано, закрыто без ответа",
            "Обіцяно, закрито без відповіді",
            "Promise, închise fără răspuns",
        ),
        Text(
            "Promised answers that were still awaited and not yet due when the episode ended: neither kept nor "
            "overdue.",
            "Обещанные ответы, которых ещё ждали до срока, когда эпизод завершили: ни сдержаны, ни просрочены.",
            "Обіцяні відповіді, на які ще чекали до строку, коли епізод завершили: ні дотримані, ні прострочені.",
            "Răspunsuri promise încă așteptate înainte de termen când episodul s-a încheiat: nici ținute, nici "
            "întârziate.",
        ),
        count(m.CLOSED_UNANSWERED),
        Unit.COUNT,
        _LESS,
    ),
    _kpi(
        "promises_removed_unanswered",
        "K17",
        Text(
            "Promised, removed unanswered",
            "Обещано, удалено без ответа",
            "Обіцяно, видалено без відповіді",
            "Promise, șterse fără răspuns",
        ),
        Text(
            "Promised answers to items that the desk deleted or hid before they were due.",
            "Обещанные ответы на обращения, которые служба удалила или скрыла до срока.",
            "Обіцяні відповіді на звернення, які служба видалила чи приховала до строку.",
            "Răspunsuri promise la mesaje pe care echipa le-a șters sau ascuns înainte de termen.",
        ),
        count(m.REMOVED_UNANSWERED),
        Unit.COUNT,
        _LESS,
    ),
    _kpi(
        "held_while_overdue",
        "K16",
        Text(
            "Held of what became overdue",
            "Удержание просроченного",
            "Утримання простроченого",
            "Deținerea celor întârziate",
        ),
        Text(
            "For how long each holder, or the queue, held what became overdue, from the start of its clock until it "
            "stopped: who held 50 of 60 minutes shows here, whoever held it when it fell due.",
            "Сколько каждый держатель или очередь держали то, что стало просроченным, от начала отсчёта до его "
            "остановки: здесь видно, кто держал 50 минут из 60, у кого бы ни наступил срок.",
            "Скільки кожен тримач або черга тримали те, що стало простроченим, від початку відліку до його зупинки: "
            "тут видно, хто тримав 50 хвилин із 60, у кого б не настав строк.",
            "Cât a ținut fiecare, sau coada, ceea ce a devenit întârziat, de la pornirea ceasului până la oprire: aici "
            "se vede cine a ținut 50 din 60 de minute, oricine ar fi ținut la termen.",
        ),
        total(m.HELD_WHILE_OVERDUE),
        Unit.SECONDS,
        _LESS,
        "overdue_responses",
    ),
)

_RESOLUTIONS = (
    _kpi(
        "overdue_resolutions",
        "K18",
        Text("Overdue resolutions", "Просроченные решения", "Прострочені вирішення", "Rezolvări întârziate"),
        Text(
            "Episodes whose promised resolution fell due without one, those still open included; at the due instant, "
            "to whoever held the conversation then.",
            "Эпизоды, срок обещанного решения которых наступил без решения, включая ещё открытые; на момент срока, на "
            "счёт того, кто тогда держал диалог.",
            "Епізоди, строк обіцяного вирішення яких настав без вирішення, включно з досі відкритими; на момент "
            "строку, на рахунок того, хто тоді тримав діалог.",
            "Episoade al căror termen de rezolvare a trecut fără rezolvare, inclusiv cele deschise; la termen, în "
            "contul celui care ținea conversația.",
        ),
        count(m.RESOLUTION_OVERDUE),
        Unit.COUNT,
        _LESS,
        "resolutions_in_time_share",
    ),
    _kpi(
        "overdue_resolution_share",
        "K17",
        Text(
            "Overdue resolutions, share",
            "Доля просроченных решений",
            "Частка прострочених вирішень",
            "Pondere rezolvări întârziate",
        ),
        Text(
            "Of the promised resolutions judged in the period, those that fell due first.",
            "Из обещанных решений, оценённых за период, — те, чей срок наступил раньше.",
            "З обіцяних вирішень, оцінених за період, — ті, чий строк настав раніше.",
            "Dintre rezolvările promise judecate în perioadă, cele al căror termen a trecut întâi.",
        ),
        count(m.RESOLUTION_OVERDUE) / count(m.RESOLUTION_OVERDUE, m.RESOLUTION_KEPT),
        Unit.SHARE,
        _LESS,
        "reopen_rate",
    ),
    _kpi(
        "resolutions_in_time_share",
        "K18",
        Text("Resolutions in time, share", "Доля решений в срок", "Частка вчасних вирішень", "Rezolvări la timp"),
        Text(
            "Of the promised resolutions judged in the period, those that came by the due instant, to the credit of "
            "whoever resolved. A reopened episode is promised anew, from its reopening.",
            "Из обещанных решений, оценённых за период, — пришедшие к сроку, в заслугу решившему. Открытый снова "
            "эпизод обещан заново, с момента возврата.",
            "З обіцяних вирішень, оцінених за період, — ті, що прийшли до строку, на рахунок того, хто вирішив. "
            "Відкритий знову епізод обіцяно заново, з моменту повернення.",
            "Dintre rezolvările promise judecate în perioadă, cele venite până la termen, în contul celui care a "
            "rezolvat. Un episod redeschis e promis din nou, de la redeschidere.",
        ),
        count(m.RESOLUTION_KEPT) / count(m.RESOLUTION_KEPT, m.RESOLUTION_OVERDUE),
        Unit.SHARE,
        _MORE,
        "reopen_rate",
    ),
    _kpi(
        "resolved_late_by",
        "K18",
        Text("Resolved late by", "Опоздание решения", "Запізнення вирішення", "Întârzierea rezolvării"),
        Text(
            "How long after they fell due overdue resolutions came, at the instant of the resolution.",
            "На сколько после срока приходили просроченные решения; на момент решения.",
            "На скільки після строку надходили прострочені вирішення; на момент вирішення.",
            "Cu cât după termen au venit rezolvările întârziate; la momentul rezolvării.",
        ),
        mean(m.RESOLVED_LATE),
        Unit.SECONDS,
        _LESS,
    ),
    _kpi(
        "promises_closed_unsolved",
        "K18",
        Text(
            "Promised, closed unsolved",
            "Обещано, закрыто без решения",
            "Обіцяно, закрито без вирішення",
            "Promise, închise nerezolvate",
        ),
        Text(
            "Promised resolutions of episodes that were closed unsolved before they were due.",
            "Обещанные решения эпизодов, закрытых без решения до срока.",
            "Обіцяні вирішення епізодів, закритих без вирішення до строку.",
            "Rezolvări promise ale episoadelor închise nerezolvate înainte de termen.",
        ),
        count(m.CLOSED_UNSOLVED),
        Unit.COUNT,
        _NEUTRAL,
    ),
    _kpi(
        "breaches_reported_by_desk",
        "K16",
        Text(
            "Breaches the desk reported",
            "Нарушения по данным службы",
            "Порушення за даними служби",
            "Depășiri raportate de sistem",
        ),
        Text(
            "How often the desk's own software said that its promise was broken; never mixed with what is clocked "
            "here.",
            "Сколько раз собственная программа службы сообщила о нарушенном обещании; не смешивается с тем, что "
            "отсчитано здесь.",
            "Скільки разів власна програма служби повідомила про порушену обіцянку; не змішується з тим, що відлічено "
            "тут.",
            "De câte ori programul echipei a spus că promisiunea a fost încălcată; nu se amestecă cu ce se măsoară "
            "aici.",
        ),
        count(m.REPORTED_BROKEN),
        Unit.COUNT,
        _LESS,
    ),
)

KPIS = _RESPONSES + _RESOLUTIONS
