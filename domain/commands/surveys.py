"""What customers are to be asked. Their answers are facts, never commands."""

from domain.command import Command, command
from domain.commands.fields import ConversationId, NewSurveyId
from domain.commands.refusals import conversations
from domain.commands.refusals import written as no
from domain.events import surveys as events
from domain.words import Subject, SurveyScale


@command(
    events.SurveySent,
    of=Subject.CONVERSATION,
    refused=(conversations.unknown, conversations.merged, conversations.spam, no.survey_exists, no.already_surveyed),
)
class SendSurvey(Command):
    """Ask the customer for a rating, once an episode."""

    conversation: ConversationId
    survey: NewSurveyId
    scale: SurveyScale
