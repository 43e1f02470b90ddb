"""The log for analysts: every event as a row, and what was known at any past moment.

It only reads. Nothing here is needed by the services but `past`.
"""
