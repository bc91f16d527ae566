"""What happens at the desk, a story for each way of coming in, and for the people who work there."""
