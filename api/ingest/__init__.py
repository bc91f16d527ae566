"""Logs of real desks on their way into the ledger, as pure stages: reader -> rows -> cases -> events -> loader."""
