"""hotfire holds a Python web service between its client and its dependencies and fires every critical path.

This is all that `launch/critical_paths.py` needs; the rest is the command `hotfire`.
"""

from hotfire.model.declaration import critical_path, setup, sign_in
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer
from hotfire.worlds.driver.mail import Mail

__all__ = ["Actor", "Answer", "Mail", "critical_path", "setup", "sign_in"]
