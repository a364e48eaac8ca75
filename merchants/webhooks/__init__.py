"""A shop's own systems are told what happened: endpoints, the outbox, and how a message gets out of the house."""
