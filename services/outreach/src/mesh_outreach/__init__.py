"""Sends what the agent composed, once."""
