"""Who asks: tokens, roles, and what a role may do."""
