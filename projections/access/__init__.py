"""Who read what: the access ledger as it stands. It has no tables; nothing has to catch up before it can be read."""
