"""A world to try the services in: a messaging network, a model and participants."""
