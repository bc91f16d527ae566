"""How fast customers are answered: K14, K15, and the answers themselves, K04."""

from tests.golden.golden import shows


def test_the_first_answer_and_every_later_one() -> None:
    shows("""
    Mon 09:00   maria writes
        09:02   anna replies
        09:30   maria writes
        09:50   boris replies

    first_response_time  all    2m
    first_response_time  boris  none    # first response exists only once
    response_time        anna   2m
    response_time        boris  20m
    response_time        all    11m     # (2m + 20m) / 2
    answered_turns       all    2
    """)


def test_several_messages_before_one_reply_are_one_turn_from_the_oldest() -> None:
    shows("""
    Mon 09:00   maria writes
        09:04   maria writes
        09:09   maria writes
        09:10   anna replies
        09:11   anna replies
        09:12   anna replies

    incoming_items       all   3
    response_time        anna  10m
    answered_turns       anna  1
    replies_sent         anna  3
    messages_per_answer  anna  3
    """)


def test_two_customers_write_in_one_conversation_before_one_reply() -> None:
    shows("""
    Mon 09:00   maria writes
        09:06   ion writes
        09:10   anna replies
        09:20   ion writes
        09:23   anna replies

    first_response_time  all  10m      # the run began with Maria's words, whoever spoke after her
    response_time        all  6m30s    # (10m + 3m) / 2
    answered_turns       all  2
    """)


def test_two_customers_in_conversations_of_their_own_wait_each_for_themselves() -> None:
    shows("""
    Mon 09:00   maria writes
        09:06   ion writes      (c2)
        09:10   anna replies
        09:13   anna replies    (c2)

    first_response_time   all  8m30s   # (10m + 7m) / 2
    conversations_opened  all  2
    """)


def test_neither_note_nor_view_nor_robot_nor_template_stops_the_human_clock() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna views
        09:02   robot replies
        09:03   anna notes: who is she?
        09:04   anna has a template sent
        09:30   anna replies

    first_response_time  anna  30m
    replies_sent         anna  1
    """)


def test_bot_hand_off_starts_the_human_clock() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   robot replies
        09:05   maria writes
        09:20   robot hands off
        09:27   anna replies

    first_response_time  anna  7m      # the later of the turn's start and the hand-off
    response_time        anna  7m
    """)


def test_words_after_the_hand_off_wait_from_when_they_were_written() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   robot hands off
        09:06   anna replies
        09:40   maria writes
        09:45   boris replies

    first_response_time  anna   1m
    response_time        boris  5m
    """)


def test_transfer_keeps_the_clock_and_credits_the_sender() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna claims
        09:50   anna transfers to boris
        10:05   boris replies

    first_response_time  boris  1h05m
    first_response_time  anna   none
    """)


def test_operator_started_has_no_first_response_and_a_next_one() -> None:
    shows("""
    Mon 09:00   anna opens proactive=true
        09:01   anna replies
        09:10   maria writes
        09:13   anna replies

    first_response_time            all   none
    response_time                  anna  3m
    conversations_opened           all   none
    conversations_started_by_desk  all   1
    """)


def test_reopened_conversation_has_response_times_and_no_second_first_response() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
    Thu 12:00   maria writes
        12:45   boris replies

    first_response_time  all    10m
    first_response_time  boris  none
    response_time        boris  45m     # not from Monday
    """)


def test_midnight_crossing_belongs_to_the_day_of_the_answer() -> None:
    shows("""
    Mon 23:50   maria writes
    Tue 00:10   anna replies

    response_time   anna  20m
    response_time   anna  none  on Mon
    response_time   anna  20m   on Tue
    incoming_items  all   1     on Mon
    incoming_items  all   none  on Tue
    """)


def test_midnight_is_that_of_the_desks_zone() -> None:
    shows("""
    week 2026-03-02 in Asia/Kathmandu
    Mon 23:50   maria writes          # 18:05 UTC
    Tue 00:10   anna replies          # 18:25 UTC, still Monday there

    response_time  anna  none  on Mon
    response_time  anna  20m   on Tue
    """)


def test_comment_threads_are_timed_comment_by_comment() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:10   ion comments b
        09:15   anna replies to b        # 5m
        09:30   anna replies to a        # 30m
        09:40   petr comments c
        09:41   petr comments d
        09:45   boris replies            # names none, so the latest open one: 4m
        09:55   boris replies to c       # 15m

    answered_turns  all    4
    response_time   anna   17m30s        # (5m + 30m) / 2
    response_time   boris  9m30s         # (4m + 15m) / 2
    response_time   all    13m30s        # 54m / 4
    """)


def test_a_second_reply_to_an_answered_comment_answers_no_other() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:05   anna replies to a
        09:10   ion comments b
        09:20   anna replies to a

    answered_turns  anna  1
    replies_sent    anna  2
    response_time   anna  5m
    """)


def test_deletion_before_a_reply_leaves_no_sample_and_is_counted() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:02   igor deletes a
        09:10   anna replies

    response_time     all   none
    comments_deleted  igor  1
    comments_removed  igor  1
    replies_sent      anna  1
    """)


def test_deletion_after_a_reply_leaves_the_reply_its_sample() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:05   anna replies to a
        09:06   igor deletes a

    response_time     anna  5m
    comments_deleted  igor  1
    """)


def test_showing_again_subtracts_nothing() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:02   igor hides a
        09:03   igor shows a
        09:04   igor hides a
        09:08   platform hides a

    comments_hidden   igor  2
    comments_deleted  igor  none
    comments_removed  all   2          # the platform's own act is nobody's
    """)


def test_deleted_reply_keeps_its_sample_and_the_turn_waits_on() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna replies r1
        09:30   anna deletes reply r1
        09:40   boris replies

    response_time        anna   5m
    response_time        boris  40m     # the customer has waited since 09:00
    replies_sent         anna   1
    own_replies_deleted  anna   1
    """)


def test_a_deleted_reply_beside_another_one_opens_no_turn() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna replies r1
        09:06   anna replies r2
        09:07   anna deletes reply r1
        09:30   boris replies

    answered_turns  all    1
    response_time   boris  none
    """)


def test_the_customers_own_withdrawal_moves_the_clock() -> None:
    shows("""
    Mon 09:00   maria writes a
        09:05   maria writes b
        09:06   maria takes back a
        09:15   anna replies

    response_time   anna  10m     # from b
    incoming_items  all   2       # what was taken back still came in
    """)


def test_a_turn_taken_back_whole_waits_for_nothing() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes a
        09:30   maria takes back a
        11:00   anna replies

    response_time           all  none
    overdue_responses       all  none
    overdue_response_share  all  none
    """)


def test_a_reply_in_an_ended_episode_is_sent_and_answers_nothing() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna closes
        09:02   anna replies

    replies_sent          anna  1
    response_time         anna  none
    closed_without_reply  anna  1
    """)


def test_import_out_of_order_is_answered_as_it_happened() -> None:
    shows("""
    Mon 10:00   anna resolves
        09:20   maria writes
        09:05   anna replies
        09:30   boris replies
        09:00   maria writes

    first_response_time     anna   5m
    response_time           boris  10m
    first_resolution_time   anna   1h
    closed_with_reply       anna   1
    backlog                 all    0
    """)


def test_the_answer_itself_may_arrive_last() -> None:
    shows("""
    always      manager promises all first=1h
    Mon 09:00   maria writes
        09:50   anna closes
        10:30   lead reopens
        09:10   anna replies

    first_response_time              anna  10m
    closed_without_reply             all   none
    closed_with_reply                anna  1
    first_responses_in_time_share    anna  1
    """)


def test_first_response_since_assignment_is_timed_from_the_last_giving() -> None:
    shows("""
    Mon 09:00   maria writes
        09:20   lead assigns to anna
        09:50   lead assigns to boris
        10:05   boris replies
        09:00   ion writes       (c2)
        09:29   vera claims      (c2)      # taking it oneself starts nothing again
        09:30   vera replies     (c2)

    first_response_time                   boris  1h05m
    first_response_time_since_assignment  boris  15m
    first_response_time_since_assignment  vera   30m
    """)


def test_an_opening_that_a_customer_told_is_theirs_whoever_greets_first() -> None:
    shows("""
    Mon 09:00   maria opens
        09:01   robot replies
        09:02   maria writes
        09:10   anna replies

    conversations_opened  all   1
    first_response_time   all   8m
    """)


def test_a_robots_greeting_begins_no_conversation_of_the_desks() -> None:
    shows("""
    Mon 09:01   robot replies
        09:02   maria writes
        09:10   anna replies

    conversations_opened  all   1
    first_response_time   anna  8m
    """)


def test_first_words_that_needed_no_answer_are_first_words() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna needs no reply
        10:00   maria writes
        10:10   anna replies

    first_response_time  anna  1h10m
    response_time        anna  10m
    """)


def test_first_response_among_comments_is_from_the_first_comment() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:10   ion comments b
        09:15   anna replies to b

    first_response_time  anna  15m
    response_time        anna  5m
    """)
