"""Reads what participants write and decides what to say."""
