"""A club's booking of rooms, by form: what is wrong is shown in the form again, at status 200 (Django, SQLite)."""
