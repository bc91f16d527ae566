"""What the desk takes out of sight."""

from domain.kpi import measures as m
from domain.kpi.formula import count
from domain.kpi.kpi import ALL_SLICES, OPERATORS, Direction, Kpi, Unit
from domain.text import Text

KPIS = (
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
)
