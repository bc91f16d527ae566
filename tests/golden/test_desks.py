"""The desk itself: who works when, who left, what a team is called, what stands open: K01, K02, K11, K12, K25."""

from tests.golden.golden import shows


def test_operator_who_left_keeps_what_was_theirs() -> None:
    shows("""
    always      anna joins red
    Mon 09:00   maria writes
        09:10   anna replies
        10:00   anna resolves
        12:00   anna leaves
    Tue 09:00   maria writes
        09:05   boris replies

    resolved       anna      1
    response_time  anna      10m
    response_time  team=red  10m
    reopen_rate    anna      1        # of what she had resolved
    """)


def test_operator_who_changed_teams_leaves_the_past_behind() -> None:
    shows("""
    always      anna joins red
    Mon 09:00   maria writes
        09:10   anna replies
        12:00   anna joins team blue
        13:00   ion writes      (c2)
        13:30   anna replies    (c2)

    response_time  team=red   10m
    response_time  team=blue  30m
    response_time  anna       20m
    """)


def test_team_renamed_is_the_same_team() -> None:
    shows("""
    always      anna joins red
    always      lead names team red First line
    Mon 09:00   maria writes
        09:10   anna replies
        12:00   lead renames team red Front office
        13:00   ion writes      (c2)
        13:30   anna replies    (c2)

    response_time  team=red  20m
    """)


def test_a_sample_is_of_the_queue_before_it_is_of_the_operators_team() -> None:
    shows("""
    always      anna joins red
    Mon 09:00   maria writes team=night
        09:10   anna replies

    response_time  team=night  10m
    response_time  team=red    none
    """)


def test_backlog_at_any_instant() -> None:
    shows("""
    Mon 09:00   maria writes
        09:30   ion writes       (c2)
        10:00   anna resolves
        11:00   maria writes                  # opened again
        12:00   anna closes      (c2)

    backlog   all  none  before Mon 09:00
    backlog   all  1     before Mon 09:30
    backlog   all  2     before Mon 09:30:01
    backlog   all  2     before Mon 10:00     # at ten it is resolved, before that it is not
    backlog   all  1     before Mon 10:00:01
    backlog   all  2     before Mon 12:00
    backlog   all  1
    net_flow  all  1
    net_flow  all  1     on Mon
    """)


def test_backlog_is_with_whoever_has_it_then() -> None:
    shows("""
    Mon 09:00   maria writes team=red
        09:10   anna claims
        09:20   anna transfers to boris
        09:30   boris transfers to team blue

    backlog  anna       1  before Mon 09:20
    backlog  anna       0
    backlog  boris      1  before Mon 09:30
    backlog  boris      0
    backlog  team=red   0
    backlog  team=blue  1
    backlog  all        1
    """)


def test_volume_by_channel_and_kind() -> None:
    shows("""
    Mon 09:00   maria writes channel=vk kind=message
        09:01   maria edits i2
        09:05   ion comments a channel=vk             (c2)
        09:06   petr comments b channel=vk            (c2)
        09:10   petr rings channel=phone    (c3)
        09:15   anna opens proactive=true             (c4)

    incoming_items                 all            4
    incoming_items                 channel=vk     3
    incoming_items                 kind=comment   2
    conversations_opened           all            3
    conversations_opened           channel=phone  1
    conversations_started_by_desk  all            1
    """)


def test_occupancy_utilisation_and_what_is_done_at_once() -> None:
    shows("""
    Mon 09:00   anna is online
        09:00   maria writes
        09:00   ion writes                (c2)
        09:05   anna takes it up
        09:15   anna takes it up          (c2)
        09:25   anna puts it down
        09:35   anna puts it down         (c2)
        10:00   anna is away
        10:10   anna has a break
        10:30   anna is offline

    occupancy    anna  1/2      # 09:05 to 09:35 of an hour online
    utilisation  anna  3/7      # 30m of the 70m online or away
    concurrency  anna  4/3      # 20m + 20m in 30m
    """)


def test_headcount_at_an_instant() -> None:
    shows("""
    Mon 09:00   anna is online
        09:10   boris is online
        09:20   anna has a break
        09:30   anna is online
        09:40   boris leaves

    headcount_online  all   1  before Mon 09:10
    headcount_online  all   2  before Mon 09:20
    headcount_online  all   1  before Mon 09:30
    headcount_online  all   2  before Mon 09:40
    headcount_online  all   1
    headcount_online  anna  1
    """)


def test_unattended_waits_or_was_never_answered() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   maria writes
        09:30   anna resolves
        09:40   lead reopens                  # after an answer, and waits for nothing

    unattended  all  1  before Mon 09:10
    unattended  all  0  before Mon 09:20
    unattended  all  1  before Mon 09:30
    unattended  all  0  before Mon 09:40
    unattended  all  0
    backlog     all  1
    """)


def test_a_months_cost_is_shared_out_among_its_days() -> None:
    shows("""
    always      manager records salary of 310000 for 2026-03
    always      manager records telecom of 31000 for 2026-03 channel=phone
    Mon 09:00   maria writes
        09:00   anna takes it up
        09:10   anna puts it down
        09:10   anna resolves
        09:00   ion writes           (c2)
        09:10   boris replies        (c2)

    cost                     all            341000
    cost                     channel=phone  31000
    cost                     all            11000   on Mon     # a day of 31
    cost_per_contact         all            170500             # two contacts
    cost_per_resolved        all            341000
    cost_per_handled_minute  all            34100              # ten minutes of work
    """)


def test_a_tag_holds_from_when_it_is_set() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna tags it late
        09:10   anna replies

    backlog              tag=late  1
    backlog              tag=late  none  before Mon 09:05
    first_response_time  tag=late  10m
    """)


def test_time_in_a_queue_is_one_whatever_changes_meanwhile() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   lead sets priority high
        09:10   anna claims
        09:20   anna unassigns
        09:50   anna claims

    queue_time  all  20m    # 10m and 30m
    """)


def test_share_of_what_one_ever_had() -> None:
    shows("""
    Mon 09:00   maria writes
        09:05   anna claims
        09:10   anna transfers to boris
        09:20   boris resolves

    resolved_share_of_held  anna   0
    resolved_share_of_held  boris  1
    resolved_share_of_held  all    1
    """)


def test_occupancy_of_the_phone_and_of_a_team_with_an_idle_operator() -> None:
    shows("""
    Mon 09:00   anna is online
        09:00   maria rings
        09:00   anna picks up
        09:30   maria hangs up
        09:40   anna finishes             # 40m of talk and after-work
        10:00   anna is offline
        10:00   boris is online
        11:00   boris is offline

    occupancy    anna   2/3
    occupancy    boris  0
    occupancy    all    1/3               # 40m of two hours, no mean of the two shares
    utilisation  all    1/3
    concurrency  anna   1
    """)
