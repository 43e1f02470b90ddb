"""The log on NATS JetStream: subjects, streams, the wire format of commits, and the adapter that reads and appends."""
