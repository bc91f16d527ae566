"""The conversation's fold: its events, in the order in which they happened, into its state and its samples."""
