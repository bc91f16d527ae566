"""Calls and work: K20 to K24, K48."""

from tests.golden.golden import shows


def test_call_with_two_holds() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:10  anna picks up
        09:01:10  anna holds the line        # talked 60s
        09:01:40  anna talks on              # held 30s
        09:03:10  anna holds the line        # talked 90s
        09:03:55  anna talks on              # held 45s
        09:04:25  maria hangs up             # talked 30s
        09:06:25  anna finishes              # after-work 120s

    handle_time       anna kind=call  375s
    contacts_handled  anna  1
    queue_wait        all   10s
    service_level     all   1
    incoming_items    all   1
    response_time     all   none             # a call has none
    """)


def test_two_operators_on_one_call_each_have_their_leg() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:05  anna picks up
        09:02:05  anna transfers to team blue
        09:02:05  desk queues to blue
        09:02:25  boris picks up
        09:05:25  maria hangs up
        09:05:40  boris finishes

    handle_time       anna kind=call       120s
    handle_time       boris kind=call      195s        # 180s and 15s
    handle_time       all kind=call        315s        # one contact, the sum of its legs
    queue_wait        team=blue  20s
    contacts_handled  all        1
    contacts_handled  boris      1
    """)


def test_call_over_midnight_is_all_there() -> None:
    shows("""
    Mon 23:58:00  maria rings
        23:58:30  anna picks up
    Tue 00:03:30  maria hangs up

    handle_time  anna kind=call  5m
    """)


def test_another_queue_is_another_leg() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:00  desk queues to red
        09:02:00  desk queues to blue        # flowed out of red: offered there in neither sense
        09:02:15  anna picks up

    queue_wait        team=blue  15s
    queue_wait        team=red   none
    calls_offered     team=red   none
    calls_offered     all        1
    service_level     all        1
    abandonment_rate  all        0
    """)


def test_short_abandons_and_the_four_service_levels() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:00  desk queues
        09:00:20  anna picks up              # at the twentieth second: in time
        09:01:00  maria hangs up
        09:02:00  ion rings         (c2)
        09:02:00  desk queues       (c2)
        09:02:50  anna picks up     (c2)     # not in time
        09:03:00  ion hangs up      (c2)
        09:04:00  petr rings        (c3)
        09:04:00  desk queues       (c3)
        09:04:03  petr gives up     (c3)     # short
        09:05:00  maria rings       (c4)
        09:05:00  desk queues       (c4)
        09:05:12  maria gives up    (c4)
        09:06:00  ion rings         (c5)
        09:06:00  desk queues       (c5)
        09:06:30  ion gives up      (c5)

    calls_offered                     all  5
    service_level_of_offered          all  1/5
    service_level_of_answered         all  1/2
    service_level                     all  1/4     # without the short one
    service_level_with_late_abandons  all  1/3     # two answered, one given up after 20s
    abandonment_rate                  all  2/4
    queue_wait                        all  35s     # (20s + 50s) / 2
    abandoned_wait                    all  15s     # (3s + 12s + 30s) / 3
    """)


def test_a_callback_is_no_abandonment() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:00  desk queues
        09:03:00  maria wants a callback
        09:03:01  maria gives up

    abandonment_rate  all  none
    calls_offered     all  none
    """)


def test_ringing_is_the_operators_share_of_the_wait() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:00  desk queues to red
        09:00:31  anna is rung
        09:00:40  anna picks up

    ring_time      anna      9s
    queue_wait     team=red  40s
    service_level  all       0
    """)


def test_handle_time_of_writing_is_focus_where_it_is_told() -> None:
    shows("""
    Mon 09:00   maria writes kind=message
        09:00   anna claims
        09:10   anna takes it up
        09:12   anna replies
        09:13   anna puts it down
        09:30   anna takes it up
        09:31   anna puts it down
        10:00   anna resolves

    handle_time       anna kind=message  4m     # 3m + 1m, not the hour in which it was hers
    contacts_handled  anna               1
    """)


def test_handle_time_of_writing_is_else_the_time_it_was_open_and_theirs() -> None:
    shows("""
    Mon 09:00   maria writes kind=email
        09:10   anna claims                     # in the queue until then
        09:20   anna replies
        09:20   anna waits for customer
        11:20   maria writes
        11:30   anna resolves

    handle_time      anna kind=email  20m       # 09:10 to 09:20, 11:20 to 11:30
    agent_wait_time  anna             2h
    agent_work_time  anna             20m
    agent_work_time  all              30m
    queue_time       all              10m
    """)


def test_states_are_the_holders() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna claims
        09:15   anna waits for customer
        09:20   anna goes on
        09:25   anna waits for vendor
        09:28   anna transfers to boris       # still waiting for the vendor
        09:40   boris goes on
        10:00   boris resolves

    queue_time           all    10m
    agent_wait_time      anna   5m
    on_hold_time         anna   3m
    on_hold_time         boris  12m
    agent_work_time      anna   10m           # 5m + 5m
    agent_work_time      boris  20m
    requester_wait_time  anna   13m
    requester_wait_time  boris  32m
    requester_wait_time  all    55m
    """)


def test_hanging_up_on_a_machine_gives_nothing_up() -> None:
    shows("""
    Mon 09:00:00  maria rings
        09:00:02  robot picks up
        09:00:40  maria hangs up

    calls_offered     all  none
    abandonment_rate  all  none
    service_level     all  none
    """)


def test_who_talked_and_resolves_has_replied() -> None:
    shows("""
    Mon 09:00    maria rings
        09:00:10 anna picks up
        09:10    maria hangs up
        09:10    anna resolves

    closed_with_own_reply  anna  1
    """)
