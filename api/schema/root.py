"""The roots: everything that can be asked, done and followed, on one screen."""

import strawberry
from graphql import lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from api.schema.access_log import ACCESS_LOG
from api.schema.actions import ACTIONS
from api.schema.arrangements import CALENDARS, PROMISES
from api.schema.commands import COMMAND_MUTATIONS
from api.schema.conversations import CONVERSATION
from api.schema.entries import ENTRY_TYPES
from api.schema.event_types import EVENT_TYPES
from api.schema.journal import JOURNAL
from api.schema.kpi_definitions import KPI_DEFINITIONS
from api.schema.kpi_rankings import KPI_RANKING
from api.schema.kpi_series import KPI_SERIES
from api.schema.kpis import KPIS
from api.schema.lists import CHANNELS, COMMUNITIES, OPERATOR, OPERATORS, TEAMS
from api.schema.proofs import CONSISTENCY_PROOF, LEDGER_HEAD
from api.schema.rate_limit import RATE_LIMIT
from api.schema.recording import RECORD_ACTIONS
from api.schema.refetching import NODE, NODES
from api.schema.removed import REMOVED_CONTENT
from api.schema.scalars import SCALARS
from api.schema.search import SEARCH
from api.schema.sla_advice import SLA_ADVICE
from api.schema.streams import JOURNAL_STREAM, KPI_UPDATES
from api.schema.timeline import TIMELINE
from api.schema.workspace import WORKSPACE


@strawberry.type(description="Everything that can be asked.")
class Query:
    access_log = ACCESS_LOG
    actions = ACTIONS
    calendars = CALENDARS
    channels = CHANNELS
    communities = COMMUNITIES
    consistency_proof = CONSISTENCY_PROOF
    conversation = CONVERSATION
    event_types = EVENT_TYPES
    journal = JOURNAL
    kpi_definitions = KPI_DEFINITIONS
    kpi_ranking = KPI_RANKING
    kpi_series = KPI_SERIES
    kpis = KPIS
    ledger_head = LEDGER_HEAD
    node = NODE
    nodes = NODES
    operator = OPERATOR
    operators = OPERATORS
    promises = PROMISES
    rate_limit = RATE_LIMIT
    removed_content = REMOVED_CONTENT
    search = SEARCH
    sla_advice = SLA_ADVICE
    teams = TEAMS
    timeline = TIMELINE
    workspace = WORKSPACE


Mutation = strawberry.type(
    type("Mutation", (), {"record_actions": RECORD_ACTIONS, **COMMAND_MUTATIONS}),
    description="Everything that can be done. What is refused is told in the payload's `errors`.",
)


@strawberry.type(description="Everything that can be followed.")
class Subscription:
    journal_stream = JOURNAL_STREAM
    kpi_updates = KPI_UPDATES


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=list(ENTRY_TYPES.values()),
    config=StrawberryConfig(scalar_map=SCALARS),
)


def sdl() -> str:
    """The schema in its own language, sorted: what stands in `schema.graphql`."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"
