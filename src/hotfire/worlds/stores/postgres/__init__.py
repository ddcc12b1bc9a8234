"""Postgres as a store: a template with a change log, a world's copies of it, and the undo of what a trial wrote."""

from hotfire.model.store import CheckpointLost
from hotfire.worlds.stores.postgres.store import PostgresStore
from hotfire.worlds.stores.postgres.template import prepare_template
from hotfire.worlds.stores.postgres.trouble import explain_error

__all__ = ["CheckpointLost", "PostgresStore", "explain_error", "prepare_template"]
