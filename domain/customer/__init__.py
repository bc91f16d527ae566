"""The customer's fold: over all conversations of one customer, what was resolved and yet brought them back."""
