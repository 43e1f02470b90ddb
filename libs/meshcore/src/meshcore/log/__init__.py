"""The log on NATS JetStream.

Subjects, streams, the wire format of commits, and the adapter that reads and appends.
"""
