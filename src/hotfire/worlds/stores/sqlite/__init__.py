"""A SQLite file as a store: copied while at rest, put back while the service is stopped, read in copies only."""
