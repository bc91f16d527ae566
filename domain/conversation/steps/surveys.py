"""Surveys: sent once an episode, answered any number of times, of which the last answer counts."""

from domain.conversation.episode import Episode
from domain.conversation.sample import Credit, place_of
from domain.conversation.state import Conversation
from domain.conversation.steps.table import Steps
from domain.conversation.surveys import HUNDREDTHS, Survey, is_detractor, is_good, is_promoter, rating_of
from domain.envelope import RecordedEvent
from domain.events import surveys
from domain.kpi import measures as m
from domain.words import ActorType, SurveyScale


def sent(state: Conversation, event: RecordedEvent, payload: surveys.SurveySent) -> None:
    """A second survey of an episode asks nothing new: its answers count, its sending does not."""
    again = payload.survey in state.surveys
    survey = _known(state, event, payload.survey)
    if again or state.episode.surveyed:
        return
    state.episode.surveyed = True
    measure = m.NPS_ASKED if payload.scale is SurveyScale.NPS_0_10 else m.RATING_ASKED
    _observe(state, event, survey, measure)


def answered(state: Conversation, event: RecordedEvent, payload: surveys.SurveyAnswered) -> None:
    """The last answer of a survey holds, at its own instant."""
    survey = _known(state, event, payload.survey)
    if survey.answer is not None:
        state.revise(survey.answer, None)
    if payload.scale is SurveyScale.NPS_0_10:
        survey.answer = _observe(state, event, survey, m.NPS, payload.score, _side(payload.score))
        return
    rating = rating_of(payload.scale, payload.score)
    good = is_good(rating)
    flags = (m.RATING_GOOD.flag if good else 0) | _flip(before=survey.good, now=good)
    survey.answer = _observe(state, event, survey, m.RATING, rating * HUNDREDTHS, flags)
    survey.good = good


def _known(state: Conversation, event: RecordedEvent, survey: str) -> Survey:
    """The survey; one that is answered without having been sent is settled by its first answer."""
    if survey not in state.surveys:
        episode, at = _surveyed(state), event.envelope.occurred_at
        credit = _rated(episode) or state.last_sender
        state.surveys[survey] = Survey(
            position=event.position,
            rated=credit,
            team=state.team_of(credit, at),
            context=state.context,
            episode=episode.number,
        )
    return state.surveys[survey]


def _surveyed(state: Conversation) -> Episode:
    """The present one, or the one before it where nothing was done yet that could be rated: whoever thanks and then
    rates what was done rates no answer to the thanks."""
    episode = state.episode
    return episode if _rated(episode) is not None or episode.before is None else episode.before


def _rated(episode: Episode) -> Credit | None:
    """Whoever resolved it; what a system closes is nobody's merit."""
    ending = episode.ending
    if ending is not None and ending.solved and ending.credit.actor_type in (ActorType.OPERATOR, ActorType.BOT):
        return ending.credit
    return episode.last_sender


def _observe(
    state: Conversation, event: RecordedEvent, survey: Survey, measure: m.Measure, value: int = 0, flags: int = 0
) -> int:
    """In the circumstances in which the survey was settled."""
    at, positions = event.envelope.occurred_at, dict.fromkeys((survey.position, event.position))
    in_hours = state.around.in_hours(survey.team, survey.context.community, at)
    place = place_of(survey.rated, survey.team, survey.context, state.standing, in_hours)
    return state.observe_in(place, measure, at, *positions, value=value, episode=survey.episode, flags=flags)


def _side(score: int) -> int:
    if is_promoter(score):
        return m.NPS_PROMOTER.flag
    return m.NPS_DETRACTOR.flag if is_detractor(score) else 0


def _flip(*, before: bool | None, now: bool) -> int:
    if before is None or before is now:
        return 0
    return (m.RATING_TURNED_GOOD if now else m.RATING_TURNED_BAD).flag


STEPS: Steps = {
    surveys.SurveySent: sent,
    surveys.SurveyAnswered: answered,
}
