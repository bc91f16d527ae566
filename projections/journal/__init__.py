"""The journal: an entry for every event, with what it is looked for by. The words stay in the ledger."""
