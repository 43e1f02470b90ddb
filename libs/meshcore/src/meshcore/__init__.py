"""What every service shares: the domain, the log, the directory and the service shell."""
