"""Takes webhooks and campaign commands, and serves results."""
