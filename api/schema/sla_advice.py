"""The query `slaAdvice`: setting a promise from the data."""

import decimal
from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.fields import argument
from api.schema.kpi_definitions import KpiName
from api.schema.kpi_questions import KpiFilter, KpisInput, RangeInput, question_of
from api.schema.reading import reading
from api.schema.scalars import BigInt, Decimal
from domain.kpi.question import Clock
from domain.words import Metric
from projections.conversations.advising import MOST, AdviceQuestion, advise
from projections.conversations.project import NAME


@strawberry.input(description="What might be promised, and the past that is asked.")
class SlaAdviceInput:
    promised: Metric = strawberry.field(description="What is to be promised in time.")
    range: RangeInput = strawberry.field(description="When the answers or resolutions came.")
    candidates: list[int] = strawberry.field(
        default_factory=list, description=f"Promises to try, in seconds: at most {MOST}."
    )
    percentages: list[int] = strawberry.field(
        default_factory=list,
        description=f"Shares to be kept, 1 to 100 percent, at most {MOST}: each is answered with the shortest promise "
        "that would have kept it.",
    )
    where: KpiFilter | None = strawberry.field(default=None, description="Of which conversations, by whom.")
    clock: Clock = strawberry.field(default=Clock.CALENDAR, description="In which time it is to be counted.")
    at_least: BigInt | None = strawberry.field(default=None, description="Wait until this ledger position is counted.")


@strawberry.type(description="A promise that could be made, and what of the past it would have kept.")
class SlaCandidate:
    seconds: int = strawberry.field(description="Within how many seconds.")
    kept: BigInt = strawberry.field(description="How many it would have kept; at the due instant itself is in time.")
    share: Decimal | None = strawberry.field(description="Of all; null where there were none.")


@strawberry.type(description="The shortest promise that would have kept a share.")
class SlaShortest:
    share: Decimal = strawberry.field(description="The share that was asked for, of 1.")
    seconds: BigInt | None = strawberry.field(description="In whole seconds; null where there were none.")


@strawberry.type(description="What the past says of a promise. It knows nothing of what was still unanswered.")
class SlaAdvice:
    n: BigInt = strawberry.field(description="How many answers or resolutions there were.")
    candidates: list[SlaCandidate] = strawberry.field(description="One for each candidate, in their order.")
    shortest: list[SlaShortest] = strawberry.field(description="One for each share, in their order.")


AskedAdvice = Annotated[SlaAdviceInput, argument("What might be promised.")]


async def _sla_advice(info: Info, input: AskedAdvice) -> SlaAdvice:  # noqa: A002 - as Relay calls it
    context = info.context
    about = KpisInput(kpis=[KpiName["RESPONSE_TIME"]], range=input.range, where=input.where, clock=input.clock)
    question = await question_of(context, about, details=frozenset())
    async with reading(context, NAME, input.at_least) as connection:
        found = await advise(
            connection,
            context.principal.workspace,
            AdviceQuestion(
                promised=input.promised,
                range=question.range,
                candidates=tuple(input.candidates),
                shares=tuple(decimal.Decimal(each) / 100 for each in input.percentages),
                where=question.where,
                clock=question.clock,
            ),
        )
    return SlaAdvice(
        n=BigInt(found.n),
        candidates=[
            SlaCandidate(
                seconds=each.seconds,
                kept=BigInt(each.kept),
                share=None if each.share is None else Decimal(each.share),
            )
            for each in found.candidates
        ],
        shortest=[
            SlaShortest(share=Decimal(each.share), seconds=None if each.seconds is None else BigInt(each.seconds))
            for each in found.shortest
        ],
    )


SLA_ADVICE: Any = strawberry.field(
    _sla_advice,
    description="What share of past answers or resolutions each candidate promise would have kept, whatever was "
    "promised then; and the shortest promise for each share. Holds are not taken off: a promise that pauses would have "
    "kept more.",
    extensions=[Needs(Right.FIGURES)],
)
