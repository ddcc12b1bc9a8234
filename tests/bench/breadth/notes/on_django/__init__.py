"""The notes by Django, its ORM and its own drivers."""

import absent  # noqa: F401  # before all else
