"""The ground floor that every MeshAI service stands on.

The domain, the log, the directory, the settings and the service shell.
"""
