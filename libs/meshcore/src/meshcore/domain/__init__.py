"""The pure core: events, folds and decisions.

No I/O, no clock, no randomness; all three are passed in.
"""
