"""What customers say when they are asked: a survey, who is rated by it, and what its score means."""

from dataclasses import dataclass

from domain.conversation.sample import Context, Credit
from domain.words import SurveyScale

HUNDREDTHS = 100
"""Ratings are kept in hundredths of a point."""
_THUMBS = {0: 1, 1: 5}


@dataclass(slots=True)
class Survey:
    """One survey. What it is credited to was settled when it was sent, and stays so."""

    position: int
    rated: Credit
    """Whoever resolved the episode, else whoever sent the last public answer in it, else nobody."""
    team: str | None
    context: Context
    episode: int
    answer: int | None = None
    """The index of the sample of its last answer."""
    good: bool | None = None
    """Whether that was good."""


def rating_of(scale: SurveyScale, score: int) -> int:
    """A score as a rating from 1 to 5: thumbs down is 1, thumbs up 5. What lies outside the scale is its end."""
    if scale is SurveyScale.THUMBS:
        return _THUMBS[min(score, 1)]
    return min(max(score, 1), 5)


def is_good(rating: int) -> bool:
    """4 and 5 are good; 3 is not."""
    return rating >= 4


def is_promoter(score: int) -> bool:
    """Of a score from 0 to 10."""
    return score >= 9


def is_detractor(score: int) -> bool:
    """Of a score from 0 to 10."""
    return score <= 6
