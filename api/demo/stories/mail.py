"""E-mail: dealt out by a rule, answered at length, often after asking somebody else."""

from api.demo.cast import Inflow
from api.demo.clockwork import Story
from api.demo.desk import HELP_DESK, Desk
from api.demo.people import Case
from api.demo.stories.messages import on_hold
from api.demo.stories.talk import afterwards, answer, attention, file, open_case, put_down, receive, resolve, send
from domain.events.conversations import SlaReported
from domain.instants import HOUR


def mail(desk: Desk, inflow: Inflow) -> Story:
    """A customer sends a mail."""
    chance = desk.chance
    case, newcomer = desk.new_case(inflow)
    open_case(desk, case, newcomer=newcomer)
    receive(desk, case, f"{case.speech.ask(upset=case.upset)}\n\n{case.speech.any_of('details')}\n{case.customer.name}")
    goes_on = True
    while goes_on:
        operator = yield from attention(desk, case)
        if chance.is_so(0.15):
            yield desk.labour(operator, 200)
            send(desk, case, operator, case.speech.any_of("holding"))
            yield from on_hold(desk, case, operator)
            operator = yield from attention(desk, case)
        yield from answer(desk, case, operator, seconds=600)
        file(desk, case, operator)
        resolve(desk, case, operator)
        _report(desk, case)
        desk.clock.tell(put_down(desk, case, operator, seconds=1_700))
        goes_on = yield from afterwards(desk, case)
        if goes_on:
            receive(desk, case, case.speech.any_of("follow_ups"))


def _report(desk: Desk, case: Case) -> None:
    """The mail software says whether its own promise, four hours, was kept."""
    desk.record(HELP_DESK, case.stream, SlaReported(metric="reply_within_4h", kept=case.waited < 4 * HOUR))
