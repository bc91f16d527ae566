"""The ledger: stores events append-only, reads them back, and knows no KPI and no GraphQL."""
