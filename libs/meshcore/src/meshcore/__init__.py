"""The ground floor that every MeshAI service stands on: the domain, the log, the directory, settings and the shell."""
