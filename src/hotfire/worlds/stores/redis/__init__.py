"""Redis (or Valkey): a server of ours in each world, and the `Store` of what it holds."""
