"""What was written, found by its words: current and removed."""
