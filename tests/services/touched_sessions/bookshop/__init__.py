"""A bookshop's baskets: each request, a read too, prolongs its session (Django, SQLite)."""
