"""The driver: plays a person's critical path against the service, as the client that hotfire holds in its hand."""
