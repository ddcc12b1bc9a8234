"""How our own connections to a world's database are set."""

SETTINGS = {
    # as the change log's functions set them: what they wrote reads back as it was, and looks the same in every session
    "search_path": "pg_catalog",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    # what we do is not logged, and no trigger, rule or foreign key of the user's has a part in it
    "hotfire.quiet": "on",
    "session_replication_role": "replica",
    "row_security": "off",
    # plans are kept from the first use
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "statement_timeout": "0",
    # somebody of the service's is still there: told, not waited for
    "lock_timeout": "5s",
}
