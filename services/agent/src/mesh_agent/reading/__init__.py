"""How numbers, dates, yes and no are read in what people write.

All of it works on plain text, as `mesh_agent.quoting.plain` makes it.
"""
