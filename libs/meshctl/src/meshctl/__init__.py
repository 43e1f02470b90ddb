"""The command line of the whole system."""
