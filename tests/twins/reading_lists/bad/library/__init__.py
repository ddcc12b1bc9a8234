"""Shelves of books, one of a name for each reader (Django with sessions and CSRF; psycopg2).

Modelled on mozilla/fjord PR 523 and learning-unlimited/ESP-Website #5030: get_or_create over columns that no unique key
covers makes two rows when two requests look at once, and fails with MultipleObjectsReturned ever after.
"""

import sys

sys.modules["psycopg"] = None  # type: ignore[assignment]  # psycopg 3 is installed here too, and Django would prefer it
