"""What columns are called. Headers are all that a language changes in a file."""

from collections.abc import Mapping

from domain.text import Text

SINCE = Text("From", "С", "З", "De la")
UNTIL = Text("Until", "До", "До", "Până la")
KPI = Text("KPI", "Показатель", "Показник", "Indicator")
TITLE = Text("Title", "Название", "Назва", "Denumire")
VERSION = Text("Definition version", "Версия определения", "Версія визначення", "Versiunea definiției")
NAME = Text("name", "имя", "ім'я", "nume")
PREVIOUS = Text("before", "ранее", "раніше", "anterior")

DIMENSIONS: Mapping[str, Text] = {
    "OPERATOR": Text("Operator", "Оператор", "Оператор", "Operator"),
    "TEAM": Text("Team", "Команда", "Команда", "Echipă"),
    "CHANNEL": Text("Channel", "Канал", "Канал", "Canal"),
    "COMMUNITY": Text("Community", "Сообщество", "Спільнота", "Comunitate"),
    "PRIORITY": Text("Priority", "Приоритет", "Пріоритет", "Prioritate"),
    "KIND": Text("Kind", "Вид", "Вид", "Tip"),
    "COMPLEXITY": Text("Complexity", "Сложность", "Складність", "Complexitate"),
    "SEGMENT": Text("Customer segment", "Сегмент клиента", "Сегмент клієнта", "Segmentul clientului"),
    "TAG": Text("Tag", "Метка", "Мітка", "Etichetă"),
    "HOURS": Text("Business hours", "Рабочее время", "Робочий час", "Program de lucru"),
}

FIGURES: Mapping[str, Text] = {
    "value": Text("Value", "Значение", "Значення", "Valoare"),
    "numerator": Text("Numerator", "Числитель", "Чисельник", "Numărător"),
    "denominator": Text("Denominator", "Знаменатель", "Знаменник", "Numitor"),
    "n": Text("n", "n", "n", "n"),
}

SPREADS: Mapping[str, Text] = {
    "mean": Text("Mean", "Среднее", "Середнє", "Medie"),
    "median": Text("Median", "Медиана", "Медіана", "Mediană"),
    "p90": Text("p90", "p90", "p90", "p90"),
    "p95": Text("p95", "p95", "p95", "p95"),
    "percentileError": Text(
        "Percentile error", "Погрешность перцентилей", "Похибка перцентилів", "Eroarea percentilelor"
    ),
    "fastest": Text("Fastest", "Самый быстрый", "Найшвидший", "Cel mai rapid"),
    "slowest": Text("Slowest", "Самый медленный", "Найповільніший", "Cel mai lent"),
}

CONVERSATIONS: Mapping[str, Text] = {
    "conversation": Text("Conversation", "Диалог", "Діалог", "Conversație"),
    "status": Text("Status", "Состояние", "Стан", "Stare"),
    "standing": Text("Counts as", "Учитывается как", "Враховується як", "Se numără ca"),
    "outcome": Text("Outcome", "Итог", "Підсумок", "Rezultat"),
    "episode": Text("Episodes", "Эпизоды", "Епізоди", "Episoade"),
    "proactive": Text("Begun by the desk", "Начат службой", "Розпочато службою", "Începută de echipă"),
    "opened_at": Text("Opened", "Открыт", "Відкрито", "Deschisă"),
    "last_at": Text("Last event", "Последнее событие", "Остання подія", "Ultimul eveniment"),
    "ended_at": Text("Ended", "Завершён", "Завершено", "Încheiată"),
    "waiting_since": Text("Customer waits since", "Клиент ждёт с", "Клієнт чекає з", "Clientul așteaptă de la"),
    "on_hold": Text("Waits for", "Ожидает", "Очікує", "Așteaptă"),
    "holder": Text("Held by", "У оператора", "В оператора", "La operatorul"),
    "team": DIMENSIONS["TEAM"],
    "channel": DIMENSIONS["CHANNEL"],
    "community": DIMENSIONS["COMMUNITY"],
    "kind": DIMENSIONS["KIND"],
    "priority": DIMENSIONS["PRIORITY"],
    "topic": Text("Topic", "Тема", "Тема", "Subiect"),
    "customer": Text("Customer", "Клиент", "Клієнт", "Client"),
    "items": Text("Items", "Обращения", "Звернення", "Mesaje"),
    "replies": Text("Replies", "Ответы", "Відповіді", "Răspunsuri"),
    "first_response": Text("First response, s", "Первый ответ, с", "Перша відповідь, с", "Primul răspuns, s"),
}
