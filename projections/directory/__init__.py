"""The directory: who works at the desk, whom it serves, its teams, channels and communities, now and at any instant."""
