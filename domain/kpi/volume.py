"""How much: what came in, what was taken on, answered, ended, removed."""

from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import (
    ALL_SLICES,
    EVERYBODY,
    NO_ACTOR,
    OPERATORS,
    OPERATORS_AND_BOTS,
    Direction,
    Kpi,
    Unit,
)
from domain.text import Text

_ENDED = (m.ENDED_ANSWERED, m.ENDED_WITH_OPEN_TURN, m.ENDED_WITHOUT_REPLY)

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
        formula=count(m.ENDED_OWN_REPLY),
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
        name="comments_removed",
        code="K07",
        version=1,
        title=Text(
            "Comments deleted or hidden",
            "Удалено и скрыто комментариев",
            "Видалено й приховано коментарів",
            "Comentarii șterse sau ascunse",
        ),
        meaning=Text(
            "Customers' items that operators deleted or hid. Showing them again subtracts nothing; what the platform "
            "or the customer removed is left out; calling the conversation spam hides nothing.",
            "Обращения клиентов, удалённые или скрытые операторами. Возврат ничего не вычитает; удалённое площадкой "
            "или самим клиентом не входит; пометка «спам» ничего не прячет.",
            "Звернення клієнтів, видалені чи приховані операторами. Повернення нічого не віднімає; видалене "
            "майданчиком чи самим клієнтом не входить; позначка «спам» нічого не ховає.",
            "Mesaje ale clienților șterse sau ascunse de operatori. Reafișarea nu scade nimic; ce a eliminat platforma "
            "sau clientul nu intră; marcarea ca spam nu ascunde nimic.",
        ),
        formula=count(m.COMMENT_DELETED, m.COMMENT_HIDDEN),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="comments_deleted",
        code="K07",
        version=1,
        title=Text("Comments deleted", "Удалено комментариев", "Видалено коментарів", "Comentarii șterse"),
        meaning=Text(
            "Customers' items that operators deleted.",
            "Обращения клиентов, удалённые операторами.",
            "Звернення клієнтів, видалені операторами.",
            "Mesaje ale clienților șterse de operatori.",
        ),
        formula=count(m.COMMENT_DELETED),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="comments_hidden",
        code="K07",
        version=1,
        title=Text("Comments hidden", "Скрыто комментариев", "Приховано коментарів", "Comentarii ascunse"),
        meaning=Text(
            "Customers' items that operators hid.",
            "Обращения клиентов, скрытые операторами.",
            "Звернення клієнтів, приховані операторами.",
            "Mesaje ale clienților ascunse de operatori.",
        ),
        formula=count(m.COMMENT_HIDDEN),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    Kpi(
        name="own_replies_deleted",
        code="K07",
        version=1,
        title=Text(
            "Own replies deleted", "Удалено своих ответов", "Видалено своїх відповідей", "Răspunsuri proprii șterse"
        ),
        meaning=Text(
            "Answers of the desk that operators deleted after sending.",
            "Ответы службы, удалённые операторами после отправки.",
            "Відповіді служби, видалені операторами після надсилання.",
            "Răspunsuri ale echipei șterse de operatori după trimitere.",
        ),
        formula=count(m.REPLY_DELETED),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
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
    ),
)
