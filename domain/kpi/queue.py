"""Queues of calls: how long customers wait, who is answered in time, who gives up. Queues belong to teams, not to
operators: whoever did not answer is nobody in particular."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from domain.kpi import measures as m
from domain.kpi.formula import count, mean
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, OPERATORS, Direction, Kpi, Unit
from domain.kpi.question import Dimension
from domain.text import Text

_OF_A_QUEUE: Mapping[Dimension, str] = MappingProxyType(
    {Dimension.OPERATOR: "a queue's wait is its team's: nobody in particular did not answer"}
)
_of_queue = partial(Kpi, version=1, slices=NO_ACTOR, refusals=_OF_A_QUEUE, actor_types=EVERYBODY)

KPIS = (
    _of_queue(
        name="calls_offered",
        code="K21",
        title=Text(
            "Calls offered", "Поступило звонков в очередь", "Надійшло дзвінків у чергу", "Apeluri primite în coadă"
        ),
        meaning=Text(
            "Legs in queues that ended with an answer or with the customer giving up. A call that goes on to another "
            "queue is offered there; one that becomes a callback is not offered.",
            "Ожидания в очередях, закончившиеся ответом или отказом клиента. Звонок, ушедший в другую очередь, "
            "считается там; заказанный обратный звонок не считается.",
            "Очікування в чергах, що закінчилися відповіддю або відмовою клієнта. Дзвінок, що пішов до іншої черги, "
            "рахується там; замовлений зворотний дзвінок не рахується.",
            "Așteptări în cozi încheiate cu răspuns sau cu renunțarea clientului. Apelul trecut în altă coadă se "
            "numără acolo; o reapelare cerută nu se numără.",
        ),
        formula=count(m.QUEUE_ANSWERED, m.QUEUE_ABANDONED),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
    ),
    _of_queue(
        name="queue_wait",
        code="K21",
        title=Text(
            "Average speed of answer",
            "Среднее ожидание ответа",
            "Середнє очікування відповіді",
            "Timp mediu de așteptare",
        ),
        meaning=Text(
            "From entering the queue to an operator's answer, of the calls that were answered; each queue has a leg of "
            "its own. What announcements take before the queue does not count.",
            "От постановки в очередь до ответа оператора по принятым звонкам; у каждой очереди своё ожидание. Время "
            "автоответчика до очереди не считается.",
            "Від постановки в чергу до відповіді оператора за прийнятими дзвінками; у кожної черги своє очікування. "
            "Час автовідповідача до черги не рахується.",
            "De la intrarea în coadă la răspunsul operatorului, pentru apelurile preluate; fiecare coadă are propria "
            "așteptare. Anunțurile dinaintea cozii nu se numără.",
        ),
        formula=mean(m.QUEUE_ANSWERED),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        shown_with=("abandonment_rate",),
    ),
    _of_queue(
        name="abandoned_wait",
        code="K21",
        title=Text(
            "Wait of those who gave up",
            "Ожидание отказавшихся",
            "Очікування тих, хто відмовився",
            "Așteptarea celor care renunță",
        ),
        meaning=Text(
            "How long customers had waited when they gave up.",
            "Сколько клиенты прождали до отказа.",
            "Скільки клієнти прочекали до відмови.",
            "Cât au așteptat clienții până să renunțe.",
        ),
        formula=mean(m.QUEUE_ABANDONED),
        unit=Unit.SECONDS,
        direction=Direction.NEUTRAL,
    ),
    Kpi(
        name="ring_time",
        code="K21",
        version=1,
        title=Text("Ring time", "Время до снятия трубки", "Час до зняття слухавки", "Timp de sonerie"),
        meaning=Text(
            "From ringing at the operator's to their answer, where the desk tells of the ringing.",
            "От звонка у оператора до его ответа, если служба сообщает о звонке.",
            "Від дзвінка в оператора до його відповіді, якщо служба повідомляє про дзвінок.",
            "De la soneria la operator până la răspunsul lui, dacă sistemul o comunică.",
        ),
        formula=mean(m.CALL_RANG),
        unit=Unit.SECONDS,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=OPERATORS,
    ),
    _of_queue(
        name="service_level",
        code="K22",
        title=Text("Service level", "Уровень обслуживания", "Рівень обслуговування", "Nivelul serviciului"),
        meaning=Text(
            "Of the calls offered, without those given up within 5 seconds: the share answered within 20 seconds.",
            "Из поступивших звонков без сброшенных за 5 секунд — доля принятых за 20 секунд.",
            "З дзвінків, що надійшли, без скинутих за 5 секунд — частка прийнятих за 20 секунд.",
            "Din apelurile primite, fără cele abandonate în 5 secunde: ponderea celor preluate în 20 de secunde.",
        ),
        formula=count(m.QUEUE_ANSWERED_IN_TIME) / count(m.QUEUE_ANSWERED, m.QUEUE_GIVEN_UP),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
        shown_with=("abandonment_rate",),
    ),
    _of_queue(
        name="service_level_of_offered",
        code="K22",
        title=Text(
            "Service level, of all offered",
            "Уровень обслуживания от всех поступивших",
            "Рівень обслуговування від усіх",
            "Nivelul serviciului, din toate apelurile",
        ),
        meaning=Text(
            "Of all calls offered: the share answered within 20 seconds.",
            "Из всех поступивших звонков — доля принятых за 20 секунд.",
            "З усіх дзвінків, що надійшли, — частка прийнятих за 20 секунд.",
            "Din toate apelurile primite: ponderea celor preluate în 20 de secunde.",
        ),
        formula=count(m.QUEUE_ANSWERED_IN_TIME) / count(m.QUEUE_ANSWERED, m.QUEUE_ABANDONED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
    ),
    _of_queue(
        name="service_level_of_answered",
        code="K22",
        title=Text(
            "Service level, of answered",
            "Уровень обслуживания от принятых",
            "Рівень обслуговування від прийнятих",
            "Nivelul serviciului, din cele preluate",
        ),
        meaning=Text(
            "Of the calls answered: the share answered within 20 seconds. Those who gave up are nowhere in it.",
            "Из принятых звонков — доля принятых за 20 секунд. Отказавшиеся в него не входят.",
            "З прийнятих дзвінків — частка прийнятих за 20 секунд. Ті, хто відмовився, не входять.",
            "Din apelurile preluate: ponderea celor preluate în 20 de secunde. Cei care au renunțat nu intră.",
        ),
        formula=count(m.QUEUE_ANSWERED_IN_TIME) / count(m.QUEUE_ANSWERED),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
    ),
    _of_queue(
        name="service_level_with_late_abandons",
        code="K22",
        title=Text(
            "Service level, with those who waited in vain",
            "Уровень обслуживания с учётом напрасно ждавших",
            "Рівень обслуговування з тими, хто чекав даремно",
            "Nivelul serviciului, cu cei care au așteptat în zadar",
        ),
        meaning=Text(
            "Of the calls answered or given up after 20 seconds: the share answered within 20 seconds.",
            "Из принятых и сброшенных после 20 секунд — доля принятых за 20 секунд.",
            "З прийнятих і скинутих після 20 секунд — частка прийнятих за 20 секунд.",
            "Din apelurile preluate sau abandonate după 20 de secunde: ponderea celor preluate în 20 de secunde.",
        ),
        formula=count(m.QUEUE_ANSWERED_IN_TIME) / count(m.QUEUE_ANSWERED, m.QUEUE_ABANDONED_LATE),
        unit=Unit.SHARE,
        direction=Direction.MORE_IS_BETTER,
    ),
    _of_queue(
        name="abandonment_rate",
        code="K23",
        title=Text("Abandonment rate", "Доля потерянных звонков", "Частка втрачених дзвінків", "Rata abandonului"),
        meaning=Text(
            "Of the calls offered: the share in which the customer gave up waiting. Giving up within 5 seconds counts "
            "on neither side; callbacks and calls that went to another queue are not given up.",
            "Из поступивших звонков — доля тех, где клиент не дождался. Сброшенные за 5 секунд не учитываются вовсе; "
            "обратные звонки и ушедшие в другую очередь — не потери.",
            "З дзвінків, що надійшли, — частка тих, де клієнт не дочекався. Скинуті за 5 секунд не враховуються "
            "взагалі; зворотні дзвінки та ті, що пішли до іншої черги, — не втрати.",
            "Din apelurile primite: ponderea celor în care clientul a renunțat. Renunțările în 5 secunde nu intră "
            "deloc; reapelările și apelurile trecute în altă coadă nu sunt abandonuri.",
        ),
        formula=count(m.QUEUE_GIVEN_UP) / count(m.QUEUE_ANSWERED, m.QUEUE_GIVEN_UP),
        unit=Unit.SHARE,
        direction=Direction.LESS_IS_BETTER,
    ),
)
