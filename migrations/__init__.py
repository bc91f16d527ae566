"""The schema's history, forward and back."""
