"""Every planted fault can be seen in the data by whoever counts, and is not there when nothing was planted."""

from statistics import mean, median

import pytest

from api.demo.cast import Shift, culprit, profiles
from api.demo.chance import Chance
from api.demo.plants import RUSH, SLOWDOWN, Fault, Window
from api.demo.recipe import Recipe
from tests.demo.desk_log import DESK, HONEST_DESK, Log, log_of


def colleagues(of: str) -> list[str]:
    """The others of the same team who work by day: at night two people answer everybody."""
    staff = profiles(DESK, Chance(DESK.seed))
    team = next(profile.team for profile in staff if profile.id == of)
    return [one.id for one in staff if one.team == team and one.id != of and one.shift is not Shift.NIGHT]


def ordinary(log: Log, recipe: Recipe) -> range:
    """Four weeks in which nothing is planted."""
    since, _ = RUSH.over(recipe)
    return range(log.days(since, since).start - 30, log.days(since, since).start - 2)


def days(log: Log, window: Window, recipe: Recipe) -> range:
    return log.days(*window.over(recipe))


def test_the_slow_operator_answers_in_more_than_twice_the_time_of_colleagues() -> None:
    log, slow = log_of(DESK), culprit(DESK, Fault.SLOW)
    others = [median(log.waits_of[one]) for one in colleagues(slow) if len(log.waits_of[one]) > 50]
    assert median(log.waits_of[slow]) > 1.3 * max(others)
    assert median(log.waits_of[slow]) > 2 * median(others)


def test_one_operator_closes_many_times_as_many_dialogs_unanswered_as_anybody_else() -> None:
    log, closer = log_of(DESK), culprit(DESK, Fault.CLOSES_UNANSWERED)
    share = {one: log.shut[one] / log.handled[one] for one in [closer, *colleagues(closer)] if log.handled[one] > 50}
    assert share.pop(closer) > 3 * max(share.values())


def test_one_operator_removes_far_more_comments_than_colleagues_do() -> None:
    log, cleaner = log_of(DESK), culprit(DESK, Fault.CLEANS_UP_COMMENTS)
    share = {one: log.removed[one] / log.handled[one] for one in [cleaner, *colleagues(cleaner)]}
    assert share.pop(cleaner) > 2 * max(share.values())


def test_whoever_is_rude_is_rated_worse_than_every_colleague() -> None:
    log, rude = log_of(DESK), culprit(DESK, Fault.RUDE)
    rated = [mean(log.stars[one]) for one in colleagues(rude) if len(log.stars[one]) > 40]
    assert mean(log.stars[rude]) < min(rated) - 0.2


def test_before_the_holidays_more_customers_come_and_wait_longer() -> None:
    log = log_of(DESK)
    rush, usual = days(log, RUSH, DESK), ordinary(log, DESK)
    assert log.opened(rush) > 1.3 * log.opened(usual)
    assert log.headcount(rush) == pytest.approx(log.headcount(usual), rel=0.08)
    assert log.wait_on(rush) > 1.3 * log.wait_on(usual)


def test_in_the_slowdown_as_many_customers_wait_longer_for_as_many_operators() -> None:
    log = log_of(DESK)
    slow, usual = days(log, SLOWDOWN, DESK), ordinary(log, DESK)
    assert log.opened(slow) == pytest.approx(log.opened(usual), rel=0.12)
    assert log.headcount(slow) == pytest.approx(log.headcount(usual), rel=0.08)
    assert log.wait_on(slow) > 1.5 * log.wait_on(usual)


def test_where_nothing_is_planted_nobody_and_no_days_stand_out() -> None:
    log = log_of(HONEST_DESK)
    slow, closer = culprit(DESK, Fault.SLOW), culprit(DESK, Fault.CLOSES_UNANSWERED)
    cleaner, rude = culprit(DESK, Fault.CLEANS_UP_COMMENTS), culprit(DESK, Fault.RUDE)
    usual = ordinary(log, HONEST_DESK)
    assert median(log.waits_of[slow]) < 1.5 * median(median(log.waits_of[one]) for one in colleagues(slow))
    assert log.shut[closer] / log.handled[closer] < 0.08
    assert log.removed[cleaner] / log.handled[cleaner] < 0.2
    assert mean(log.stars[rude]) > 4
    for window in (RUSH, SLOWDOWN):
        assert log.opened(days(log, window, HONEST_DESK)) == pytest.approx(log.opened(usual), rel=0.12)
        assert log.wait_on(days(log, window, HONEST_DESK)) == pytest.approx(log.wait_on(usual), rel=0.25)
