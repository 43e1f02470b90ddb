"""The agent: it decides what to say next in every conversation, and records what it learned."""
