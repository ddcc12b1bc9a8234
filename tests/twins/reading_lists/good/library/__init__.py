"""Shelves of books, one of a name for each reader (Django with sessions and CSRF; psycopg2)."""

import sys

sys.modules["psycopg"] = None  # type: ignore[assignment]  # psycopg 3 is installed here too, and Django would prefer it
