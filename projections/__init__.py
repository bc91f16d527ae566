"""Folds of the ledger into tables, and the questions answered from those tables. Each read model is one room."""
