"""Conversations, the samples observed in them, and the cube of their sums: one projection, so that a figure and the
samples it opens into are always of the same state."""
