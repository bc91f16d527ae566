"""Why commands are refused: one small question each, answered with a sentence where the answer is no."""
