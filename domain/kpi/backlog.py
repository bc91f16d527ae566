"""What is open: how many episodes stand at an instant, and whether they become more."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.kpi import measures as m
from domain.kpi.formula import count, standing
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, Direction, Kpi, Part, Unit
from domain.kpi.question import Dimension
from domain.text import Text

_NOBODYS: Mapping[Dimension, str] = MappingProxyType(
    {Dimension.OPERATOR: "what comes in is nobody's act, so a balance of it is nobody's either; ask for it by team"}
)

KPIS = (
    Kpi(
        name="backlog",
        code="K11",
        version=1,
        title=Text("Backlog", "Открытые обращения", "Відкриті звернення", "Conversații deschise"),
        meaning=Text(
            "Episodes open at the end of each piece of the range, with whoever holds them then; in nobody's hands they "
            "are their queue's. Exact at any instant.",
            "Эпизоды, открытые на конец каждого отрезка, — за тем, у кого они тогда; ничьи — за очередью. Точно на "
            "любой момент.",
            "Епізоди, відкриті на кінець кожного відрізка, — за тим, у кого вони тоді; нічиї — за чергою. Точно на "
            "будь-який момент.",
            "Episoade deschise la sfârșitul fiecărei perioade, la cel care le are atunci; ale nimănui sunt ale cozii. "
            "Exact în orice clipă.",
        ),
        formula=standing(m.BACKLOG_ENTERED, m.BACKLOG_LEFT),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=ALL_SLICES,
        actor_types=EVERYBODY,
        shown_with=("net_flow", "unattended"),
    ),
    Kpi(
        name="unattended",
        code="K11",
        version=1,
        title=Text("Unattended", "Без внимания", "Без уваги", "Neasistate"),
        meaning=Text(
            "Of the backlog, what waits for an answer of the desk at that instant, or never had one.",
            "Из открытых — те, что на этот момент ждут ответа службы или ещё ни разу его не получали.",
            "З відкритих — ті, що на цей момент чекають на відповідь служби або ще жодного разу її не мали.",
            "Din cele deschise, cele care așteaptă atunci un răspuns sau nu au primit niciodată unul.",
        ),
        formula=standing(m.UNATTENDED_ENTERED, m.UNATTENDED_LEFT)
        + standing(m.UNATTENDED_BEGAN, m.UNATTENDED_ENDED, m.UNATTENDED_ANSWERED),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=tuple(dimension for dimension in Dimension if dimension is not Dimension.HOURS),
        refusals={Dimension.HOURS: "what stands at an instant stands in hours or out of them all at once"},
        actor_types=EVERYBODY,
        shown_with=("backlog",),
    ),
    Kpi(
        name="net_flow",
        code="K12",
        version=1,
        title=Text("Net flow", "Прирост открытых", "Приріст відкритих", "Flux net"),
        meaning=Text(
            "By how much the backlog grew: episodes opened, first or again, less those that ended; by team, priority "
            "and so on also what came here from elsewhere, less what went elsewhere. Above 0 for days, the desk falls "
            "behind.",
            "На сколько выросло число открытых: открытые впервые или снова минус завершённые; по команде, приоритету и "
            "так далее также пришедшие сюда минус ушедшие. Больше 0 несколько дней — служба не успевает.",
            "На скільки зросла кількість відкритих: відкриті вперше або знову мінус завершені; за командою, "
            "пріоритетом тощо також ті, що прийшли сюди, мінус ті, що пішли. Понад 0 кілька днів — служба не встигає.",
            "Cu cât au crescut cele deschise: deschise, prima dată sau din nou, minus cele încheiate; pe echipă, "
            "prioritate etc. și cele venite aici, minus cele plecate. Peste 0 zile la rând, echipa rămâne în urmă.",
        ),
        formula=count(m.BACKLOG_ENTERED) - count(m.BACKLOG_LEFT),
        unit=Unit.COUNT,
        direction=Direction.LESS_IS_BETTER,
        slices=NO_ACTOR,
        refusals=_NOBODYS,
        actor_types=EVERYBODY,
        parts=(
            Part("opened", Text("Opened", "Открыто", "Відкрито", "Deschise"), count(m.BACKLOG_NEW)),
            Part("ended", Text("Ended", "Завершено", "Завершено", "Încheiate"), count(m.BACKLOG_ENDED)),
            Part(
                "came",
                Text("Came from elsewhere", "Пришли из других мест", "Прийшли з інших місць", "Venite din altă parte"),
                count(m.BACKLOG_ENTERED) - count(m.BACKLOG_NEW),
            ),
            Part(
                "went",
                Text("Went elsewhere", "Ушли в другие места", "Пішли до інших місць", "Plecate în altă parte"),
                count(m.BACKLOG_LEFT) - count(m.BACKLOG_ENDED),
            ),
        ),
    ),
)
