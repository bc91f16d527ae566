"""The closed lists of words that events, figures and the API share. Stored values are these literals, for ever."""

from enum import StrEnum


class Subject(StrEnum):
    """What a stream is about: the subject whose events it orders."""

    CONVERSATION = "conversation"
    CUSTOMER = "customer"
    OPERATOR = "operator"
    TEAM = "team"
    COMMUNITY = "community"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


class ActorType(StrEnum):
    """What kind of somebody acted."""

    OPERATOR = "operator"
    BOT = "bot"
    RULE = "rule"
    SYSTEM = "system"
    CUSTOMER = "customer"
    INTEGRATION = "integration"


class Confidence(StrEnum):
    """How sure we are of who acted: said by the source, or inferred by us because the source does not say."""

    ASSERTED = "asserted"
    INFERRED = "inferred"


class Signature(StrEnum):
    """Whether the delivery that brought an event was signed by its source."""

    NONE = "none"
    VERIFIED = "verified"


class Kind(StrEnum):
    """What sort of item a conversation is made of."""

    MESSAGE = "message"
    COMMENT = "comment"
    EMAIL = "email"
    CALL = "call"


class Priority(StrEnum):
    """How urgent the desk says it is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Complexity(StrEnum):
    """How hard the desk says it is."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    HARD = "hard"


class Outcome(StrEnum):
    """What a closing ended in. `solved` is the closing of a desk that does not resolve first."""

    SOLVED = "solved"
    NO_ACTION = "no_action"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    ABANDONED = "abandoned"
    INVALID = "invalid"
    TEST = "test"


class WaitingFor(StrEnum):
    """Whom a conversation on hold waits for."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    COLLEAGUE = "colleague"
    OTHER = "other"


class Metric(StrEnum):
    """What of a conversation is promised to happen in time."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class PromiseTime(StrEnum):
    """In which time a promise is counted: around the clock, or while the desk is at work by its calendar."""

    CALENDAR = "calendar"
    BUSINESS = "business"


class CostKind(StrEnum):
    """What a desk spends money on."""

    SALARY = "salary"
    OVERTIME = "overtime"
    LICENCES = "licences"
    TELECOM = "telecom"
    TRAINING = "training"


class Presence(StrEnum):
    """Whether an operator is there to work."""

    ONLINE = "online"
    AWAY = "away"
    BREAK = "break"
    OFFLINE = "offline"


class SurveyScale(StrEnum):
    """Which question a survey asked, and so what its score means."""

    RATING_1_5 = "rating_1_5"
    THUMBS = "thumbs"
    NPS_0_10 = "nps_0_10"
