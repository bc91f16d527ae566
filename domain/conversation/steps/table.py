"""The shape of a table of steps."""

from collections.abc import Callable
from typing import Any

from domain.conversation.state import Conversation
from domain.envelope import RecordedEvent
from domain.event import Event

Step = Callable[[Conversation, RecordedEvent, Any], None]
"""The payload is of the class that the step stands beside in its table."""
Steps = dict[type[Event], Step]
