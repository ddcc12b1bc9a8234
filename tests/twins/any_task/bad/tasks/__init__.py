"""Tasks of planners (Django with sessions and CSRF, SQLite).

Modelled on https://github.com/dennisivy/Django-To-Do-list-with-user-authentication/issues/5: whoever is signed in deletes
anybody's task by its number.
"""
