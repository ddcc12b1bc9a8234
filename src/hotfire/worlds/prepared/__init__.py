"""What `prepare` left, kept by the content of all that it can depend on, so that it runs once and not in each run.

`key.py` says what it depends on, `shelf.py` keeps what it left, `reuse.py` is what a run does with both. Wrong reuse is
a false verdict: in doubt there is no key, or no entry, and `prepare` runs again.
"""
