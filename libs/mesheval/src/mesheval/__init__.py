"""Measures the interviewer: simulated interviews, and what they were worth."""
