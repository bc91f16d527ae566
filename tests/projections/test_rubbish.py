"""The search for rubbish is put off while large batches are folded, and goes on afterwards."""

import gc

import pytest

from projections import rubbish


def test_a_large_batch_is_not_interrupted_by_the_search() -> None:
    with rubbish.put_off(10_000):
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_small_batch_leaves_everything_as_it_is() -> None:
    with rubbish.put_off(3):
        assert gc.isenabled()


def test_the_search_goes_on_when_the_last_of_overlapping_batches_is_done() -> None:
    with rubbish.put_off(10_000):
        with rubbish.put_off(10_000):
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_batch_that_fails_does_not_end_the_search_for_good() -> None:
    with pytest.raises(ValueError, match="a fold"), rubbish.put_off(10_000):
        raise ValueError("a fold")
    assert gc.isenabled()


def test_rubbish_of_a_batch_is_gone_after_it() -> None:
    class Knot:
        def __init__(self) -> None:
            self.itself = self

    def knots() -> int:
        return sum(1 for one in gc.get_objects() if type(one) is Knot)

    with rubbish.put_off(10_000):
        for _ in range(100):
            Knot()
        assert knots() == 100
    assert knots() == 0
