"""What customers say, and whether matters stay solved: K09, K26 to K33."""

from tests.golden.golden import shows


def test_rating_is_the_resolvers_whoever_has_it_later() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:21   rule asks for a rating
        09:30   lead assigns to boris         # after the bad rating was foreseen
        10:00   maria rates 2

    customer_rating       anna   2
    customer_rating       boris  none
    satisfied_share       anna   0
    survey_response_rate  anna   1
    """)


def test_rating_changed_late() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:21   rule asks for a rating
        10:00   maria rates 2
    Fri 10:00   maria rates 5

    customer_rating      anna  5              # the last answer of a survey wins
    customer_rating      anna  5     on Fri   # at its own instant
    customer_rating      anna  none  on Mon
    satisfied_share      anna  1
    ratings_turned_good  anna  1
    ratings_turned_bad   anna  none
    """)


def test_rating_changed_to_the_worse() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:21   rule asks for a rating
        10:00   maria rates 4
        10:05   maria rates 3                 # a 3 is not good

    customer_rating     anna  3
    satisfied_share     anna  0
    ratings_turned_bad  anna  1
    """)


def test_resolving_again_after_the_survey_moves_no_rating() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:21   rule asks for a rating
        09:30   maria writes
        09:35   boris replies
        09:40   boris resolves
        10:00   maria rates 1

    customer_rating  anna   1
    customer_rating  boris  none
    """)


def test_rating_of_what_a_timeout_resolved_is_the_last_senders() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:12   boris replies
    Wed 09:12   timeout resolves
        09:13   rule asks for a rating
        10:00   maria rates 5

    customer_rating  boris  5
    resolved         all    none
    resolved         all    1     by system
    """)


def test_response_rate_is_of_the_same_slice() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna resolves
        09:11   rule asks for a rating
        10:00   maria rates 5
        09:00   ion writes                (c2)
        09:10   anna resolves             (c2)
        09:11   rule asks for a rating    (c2)
        09:00   petr writes               (c3)
        09:10   boris resolves            (c3)
        09:11   rule asks for a rating    (c3)

    survey_response_rate  anna   1/2
    survey_response_rate  boris  0
    survey_response_rate  all    1/3
    """)


def test_recommendations_are_promoters_less_detractors() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna resolves
        10:00   maria recommends 9 s1
        10:01   maria recommends 10 s2
        10:02   maria recommends 8 s3
        10:03   maria recommends 7 s4
        10:04   maria recommends 6 s5

    nps              all  20          # 2/5 less 1/5, in points
    customer_rating  all  none
    """)


def test_self_solved_and_who_has_helped() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   lead assigns to anna              # out of the queue: no help
        09:02   robot replies                     # nor is this
        09:10   anna replies
        09:20   anna resolves
        09:00   ion writes                (c2)
        09:10   boris replies             (c2)
        09:20   anna resolves             (c2)
        09:00   petr writes               (c3)
        09:05   vera notes: ask the shop  (c3)
        09:10   anna replies              (c3)
        09:20   anna resolves             (c3)
        09:00   maria writes              (c4)
        09:05   igor claims               (c4)
        09:06   igor transfers to anna    (c4)
        09:20   anna resolves             (c4)

    self_solved_share  anna  1/4
    """)


def test_one_touch_is_one_turn_answered_for_good() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:11   anna replies                  # one turn, one touch
        09:20   anna resolves
        09:00   ion writes       (c2)
        09:10   anna replies     (c2)
        09:15   ion writes       (c2)
        09:18   anna replies     (c2)
        09:20   anna resolves    (c2)
        09:00   petr writes      (c3)
        09:10   anna replies     (c3)
        09:20   anna resolves    (c3)
    Wed 09:00   petr writes      (c3)         # opened again

    one_touch_share  anna  1/3
    """)


def test_first_contact_resolution_and_its_failures() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves                 # for good
        09:00   ion writes         (c2)
        09:10   boris replies      (c2)
        09:20   boris resolves     (c2)
    Thu 10:00   ion comments a     (c3)       # the same customer elsewhere, three days later

    first_contact_resolution                anna   1
    first_contact_resolution                boris  0
    first_contact_resolution                all    1/2
    first_contact_resolution_within_1_days  boris  1
    repeat_contact_rate                     boris  1
    repeat_contact_rate                     anna   0
    repeat_contact_rate_within_1_days       boris  0
    repeat_contact_rate_within_30_days      boris  1
    reopen_rate                             boris  0
    """)


def test_a_repeat_holds_to_the_second() -> None:
    shows("""
    Mon 09:00       maria writes
        09:20       anna resolves
    Mon+1 09:20     maria writes        (c2)    # exactly seven days
    Mon 09:00       ion writes          (c3)
        09:20       boris resolves      (c3)
    Mon+1 09:20:01  ion writes          (c4)

    repeat_contact_rate  anna   1
    repeat_contact_rate  boris  0
    """)


def test_one_customer_by_two_names_comes_back() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
    Tue 09:00   petr writes       (c2)
    Wed 09:00   maria is also petr

    repeat_contact_rate       anna  1
    first_contact_resolution  anna  0
    """)


def test_what_the_desk_began_is_no_repeat() -> None:
    shows("""
    Mon 09:00   maria writes
        09:20   anna resolves
    Tue 09:00   boris opens customer=maria proactive=true    (c2)
        09:01   boris replies                                (c2)

    repeat_contact_rate  anna  0
    """)


def test_same_topic_or_any() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna sets topic delivery
        09:20   anna resolves
    Tue 09:00   maria writes                 (c2)
        09:01   boris sets topic refund      (c2)
    Mon 09:00   ion writes                   (c3)
        09:01   vera sets topic delivery     (c3)
        09:20   vera resolves                (c3)
    Tue 09:00   ion writes                   (c4)
        09:01   boris sets topic delivery    (c4)

    repeat_contact_rate                  all   1
    repeat_contact_rate_same_topic       anna  0
    repeat_contact_rate_same_topic       vera  1
    first_contact_resolution_same_topic  anna  1
    first_contact_resolution_same_topic  vera  0
    """)


def test_reopening_late_is_held_against_who_resolved() -> None:
    shows("""
    Mon 09:00     maria writes
        09:20     anna resolves
        09:30     lead assigns to boris
    Mon+2 09:00   maria writes                # two weeks later

    reopen_rate                               anna   0
    reopen_rate_within_1_days                 anna   0
    reopen_rate_within_30_days                anna   1
    reopen_rate_within_30_days                boris  none
    first_contact_resolution                  anna   1
    first_contact_resolution_within_30_days   anna   0
    """)


def test_a_thank_you_that_needs_no_reply_is_no_reopening() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        10:00   maria writes
        10:01   anna needs no reply
        10:02   anna closes

    reopen_rate      anna  0
    one_touch_share  anna  1
    """)


def test_cohort_of_what_was_opened() -> None:
    shows("""
    Mon 09:00   maria writes
    Wed 08:00   anna resolves                 # within three days, not within one
    Mon 09:00   ion writes        (c2)
        10:00   anna resolves     (c2)
    Fri 10:00   ion writes        (c2)        # opened again: a second episode, still open

    resolved_share                all  1/3    # of three episodes, and c2's first was opened again
    resolved_share_within_1_days  all  0
    resolved_share_within_3_days  all  1/3
    resolved_share_within_7_days  all  1/3
    resolved                      anna 2
    """)


def test_net_of_what_could_not_be_solved_where_it_came() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:00   ion writes                      (c2)
        09:10   anna escalates to team second   (c2)
        09:30   vera resolves                   (c2)
    Tue 09:00   ion writes                      (c2)
        09:30   vera resolves                   (c2)

    first_contact_resolution      all  1/3
    first_contact_resolution_net  all  1/2      # of Anna's and of Vera's second, which nobody escalated
    """)


def test_cohort_of_what_an_operator_ever_had() -> None:
    shows("""
    Mon 09:00   maria writes
        09:01   anna claims
        09:02   anna transfers to boris
        09:30   boris resolves
        09:00   ion writes        (c2)
        09:01   anna claims       (c2)
        09:30   anna resolves     (c2)
        09:00   petr writes       (c3)      # nobody ever had it

    resolved_share_of_held  anna   1/2
    resolved_share_of_held  boris  1
    resolved_share          all    2/3
    """)


def test_a_thank_you_that_needs_no_reply_spoils_no_share() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        10:05   maria writes
        10:06   anna needs no reply
        10:06:01 anna resolves

    first_contact_resolution  anna  1      # of one: what needed nothing is in no denominator
    reopen_rate               anna  0
    repeat_contact_rate       anna  0
    resolved                  anna  2
    """)


def test_a_rating_after_the_thank_you_is_the_resolvers() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        09:30   maria writes                # thanks
        09:31   maria rates 5               # the desk tells of answers only

    customer_rating  anna  5
    """)


def test_a_rating_of_what_nobody_resolved_is_the_last_senders() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
    Tue 09:00   boris replies
        09:01   maria rates 3

    customer_rating  boris  3
    customer_rating  anna   none
    """)


def test_a_reply_after_the_end_of_a_thank_you_makes_no_need_of_it() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   anna resolves
        10:00   maria writes
        10:01   boris needs no reply
        10:02   boris resolves
        10:05   igor replies
    Tue 09:00   maria writes

    reopen_rate               anna   1
    reopen_rate               boris  none
    first_contact_resolution  anna   0
    """)


def test_with_nobody_else_to_rate_it_is_the_last_human_sender() -> None:
    shows("""
    Mon 09:00   maria writes
        09:10   anna replies
        09:20   timeout closes
    Tue 09:00   maria writes
        09:10   timeout closes
    Wed 09:00   maria writes
        09:05   rule asks for a rating
        09:10   maria rates 4

    customer_rating  anna  4
    """)
