"""Acts of a desk for `timeline`: calls, work on what is written, surveys."""

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events import calls, conversations, surveys
from domain.words import SurveyScale, WaitingFor
from tests.events import customer, event
from tests.timeline import at as instant

MARIA = customer("maria")


def _told(payload: Event, by: str | Actor, at: str) -> NewEvent:
    return event(payload, conversation="c1", by=by, at=instant(at))


def offered(*, at: str, call: str = "k1") -> NewEvent:
    return _told(calls.CallOffered(call=call), MARIA, at)


def queued(team: str | None = None, *, at: str, call: str = "k1") -> NewEvent:
    return _told(calls.CallQueued(call=call, team=team), "switchboard", at)


def rang(by: str, *, at: str) -> NewEvent:
    return _told(calls.CallRang(call="k1"), by, at)


def answered(by: str | Actor, *, at: str, call: str = "k1") -> NewEvent:
    return _told(calls.CallAnswered(call=call), by, at)


def put_on_hold(by: str, *, at: str) -> NewEvent:
    return _told(calls.CallHeld(call="k1"), by, at)


def taken_off_hold(by: str, *, at: str) -> NewEvent:
    return _told(calls.CallResumed(call="k1"), by, at)


def hung_up(*, at: str, call: str = "k1") -> NewEvent:
    return _told(calls.CallEnded(call=call), MARIA, at)


def finished(by: str, *, at: str) -> NewEvent:
    return _told(calls.CallAfterWorkEnded(call="k1"), by, at)


def gave_up(*, at: str, call: str = "k1") -> NewEvent:
    return _told(calls.CallAbandoned(call=call), MARIA, at)


def wants_callback(*, at: str) -> NewEvent:
    return _told(calls.CallCallbackRequested(call="k1"), MARIA, at)


def took_up(by: str, *, at: str) -> NewEvent:
    """The operator works on it from now on."""
    return _told(conversations.FocusTaken(), by, at)


def put_down(by: str, *, at: str) -> NewEvent:
    return _told(conversations.FocusLeft(), by, at)


def waits(by: str, waiting_for: WaitingFor = WaitingFor.CUSTOMER, *, at: str) -> NewEvent:
    """The conversation is put on hold."""
    return _told(conversations.ConversationPutOnHold(waiting_for=waiting_for), by, at)


def goes_on(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationResumed(), by, at)


def asked(survey: str = "s1", scale: SurveyScale = SurveyScale.RATING_1_5, *, at: str) -> NewEvent:
    """The customer is asked for a rating."""
    return _told(surveys.SurveySent(survey=survey, scale=scale), "surveys", at)


def says(score: int, survey: str = "s1", scale: SurveyScale = SurveyScale.RATING_1_5, *, at: str) -> NewEvent:
    """The customer's answer."""
    return _told(surveys.SurveyAnswered(survey=survey, scale=scale, score=score), MARIA, at)
