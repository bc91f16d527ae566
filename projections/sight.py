"""Whose rows may be seen. Read models make conditions in SQL of it; who has which sight is decided above them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """Of everybody, unless one operator or some teams are named."""

    operator: str | None = None
    teams: tuple[str, ...] | None = None

    @property
    def everything(self) -> bool:
        return self.operator is None and self.teams is None

    def covers(self, operator: str | None, team: str | None) -> bool:
        """Whether something of an operator's (None: nobody's), in a team (None: in none), is to be seen."""
        if self.operator is not None:
            return operator == self.operator
        return self.teams is None or team in self.teams


EVERYTHING = Sight()
