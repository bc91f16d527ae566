"""Promises: K16 to K18, what each clock comes to, and whom a breach is held against."""

from tests.golden.golden import shows


def test_answered_in_time_and_too_late_by_a_second() -> None:
    shows("""
    always      manager promises all first=1h next=1h
    Mon 09:00     maria writes
        10:00     anna replies          # "within an hour" includes the hour
        11:00     maria writes
        12:00:01  boris replies

    overdue_responses              all    1
    overdue_response_share         all    1/2
    responses_in_time_share        all    1/2
    first_responses_in_time_share  all    1
    next_responses_in_time_share   all    0
    responses_in_time_share        anna   1
    answered_late_by               boris  1s
    """)


def test_unanswered_is_overdue_at_the_instant_itself_and_not_before() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes team=mail

    overdue_responses       all        none  before Mon 10:00
    overdue_response_share  all        none  before Mon 10:00      # not yet judged
    overdue_responses       all        1     before Mon 10:00:01
    overdue_responses_now   all        1     before Mon 10:00:01
    overdue_response_share  all        1
    overdue_responses       team=mail  1                           # nobody's, so the queue's
    """)


def test_transfer_before_a_breach_is_held_against_who_has_it_then() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:01   anna claims
        09:50   anna transfers to boris
        10:05   boris replies

    overdue_responses   boris  1
    overdue_responses   anna   none
    held_while_overdue  anna   49m     # 09:01 to 09:50: what an appeal can show
    held_while_overdue  boris  15m
    held_while_overdue  all    65m     # a minute of it in the queue
    answered_late_by    boris  5m
    """)


def test_transfer_after_a_breach_moves_no_blame() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:00   anna claims
        10:01   anna transfers to boris
        10:02   boris replies

    overdue_responses  anna   1
    overdue_responses  boris  none
    """)


def test_priority_raised_in_mid_clock_is_due_no_earlier_than_raised() -> None:
    shows("""
    always      manager promises urgent first=10m priorities=urgent
    always      manager promises all first=1h
    always      manager looks at promises urgent,all
    Mon 09:00   maria writes
        09:30   lead sets priority urgent     # by the new promise 09:10, which has passed

    overdue_responses  all  none  before Mon 09:30
    overdue_responses  all  1     before Mon 09:30:01
    """)


def test_priority_raised_early_leaves_the_new_promise_its_time() -> None:
    shows("""
    always      manager promises urgent first=10m priorities=urgent
    always      manager promises all first=1h
    always      manager looks at promises urgent,all
    Mon 09:00   maria writes
        09:04   lead sets priority urgent
        09:09   anna replies

    responses_in_time_share  anna  1
    overdue_responses        all   none
    """)


def test_priority_lowered_after_the_breach_unbreaks_nothing() -> None:
    shows("""
    always      manager promises urgent first=10m priorities=urgent
    always      manager promises all first=1h
    always      manager looks at promises urgent,all
    Mon 09:00   maria opens priority=urgent
        09:00   maria writes
        09:11   lead sets priority low
        09:20   anna replies

    overdue_responses  all   1
    answered_late_by   anna  10m
    """)


def test_policy_edited_in_mid_clock_made_stricter() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:30   manager promises all first=10m
        09:40   anna replies

    overdue_responses  all   1                     # due = max(09:10, 09:30)
    overdue_responses  all   none before Mon 09:30
    answered_late_by   anna  10m
    """)


def test_policy_edited_in_mid_clock_made_milder() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:30   manager promises all first=4h
        12:30   anna replies

    overdue_responses        all   none
    responses_in_time_share  anna  1
    """)


def test_policy_edited_after_the_breach_unbreaks_nothing() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        10:30   manager promises all first=4h
        12:30   anna replies

    overdue_responses  all   1
    answered_late_by   anna  2h30m
    """)


def test_policy_of_another_channel_promises_nothing() -> None:
    shows("""
    always      manager promises mails first=1h kinds=email
    Mon 09:00   maria writes kind=message
        12:00   anna replies

    responses_in_time_share  all  none
    overdue_response_share   all  none
    """)


def test_closed_unanswered_in_time_is_a_third_outcome() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:30   anna closes

    promises_closed_unanswered  anna  1
    overdue_responses           all   none
    overdue_response_share      all   none
    first_response_time         all   none
    """)


def test_closed_unanswered_when_overdue_stays_overdue() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        10:30   anna closes

    overdue_responses           all  1
    promises_closed_unanswered  all  none
    overdue_responses_now       all  0
    overdue_responses_now       all  1     before Mon 10:30
    """)


def test_deletion_in_time_is_told_and_never_a_kept_promise() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria comments a
        09:20   igor deletes a

    promises_removed_unanswered  igor  1
    responses_in_time_share      all   none
    overdue_responses            all   none
    """)


def test_night_turn_is_due_in_the_morning() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    always      manager promises all first=1h counted_in=business
    Mon 17:30   maria writes
    Tue 09:30   anna replies

    responses_in_time_share  anna  1
    response_time            anna  1h  business
    overdue_responses        all   none
    """)


def test_lunch_break_is_not_counted_against_a_promise() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-13:00 14:00-18:00
    always      manager promises all first=1h counted_in=business
    Mon 12:30   maria writes

    overdue_responses  all  none  before Mon 14:30
    overdue_responses  all  1     before Mon 14:30:01
    """)


def test_calendar_edited_in_mid_clock() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00
    always      manager promises all first=1h counted_in=business
    Mon 17:30   maria writes
        17:45   manager sets hours Mon-Fri 09:00-18:00 22:00-06:00

    overdue_responses  all  none  before Mon 22:30       # 30m until 18:00, 30m from 22:00
    overdue_responses  all  1     before Mon 22:30:01
    """)


def test_spring_night_is_due_an_hour_later_on_the_wall() -> None:
    shows("""
    week 2026-03-23 in Europe/Kyiv
    always      manager promises all first=4h
    Sun 01:00   maria writes

    overdue_responses  all  none  before Sun 06:00       # 01:00 to 03:00 and 04:00 to 06:00
    overdue_responses  all  1     before Sun 06:00:01
    """)


def test_bot_hand_off_starts_the_promise() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        10:40   robot hands off
        11:40   anna replies

    responses_in_time_share  anna  1
    overdue_responses        all   none
    """)


def test_pausing_for_the_customer_only_where_promised() -> None:
    shows("""
    always      manager promises all resolution=2h pauses_for=customer
    Mon 09:00   maria writes
        09:30   anna waits for customer
        12:00   anna goes on
        13:30   anna resolves                            # 30m + 1h30m
        09:00   ion writes                (c2)
        09:30   anna waits for vendor     (c2)
        12:00   anna resolves             (c2)           # due at 11:00

    resolutions_in_time_share  all   1/2
    overdue_resolutions        anna  none
    overdue_resolutions        all   1                   # nobody had it: the queue's
    resolved_late_by           anna  1h
    """)


def test_a_reopening_is_promised_a_resolution_anew() -> None:
    shows("""
    always      manager promises all resolution=4h
    Mon 09:00   maria writes
        10:00   anna resolves
    Tue 10:00   lead reopens
        15:00   boris resolves

    resolutions_in_time_share  all    1/2
    resolutions_in_time_share  anna   1
    resolved_late_by           boris  1h
    overdue_resolution_share   all    1/2
    """)


def test_each_comment_has_a_clock_of_its_own() -> None:
    shows("""
    always      manager promises all first=30m next=30m
    Mon 09:00   maria comments a
        09:10   ion comments b
        09:35   anna replies to b        # 25m
        09:45   anna replies to a        # 45m

    overdue_responses        all  1
    responses_in_time_share  all  1/2
    """)


def test_what_the_desk_itself_reports_stands_apart() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   rule reports resolution broken
        09:20   anna replies

    breaches_reported_by_desk  all  1
    overdue_responses          all  none
    overdue_response_share     all  none
    """)


def test_what_is_spam_was_promised_nothing() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        11:00   anna marks as spam

    overdue_responses  all  none
    overdue_responses  all  1     as spam
    """)


def test_closed_unsolved_in_time_is_neither_kept_nor_overdue() -> None:
    shows("""
    always      manager promises all resolution=4h
    Mon 09:00   maria writes
        10:00   anna closes

    promises_closed_unsolved   anna  1
    resolutions_in_time_share  all   none
    overdue_resolutions        all   none
    """)


def test_a_deleted_answer_that_nothing_was_promised_of_starts_the_clock_anew() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna replies r1
        09:10   manager promises all first=1h next=1h
        12:00   anna deletes reply r1

    overdue_responses  all  none  before Mon 12:00
    overdue_responses  all  1                         # at 12:00: no earlier than the deletion
    """)


def test_what_falls_overdue_stands_where_the_conversation_then_is() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria opens priority=high
        09:00   maria writes
        09:05   anna tags it late
        09:06   lead sets priority high complexity=hard

    overdue_responses  tag=late         1
    overdue_responses  complexity=hard  1
    """)


def test_hiding_what_is_overdue_and_showing_it_again_moves_no_breach() -> None:
    shows("""
    always      manager promises all first=10m
    Mon 09:00   maria comments a
        10:00   igor hides a
        11:00   igor shows a
        12:00   anna replies to a

    overdue_responses      all   1      before Mon 09:30
    answered_late_by       anna  2h50m
    held_while_overdue     all   3h
    overdue_responses_now  all   1      before Mon 11:30
    overdue_responses_now  all   0
    """)
