"""Proofs: the tree of hashes over a ledger, its signed heads, and what finds out that something was changed."""
