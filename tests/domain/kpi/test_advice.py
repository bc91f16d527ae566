"""What each candidate promise would have kept."""

from decimal import Decimal

from domain.kpi.advice import advice

ANSWERS = {30: 1, 60: 2, 90: 1, 600: 1}


def test_an_answer_at_the_due_instant_itself_would_have_been_kept() -> None:
    told = advice(ANSWERS, [29, 30, 60, 89, 600, 3600], [])
    assert [each.kept for each in told.candidates] == [0, 1, 3, 3, 5, 5]
    assert told.candidates[2].share == Decimal("0.6")
    assert told.n == 5


def test_where_nothing_was_answered_there_is_no_share() -> None:
    told = advice({}, [60], [Decimal("0.9")])
    assert told.candidates[0].share is None
    assert told.shortest[0].seconds is None


def test_the_shortest_promise_keeps_at_least_the_share_and_a_second_less_would_not() -> None:
    shares = [Decimal("0.2"), Decimal("0.6"), Decimal("0.8"), Decimal("0.81"), Decimal(1)]
    for found in advice(ANSWERS, [], shares).shortest:
        assert found.seconds is not None
        kept, less = (
            each.share or Decimal(0) for each in advice(ANSWERS, [found.seconds, found.seconds - 1], []).candidates
        )
        assert less < found.share <= kept
