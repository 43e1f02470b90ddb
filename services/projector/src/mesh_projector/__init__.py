"""Keeps the read tables equal to a fold of the log."""
