"""What customers are asked about the service, and what they say."""

from domain.event import Event, Id, Score, WrittenText, event
from domain.text import Text
from domain.words import Subject, SurveyScale

_CONVERSATION = Subject.CONVERSATION


@event(
    "survey.sent",
    of=_CONVERSATION,
    title=Text("Survey sent", "Опрос отправлен", "Опитування надіслано", "Sondaj trimis"),
)
class SurveySent(Event):
    """The customer was asked for a rating."""

    survey: Id
    scale: SurveyScale


@event(
    "survey.answered",
    of=_CONVERSATION,
    title=Text("Survey answered", "Получена оценка", "Отримано оцінку", "Evaluare primită"),
)
class SurveyAnswered(Event):
    """The customer rated the service: 1 to 5; thumbs: 0 down, 1 up; NPS: 0 to 10. The last answer of a survey holds."""

    survey: Id
    scale: SurveyScale
    score: Score
    comment: WrittenText | None = None
