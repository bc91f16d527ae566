"""A support desk that never was: a seeded simulation with planted faults, and the command that shows it."""
