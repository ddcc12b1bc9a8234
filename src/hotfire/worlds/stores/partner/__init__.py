"""A partner over HTTP: its stand-in, which a person writes, and the ledger of what it was asked, as a store."""
