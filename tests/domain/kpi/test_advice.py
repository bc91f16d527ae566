"""What each candidate promise would have kept."""

from decimal import Decimal

from domain.kpi.advice import advice, shortest

ANSWERS = [30, 60, 60, 90, 600]


def test_an_answer_at_the_due_instant_itself_would_have_been_kept() -> None:
    told = advice(ANSWERS, [29, 30, 60, 89, 600, 3600])
    assert [each.kept for each in told] == [0, 1, 3, 3, 5, 5]
    assert told[2].share == Decimal("0.6")


def test_where_nothing_was_answered_there_is_no_share() -> None:
    assert advice([], [60])[0].share is None
    assert shortest([], [Decimal("0.9")]) == {Decimal("0.9"): None}


def test_the_shortest_promise_keeps_at_least_the_share_and_a_second_less_would_not() -> None:
    shares = [Decimal("0.2"), Decimal("0.6"), Decimal("0.8"), Decimal("0.81"), Decimal(1)]
    found = shortest(ANSWERS, shares)
    for share, seconds in found.items():
        assert seconds is not None
        kept, less = (advice(ANSWERS, [at])[0].share or Decimal(0) for at in (seconds, seconds - 1))
        assert less < share <= kept
