"""How episodes end: K03, K05, K06, K08, K12, K13, K19, and what is set aside."""

from tests.golden.golden import shows


def test_close_without_reply() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna closes

    closed_without_reply        anna  1
    closed_without_reply_share  anna  1
    closed_with_reply           anna  none
    closed_with_reply_share     anna  0
    first_response_time         all   none
    processed                   anna  1
    resolved                    anna  none
    """)


def test_three_classes_of_endings() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   boris replies
        09:10   anna closes                # every turn answered, by another one
        09:00   ion writes        (c2)
        09:05   anna replies      (c2)
        09:06   ion writes        (c2)     # "thank you"
        09:10   anna closes       (c2)     # an open turn
        09:00   petr writes       (c3)
        09:10   anna closes       (c3)     # no reply at all

    closed_with_reply           anna  2
    closed_with_open_turn       anna  1
    closed_without_reply        anna  1
    closed_with_own_reply       anna  1
    closed_with_reply_share     anna  2/3
    closed_without_reply_share  anna  1/3
    """)


def test_a_robots_reply_is_none_and_a_timeouts_close_is_nobodys() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   robot replies
        09:10   anna closes
        09:00   ion writes        (c2)
    Thu 09:00   timeout closes    (c2)

    closed_without_reply  anna  1
    closed_without_reply  all   1
    closed_without_reply  all   1  by system
    """)


def test_duplicates_and_spam_are_on_neither_side() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna closes as duplicate
        09:00   ion writes            (c2)
        09:10   anna marks as spam    (c2)

    closed_without_reply_share  all   none
    set_aside                   anna  2
    conversations_opened        all   1                 # a duplicate came in; spam did not
    conversations_opened        all   1     as spam
    """)


def test_merge_takes_a_conversation_out_and_leaves_the_other() -> None:
    shows("""
    Mon 09:00   maria writes
        09:00   maria writes      (c2)
        09:05   anna merges into c2
        09:10   anna replies      (c2)

    conversations_opened  all   1
    conversations_opened  all   1    as merged
    response_time         anna  10m
    backlog               all   1
    set_aside             anna  1
    """)


def test_spam_hides_no_deletion() -> None:
    shows("""
    Mon 09:00   maria comments a
        09:05   igor deletes a
        09:06   igor marks as spam

    comments_deleted  igor  1
    """)


def test_reopening_counts_both_resolutions_and_moves_only_the_full_time() -> None:
    shows("""
    Mon 09:00   maria writes
        09:30   anna replies
        10:00   anna resolves          # after 1h
        11:00   maria writes
        13:00   boris replies
        13:00   boris resolves         # after 4h, 3h of them open

    resolved               all    2
    resolved               anna   1
    first_resolution_time  anna   1h
    first_resolution_time  boris  none
    full_resolution_time   boris  4h
    full_resolution_time   anna   none
    open_time              boris  3h
    reopen_rate            anna   1
    reopen_rate            boris  0
    reopen_rate            all    1/2
    """)


def test_closing_days_after_resolving_is_administrative() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        10:00   anna resolves
    Fri 10:00   boris closes

    closed_with_reply      anna   1
    closed_with_reply      boris  none
    full_resolution_time   all    1h
    """)


def test_closed_as_solved_is_a_resolution() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        11:00   anna closes as solved

    resolved               anna  1
    first_resolution_time  anna  2h
    """)


def test_closed_and_never_solved_uses_the_close() -> None:
    shows("""
    Mon 09:00   maria writes
        10:30   anna closes

    unsolved_close_time    anna  1h30m
    first_resolution_time  all   none
    """)


def test_a_reopening_holds_to_the_second() -> None:
    shows("""
    Mon 09:00      maria writes
        10:00      anna resolves
    Mon+1 10:00    maria writes              # exactly seven days
    Mon 09:00      ion writes       (c2)
        10:00      boris resolves   (c2)
    Mon+1 10:00:01 ion writes       (c2)

    reopen_rate              anna   1
    reopen_rate_by_customer  anna   1
    reopen_rate_by_desk      anna   0
    reopen_rate              boris  0
    """)


def test_a_contested_close_brings_the_customer_back() -> None:
    shows("""
    Mon 09:00   maria writes
        10:00   anna closes
    Tue 09:59   maria writes
    Mon 09:00   ion writes       (c2)
        10:00   anna closes      (c2)
        11:00   lead reopens     (c2)        # not the customer

    contested_closes  anna  1
    """)


def test_processed_is_control_and_dialogue_or_an_end_without_one() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna claims                  # and no word
        09:00   ion writes         (c2)
        09:01   boris replies      (c2)      # and no control
        09:00   petr comments a    (c3)
        09:01   igor hides a       (c3)
        09:00   maria writes       (c4)
        09:01   vera claims        (c4)
        09:02   vera replies       (c4)
        09:03   vera replies       (c4)      # more words add nothing

    processed  anna   none
    processed  boris  none
    processed  igor   1
    processed  vera   1
    processed  all    2
    """)


def test_a_team_is_no_sum_of_its_operators() -> None:
    shows("""
    always      anna joins red
    always      boris joins red
    always      vera joins blue
    Mon 09:00   maria writes
        09:01   anna claims
        09:02   anna replies
        09:03   anna transfers to boris
        09:04   boris claims
        09:05   boris replies
        09:06   boris transfers to vera
        09:07   vera claims
        09:08   vera replies

    processed  anna       1
    processed  boris      1
    processed  vera       1
    processed  team=red   1
    processed  team=blue  1
    processed  all        1
    """)


def test_giving_out_of_the_queue_is_no_transfer_and_ping_pong_is_one_each() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   lead assigns to anna
        09:02   anna transfers to boris
        09:03   boris transfers to anna
        09:04   anna transfers to boris
        09:05   boris replies

    handover_rate  all    1
    handover_rate  anna   1
    handover_rate  boris  1
    handover_rate  lead   0
    """)


def test_inferred_acts_count_in_volumes() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna? closes

    closed_without_reply  all   1
    closed_without_reply  anna  1
    """)


def test_escalations_and_hops_stand_apart_from_transfers() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna claims
        09:02   anna transfers to boris
        09:03   boris transfers to anna
        09:04   anna escalates to team second
        09:00   ion writes       (c2)
        09:01   anna replies     (c2)

    escalation_rate    anna   1/2      # of the two that she acted in
    escalation_rate    boris  0
    escalation_rate    all    1/2
    handover_rate      all    1/2
    hops_per_handover  all    3        # there, back, and up
    """)


def test_the_cohorts_share_stands_where_its_episodes_began() -> None:
    shows("""
    Mon 09:00   maria writes team=red
        09:05   anna transfers to team blue
        09:30   boris resolves

    resolved_share  team=red   1
    resolved_share  team=blue  none
    resolved_share  all        1
    """)


def test_hours_of_a_condition_are_those_of_the_queue_in_which_it_was() -> None:
    shows("""
    always      manager sets hours Mon-Fri 09:00-18:00 team=blue
    Mon 20:00   maria writes team=red
        20:10   lead transfers to team blue

    agent_work_time  team=red  10m  business    # red keeps no calendar
    """)


def test_each_period_keeps_the_resolution_that_was_made_in_it() -> None:
    shows("""
    Mon 09:00   maria writes
        09:30   anna replies
    Tue 09:00   anna resolves
    Wed 10:00   maria writes
        10:30   anna replies
        11:00   anna resolves

    resolved               anna  1     on Tue      # who resolved keeps the credit, whatever comes later
    resolved               anna  1     on Wed
    reopen_rate            anna  1     on Tue
    first_resolution_time  anna  24h   on Tue
    full_resolution_time   anna  none  on Tue      # moved by the reopening
    full_resolution_time   anna  50h   on Wed
    open_time              anna  25h   on Wed      # 24h and 1h
    """)


def test_a_colleague_cannot_say_away_that_the_customer_came_back() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna resolves
        10:00   maria writes
        10:10   boris needs no reply
        10:15   boris resolves

    contested_closes  anna  1
    """)
