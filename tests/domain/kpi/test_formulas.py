"""What formulas make of sums, and which of them cannot be declared."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.kpi import measures as m
from domain.kpi.formula import Formula, Sum, Tally, Term, count, evaluate, mean, net_share, standing, terms_of, total
from domain.kpi.kpi import Unit, units_of
from domain.kpi.measures import Attribution, Measure

_TALK, _HOLD, _COST, _SCORE = (
    Measure(9_000 + offset, name, unit, Attribution.ACTOR, name, scale=scale)
    for offset, (name, unit, scale) in enumerate(
        (
            ("talk", m.Unit.SECONDS, 1),
            ("hold", m.Unit.SECONDS, 1),
            ("cost", m.Unit.MONEY, 1),
            ("score", m.Unit.SCORE, 100),
        )
    )
)
_YES, _NO, _ALL = m.ENDED_ANSWERED, m.ENDED_WITHOUT_REPLY, m.REPLY_SENT


def _of(tallies: Mapping[Measure, Tally]) -> Callable[[Term], Tally]:
    return lambda term: tallies.get(term.observed, Tally()) if isinstance(term.observed, Measure) else Tally()


def _value(formula: Formula, tallies: Mapping[Measure, Tally]) -> Decimal | None:
    return evaluate(formula, _of(tallies)).value


@pytest.mark.parametrize(
    ("formula", "tallies", "value"),
    [
        (count(_YES, _NO), {_YES: Tally(2), _NO: Tally(3)}, "5"),
        (count(_YES) - count(_NO), {_YES: Tally(2), _NO: Tally(5)}, "-3"),
        (count(_YES) - count(_NO), {_YES: Tally(4), _NO: Tally(4)}, "0"),
        (count(_NO) / count(_YES, _NO), {_YES: Tally(2), _NO: Tally(1)}, "0.333333"),
        (mean(_TALK), {_TALK: Tally(4, 30)}, "7.5"),
        (mean(_SCORE), {_SCORE: Tally(3, 1_300)}, "4.333333"),
        (total(_TALK, _HOLD), {_TALK: Tally(2, 60), _HOLD: Tally(1, 5)}, "65"),
        (total(_TALK, _HOLD) / count(_ALL), {_TALK: Tally(2, 60), _HOLD: Tally(1, 6), _ALL: Tally(4)}, "16.5"),
        (total(_TALK) / total(_HOLD), {_TALK: Tally(2, 60), _HOLD: Tally(1, 80)}, "0.75"),
        (total(_COST) / total(_TALK) * 60, {_COST: Tally(1, 5_000), _TALK: Tally(9, 600)}, "500"),
        (net_share(_YES, _NO, _ALL), {_YES: Tally(70), _NO: Tally(10), _ALL: Tally(100)}, "60"),
        (net_share(_YES, _NO, _ALL), {_NO: Tally(10), _ALL: Tally(10)}, "-100"),
        (standing(_YES, _NO), {_YES: Tally(70), _NO: Tally(70)}, "0"),
    ],
    ids=str,
)
def test_a_formula_makes_a_figure_of_sums(formula: Formula, tallies: Mapping[Measure, Tally], value: str) -> None:
    assert _value(formula, tallies) == Decimal(value)


@pytest.mark.parametrize(
    "formula",
    [count(_YES), count(_YES) - count(_NO), count(_NO) / count(_YES), mean(_TALK), total(_TALK), standing(_YES, _NO)],
    ids=str,
)
def test_nothing_counted_is_null(formula: Formula) -> None:
    assert _value(formula, {}) is None


def test_a_figure_tells_what_it_rests_on() -> None:
    talk = evaluate(total(_TALK) / count(_ALL), _of({_TALK: Tally(2, 60), _ALL: Tally(4)}))
    assert (talk.numerator, talk.denominator, talk.n) == (60, 4, 4)
    stand = evaluate(standing(_YES, _NO), _of({_YES: Tally(9), _NO: Tally(7)}))
    assert (stand.numerator, stand.denominator, stand.n) == (2, None, 2)


@pytest.mark.parametrize(
    ("formula", "units"),
    [
        (count(_YES), (Unit.COUNT,)),
        (count(_YES) / count(_ALL), (Unit.SHARE, Unit.PER_UNIT)),
        (net_share(_YES, _NO, _ALL), (Unit.POINTS,)),
        (mean(_SCORE), (Unit.SCORE,)),
        (total(_TALK) / count(_ALL), (Unit.SECONDS, Unit.PER_UNIT)),
        (total(_TALK) / total(_HOLD), (Unit.SHARE, Unit.PER_UNIT)),
        (total(_COST) / count(_ALL), (Unit.MONEY, Unit.PER_UNIT)),
        ((count(_YES) - count(_NO)) / count(_ALL), (Unit.SHARE,)),
        ((count(_YES) - count(_NO)) / total(_TALK), ()),
    ],
    ids=str,
)
def test_a_formula_has_its_unit(formula: Formula, units: tuple[Unit, ...]) -> None:
    assert units_of(formula) == units


def test_formulas_read_as_they_are_written() -> None:
    assert str(count(_YES, _NO)) == "n(ended_answered) + n(ended_without_reply)"
    assert str(total(_COST) / total(_TALK) * 60) == "(sum(cost)) / (sum(talk)) * 60"
    assert str(standing(_YES, _NO)) == "so_far(ended_answered) - so_far(ended_without_reply)"


def _of_nothing() -> Sum:
    return count()


@pytest.mark.parametrize(
    "nonsense",
    [
        lambda: mean(_ALL),
        lambda: total(_ALL),
        lambda: total(_TALK, _COST),
        lambda: count(_ALL) + total(_TALK),
        lambda: count(_ALL) - standing(_YES, _NO),
        _of_nothing,
    ],
)
def test_what_cannot_be_added_up_cannot_be_declared(nonsense: Callable[[], Formula]) -> None:
    with pytest.raises(TypeError):
        nonsense()


def test_a_flag_is_counted_within_its_measures_samples() -> None:
    own = replace(m.RESOLVED, code=9_100, name="resolved_alone", within=m.RESOLVED, flag=2)
    assert own.counts(m.RESOLVED.code, 3)
    assert not own.counts(m.RESOLVED.code, 1)
    assert not own.counts(own.code, 2)
    assert m.RESOLVED.counts(m.RESOLVED.code, 2)


def test_every_term_of_a_formula_is_found() -> None:
    names = [term.name for term in terms_of(net_share(_YES, _NO, _ALL))]
    assert names == ["ended_answered", "ended_without_reply", "reply_sent"]
