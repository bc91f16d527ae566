"""Where an open episode stands (K11, K12, K20): with whom, in which queue, waiting for whom."""

from dataclasses import dataclass, field, replace

from tests.oracle.facts import Context, Who
from tests.oracle.wall import Second


@dataclass(frozen=True)
class Place:
    """Where it stands."""

    episode: int
    holder: Who
    context: Context
    condition: str
    """`queue`, `assigned`, `pending` or `hold`, and for whom it waits."""


@dataclass
class Stint:
    """How long it stood there."""

    since: Second
    place: Place
    new: bool
    until: Second | None = None
    ended: bool = False


@dataclass
class Stints:
    """One after the other."""

    all: list[Stint] = field(default_factory=list)

    def stand(self, at: Second, place: Place | None) -> None:
        """It stands there now; None: nowhere."""
        last = self.all[-1] if self.all and self.all[-1].until is None else None
        if last is not None:
            if place == last.place:
                return
            last.until, last.ended = at, place is None
        if place is not None:
            self.all.append(Stint(at, place, new=last is None))


def anywhere(place: Place) -> Place:
    """The same, whatever it waits for."""
    return replace(place, condition="")
