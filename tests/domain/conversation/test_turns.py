"""Turns by themselves, where no history of a desk would go."""

from domain.conversation.turns import Turns


def test_comments_that_became_a_dialogue_are_one_run_once_one_of_them_waits_again() -> None:
    turns = Turns()
    turns.are_comments = True
    for minute, item in enumerate(("i1", "i2", "i3")):
        turns.receive(item, at=minute, position=minute)
    turns.remove("i1")
    turns.are_comments = False
    turns.give_back("i1", awaited=True)
    (run,) = turns.open
    assert set(run.items) == {"i1", "i2", "i3"}
    assert turns.waiting_since == 0
