"""Business time: nights, lunch breaks, holidays, clocks that change, calendars that change."""

from tests.golden.golden import shows


def test_night_turn_is_short_in_business_time() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Mon 17:50   maria writes
    Tue 09:10   anna replies

    response_time  anna  15h20m
    response_time  anna  20m     business    # 17:50 to 18:00, 09:00 to 09:10
    """)


def test_weekend_is_no_business_time() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Fri 17:00   maria writes
    Mon+1 10:00 anna replies

    response_time  anna  2d17h
    response_time  anna  2h      business
    """)


def test_a_lunch_break_is_no_business_time() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-13:00 14:00-18:00
    Mon 12:30   maria writes
        14:15   anna replies
        14:20   maria writes
        14:30   anna replies

    first_response_time  anna  1h45m
    first_response_time  anna  45m   business   # 12:30 to 13:00, 14:00 to 14:15
    response_time        anna  27m30s  business # (45m + 10m) / 2
    """)


def test_within_the_lunch_break_nothing_passes() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-13:00 14:00-18:00
    Mon 13:05   maria writes
        13:55   anna replies

    response_time  anna  50m
    response_time  anna  0s   business
    """)


def test_a_holiday_is_not_waited_through() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00 closed_on=2026-03-03
    Mon 17:00   maria writes
    Wed 09:30   anna replies

    response_time  anna  40h30m
    response_time  anna  1h30m   business   # Tuesday is a date off
    """)


def test_spring_takes_an_hour_from_the_night_shift() -> None:
    shows("""
    week 2026-03-23 in Europe/Kyiv
    always      manager sets hours Mon-Sun 00:00-06:00 zone=Europe/Kyiv
    Sat 23:00   maria writes
    Sun 07:00   anna replies

    response_time  anna  7h              # of eight on the wall, one was skipped (03:00 to 04:00)
    response_time  anna  5h   business
    """)


def test_autumn_gives_the_night_shift_an_hour() -> None:
    shows("""
    week 2026-10-19 in Europe/Kyiv
    always      manager sets hours Mon-Sun 00:00-06:00 zone=Europe/Kyiv
    Sat 23:00   maria writes
    Sun 07:00   anna replies

    response_time  anna  9h
    response_time  anna  7h   business
    """)


def test_the_hour_that_autumn_repeats_is_twice_an_hour() -> None:
    shows("""
    week 2026-10-19 in Europe/Kyiv
    Sun 03:30   maria writes
        03:15*  anna replies

    response_time  anna  45m    # 03:30 to 04:00, then the clock says 03:00 again
    """)


def test_a_day_of_23_hours_holds_what_happened_in_it() -> None:
    shows("""
    week 2026-03-23 in Europe/Kyiv
    Sun 00:00   maria writes
        23:59   anna replies

    response_time   anna  22h59m  on Sun
    incoming_items  all   1       on Sun
    incoming_items  all   none    on Mon+1
    """)


def test_calendar_edited_in_mid_wait_counts_each_while_it_was_in_force() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Mon 17:30   maria writes
        17:45   manager sets hours Mon-Fri 08:00-20:00
    Tue 08:10   anna replies

    response_time  anna  14h40m
    response_time  anna  2h40m  business   # 17:30 to 17:45, 17:45 to 20:00, 08:00 to 08:10
    """)


def test_calendar_edited_afterwards_changes_no_closed_clock() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Mon 17:30   maria writes
    Tue 09:30   anna replies
    Wed 12:00   manager sets hours Mon-Sun 00:00-24:00

    response_time  anna  1h  business
    """)


def test_the_public_vector_of_two_schedules() -> None:
    shows("""
    week 2020-09-28
    always      manager sets hours Mon-Sun 12:00-02:00
    Tue 17:01:38  maria writes
    Wed 19:01:25  manager sets hours Mon-Fri 15:00-00:30
        19:01:46  anna replies

    # Kept in minutes since Sunday: 720-1560, ..., every day noon to 02:00; then 15:00 to 00:30 on weekdays.
    # Tuesday 17:01:38 to 02:00 is 32302 s, Wednesday noon to 19:01:25 is 25285 s, to 19:01:46 another 21 s.

    response_time  anna  93608s
    response_time  anna  57608s  business
    """)


def test_a_teams_own_hours() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    always      manager sets hours Mon-Sun 00:00-24:00 team=night
    Mon 20:00   maria writes team=night
        20:30   anna replies
        20:00   ion writes team=day     (c2)
        20:30   boris replies           (c2)

    response_time  team=night  30m  business
    response_time  team=day    0s   business
    """)


def test_in_and_out_of_hours_go_by_the_instant_of_the_answer() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Mon 08:50   maria writes
        09:10   anna replies
        17:55   maria writes
        18:05   anna replies

    response_time   hours=in   20m
    response_time   hours=out  10m
    incoming_items  hours=in   1
    incoming_items  hours=out  1
    """)


def test_without_a_calendar_business_is_calendar() -> None:
    shows("""
    Sat 03:00   maria writes
    Sun 03:00   anna replies

    response_time  anna  24h  business
    """)


def test_work_over_lunch_is_in_hours_as_far_as_it_is() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-13:00 14:00-18:00
    Mon 12:00   maria writes kind=message
        12:00   anna takes it up
        14:00   anna puts it down
        14:00   anna resolves

    handle_time  anna kind=message           2h
    handle_time  anna kind=message           1h  business
    """)


def test_a_rating_is_given_in_hours_or_out_of_them() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:21   rule asks for a rating
        10:00   maria rates 4

    customer_rating  hours=in   4
    customer_rating  hours=out  none
    """)


def test_time_in_queues_goes_by_the_hours_of_each() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00 team=red
    Mon 20:00   maria writes team=blue
        20:10   lead transfers to team red
        20:20   anna claims

    queue_time  all  20m
    queue_time  all  10m  business    # blue keeps no calendar, red is closed
    """)
