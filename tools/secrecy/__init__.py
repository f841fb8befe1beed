"""Secrets: sealed, derived, digested; and kept out of the log."""
