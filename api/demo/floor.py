"""Who works on what: queues of teams, operators' own waiting work, and who is free."""

from collections import OrderedDict
from heapq import heappop, heappush
from itertools import count

from api.demo.clockwork import Clockwork, Story
from api.demo.people import Case, Operator, Ticket
from domain.words import Priority

_RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


class Floor:
    """Matches waiting conversations with free operators: the most urgent first, then the longest waiting."""

    def __init__(self, clock: Clockwork, operators: dict[str, list[Operator]]) -> None:
        self._clock = clock
        self.operators = operators
        """By team, its lead first."""
        self._free: dict[str, OrderedDict[Operator, None]] = {team: OrderedDict() for team in operators}
        self._queues: dict[str, list[tuple[int, int, int, Ticket]]] = {team: [] for team in operators}
        self._turns = count()

    def enqueue(self, case: Case) -> Ticket:
        """A place in the queue for the story whose turn it is. It sleeps then (`yield None`) until it gets the operator
        who takes the case, and has to free them again; or `None`, if the waiting was given up."""
        ticket = Ticket(case, self._clock.current, self._clock.now)
        self._enlist(ticket, case.holder)
        return ticket

    def give_up(self, ticket: Ticket) -> None:
        """Whoever waits with the ticket waits no longer."""
        if ticket.open:
            ticket.open = False
            self._clock.resume(ticket.story)

    def free(self, operator: Operator) -> None:
        """The operator has finished, and goes on with whatever waits: a break, their own work, the queue."""
        if operator.relief is not None:
            self._clock.resume(operator.relief)
            operator.relief = None
            return
        ticket = self._next_for(operator)
        if ticket is None:
            self._free[operator.profile.team][operator] = None
        else:
            self._give(ticket, operator)

    def relieve(self, operator: Operator) -> Story:
        """Wait until the operator has put down their work; they get no more until freed."""
        free = self._free[operator.profile.team]
        if operator in free:
            del free[operator]
            return
        operator.relief = self._clock.current
        yield None

    def hand_back(self, operator: Operator) -> list[Ticket]:
        """Put the work that still waits for the operator into the team's queue."""
        waiting = [ticket for ticket in operator.inbox if ticket.open]
        operator.inbox.clear()
        for ticket in waiting:
            self._enlist(ticket, None)
        return waiting

    def _enlist(self, ticket: Ticket, holder: Operator | None) -> None:
        team = ticket.case.team
        free = self._free[team]
        if holder is not None and holder.duty:
            if holder in free:
                del free[holder]
                self._give(ticket, holder)
            else:
                holder.inbox.append(ticket)
        elif free:
            self._give(ticket, free.popitem(last=False)[0])
        else:
            heappush(self._queues[team], (_RANK[ticket.case.priority], ticket.since, next(self._turns), ticket))

    def _next_for(self, operator: Operator) -> Ticket | None:
        while operator.inbox:
            ticket = operator.inbox.popleft()
            if ticket.open:
                return ticket
        queue = self._queues[operator.profile.team]
        while queue:
            ticket = heappop(queue)[3]
            if ticket.open:
                return ticket
        return None

    def _give(self, ticket: Ticket, operator: Operator) -> None:
        ticket.open = False
        self._clock.resume(ticket.story, operator)
