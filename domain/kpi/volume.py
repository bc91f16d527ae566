"""How much: what came in, what was taken on, answered and handed over."""

from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, OPERATORS, Direction, Kpi, Unit
from domain.text import Text

KPIS = (
    Kpi(
        name="incoming_items",
        code="K01",
        version=1,
        title=Text("Incoming items", "Входящие обращения", "Вхідні звернення", "Mesaje primite"),
        meaning=Text(
            "Public items of customers received in the period: messages, comments, mails, calls. Edits add nothing; "
            "what the customer took back later still came in.",
            "Публичные обращения клиентов за период: сообщения, комментарии, письма, звонки. Правки не добавляют; "
            "удалённое самим клиентом всё же поступило.",
            "Публічні звернення клієнтів за період: повідомлення, коментарі, листи, дзвінки. Правки не додають; "
            "видалене самим клієнтом усе ж надійшло.",
            "Mesajele publice ale clienților din perioadă: mesaje, comentarii, e-mailuri, apeluri. Editările nu "
            "adaugă; ce a retras clientul a fost totuși primit.",
        ),
        formula=count(m.ITEM_RECEIVED),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=NO_ACTOR,
        actor_types=EVERYBODY,
    ),
    Kpi(
        name="conversations_opened",
        code="K02",
        version=1,
        title=Text("Ticket volume", "Новые диалоги", "Нові діалоги", "Conversații noi"),
        meaning=Text(
            "Conversations that customers opened in the period. Spam, merged and test conversations are left out; "
            "those that the desk began are counted apart.",
            "Диалоги, начатые клиентами за период. Спам, объединённые и тестовые не входят; начатые самой службой "
            "считаются отдельно.",
            "Діалоги, розпочаті клієнтами за період. Спам, об'єднані й тестові не входять; розпочаті самою службою "
            "рахуються окремо.",
            "Conversații deschise de clienți în perioadă. Spamul, cele unificate și testele nu intră; cele începute "
            "de echipă se numără separat.",
        ),
        formula=count(m.CONVERSATION_OPENED),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=NO_ACTOR,
        actor_types=EVERYBODY,
    ),
    Kpi(
        name="conversations_started_by_desk",
        code="K02",
        version=1,
        title=Text("Started by the desk", "Начаты службой", "Розпочаті службою", "Începute de echipă"),
        meaning=Text(
            "Conversations that the desk began in the period.",
            "Диалоги, начатые службой за период.",
            "Діалоги, розпочаті службою за період.",
            "Conversații începute de echipă în perioadă.",
        ),
        formula=count(m.CONVERSATION_STARTED),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=NO_ACTOR,
        actor_types=EVERYBODY,
    ),
    Kpi(
        name="processed",
        code="K03",
        version=1,
        title=Text("Processed", "Обработано", "Оброблено", "Procesate"),
        meaning=Text(
            "Episodes that an operator first took under control and answered in the period, or closed, deleted or hid "
            "without a reply. A second operator processes too; so a team's total is of distinct episodes, not the sum "
            "over its operators.",
            "Эпизоды, которые оператор впервые за период взял под контроль и начал диалог либо закрыл, удалил или "
            "скрыл без ответа. Второй оператор тоже обрабатывает, поэтому итог команды — разные эпизоды, а не сумма.",
            "Епізоди, які оператор уперше за період узяв під контроль і розпочав діалог або закрив, видалив чи "
            "приховав без відповіді. Другий оператор теж обробляє, тож підсумок команди — різні епізоди, а не сума.",
            "Episoade pe care un operator le-a preluat și le-a răspuns prima dată în perioadă sau le-a închis, șters "
            "ori ascuns fără răspuns. Totalul echipei numără episoade distincte, nu suma operatorilor.",
        ),
        formula=count(m.PROCESSED),
        unit=Unit.COUNT,
        direction=Direction.MORE_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("closed_without_reply_share",),
    ),
    Kpi(
        name="replies_sent",
        code="K04",
        version=1,
        title=Text("Replies sent", "Отправлено ответов", "Надіслано відповідей", "Răspunsuri trimise"),
        meaning=Text(
            "Public answers written by people. Notes, drafts, automatic and campaign messages are left out; an answer "
            "deleted later was still sent.",
            "Публичные ответы, написанные людьми. Заметки, черновики, автоматические и рассылочные сообщения не "
            "входят; удалённый позже ответ всё же отправлен.",
            "Публічні відповіді, написані людьми. Нотатки, чернетки, автоматичні та розсилкові повідомлення не "
            "входять; видалена згодом відповідь усе ж надіслана.",
            "Răspunsuri publice scrise de oameni. Notele, ciornele, mesajele automate și campaniile nu intră; un "
            "răspuns șters ulterior a fost totuși trimis.",
        ),
        formula=count(m.REPLY_SENT),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("messages_per_answer",),
    ),
    Kpi(
        name="answered_turns",
        code="K04",
        version=1,
        title=Text("Answers", "Отвеченные реплики", "Відповіді на репліки", "Replici cu răspuns"),
        meaning=Text(
            "Turns of customers that got their answer in the period; several messages to one turn are one answer.",
            "Реплики клиентов, получившие ответ за период; несколько сообщений на одну реплику — один ответ.",
            "Репліки клієнтів, що отримали відповідь за період; кілька повідомлень на одну репліку — одна відповідь.",
            "Replici ale clienților care au primit răspuns în perioadă; mai multe mesaje la o replică sunt un răspuns.",
        ),
        formula=count(m.RESPONSE),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="messages_per_answer",
        code="K04",
        version=1,
        title=Text("Messages per answer", "Сообщений на ответ", "Повідомлень на відповідь", "Mesaje per răspuns"),
        meaning=Text(
            "Replies sent for each turn answered: padding shows here.",
            "Отправленные сообщения на одну отвеченную реплику: здесь видно дробление.",
            "Надіслані повідомлення на одну відповідь: тут видно дроблення.",
            "Răspunsuri trimise pentru fiecare replică: aici se vede fragmentarea.",
        ),
        formula=count(m.REPLY_SENT) / count(m.RESPONSE),
        unit=Unit.PER_UNIT,
        direction=Direction.NEUTRAL,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="handover_rate",
        code="K13",
        version=1,
        title=Text(
            "Transfer and escalation rate",
            "Доля передач и эскалаций",
            "Частка передач та ескалацій",
            "Rata transferurilor și escaladărilor",
        ),
        meaning=Text(
            "Of the episodes acted in, those transferred or escalated at least once. Taking it oneself, and from the "
            "queue to its first operator, are no transfers. By operator: their transfers over the episodes they acted "
            "in.",
            "Из эпизодов, в которых были действия, — переданные или эскалированные хотя бы раз. Взять себе и выдать "
            "из очереди первому оператору — не передача. По оператору: его передачи к эпизодам, где он действовал.",
            "З епізодів, у яких були дії, — передані чи ескальовані бодай раз. Узяти собі та видати з черги першому "
            "оператору — не передача. По оператору: його передачі до епізодів, де він діяв.",
            "Dintre episoadele în care s-a acționat, cele transferate sau escaladate cel puțin o dată. Preluarea "
            "proprie și prima atribuire din coadă nu sunt transferuri.",
        ),
        formula=count(m.HANDED_OVER) / count(m.HANDLED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("escalation_rate", "hops_per_handover"),
    ),
    Kpi(
        name="escalation_rate",
        code="K13",
        version=1,
        title=Text("Escalation rate", "Доля эскалаций", "Частка ескалацій", "Rata escaladărilor"),
        meaning=Text(
            "Of the episodes acted in, those escalated to a higher tier at least once.",
            "Из эпизодов, в которых были действия, — хотя бы раз переданные на более высокую линию.",
            "З епізодів, у яких були дії, — бодай раз передані на вищу лінію.",
            "Dintre episoadele în care s-a acționat, cele escaladate cel puțin o dată.",
        ),
        formula=count(m.ESCALATED) / count(m.HANDLED),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("handover_rate",),
    ),
    Kpi(
        name="hops_per_handover",
        code="K13",
        version=1,
        title=Text("Hops", "Передач на эпизод", "Передач на епізод", "Transferuri pe episod"),
        meaning=Text(
            "How often the episodes that were handed over were handed over: more than 1 is ping-pong.",
            "Сколько раз передавали эпизоды, которые вообще передавали: больше 1 — пинг-понг.",
            "Скільки разів передавали епізоди, які взагалі передавали: понад 1 — пінг-понг.",
            "De câte ori au fost transferate episoadele transferate: peste 1 e ping-pong.",
        ),
        formula=count(m.HOP) / count(m.HANDED_OVER),
        unit=Unit.PER_UNIT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
        shown_with=("handover_rate",),
    ),
)
