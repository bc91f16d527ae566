"""What each event does to a conversation: a file per subject, a function per event, and one table of them each.

A step gets the state, the event, and its payload again as what it is.
"""
