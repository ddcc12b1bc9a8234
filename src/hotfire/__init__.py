"""hotfire holds a Python web service between its client and its dependencies and fires every critical path.

This is all that `launch/critical_paths.py` needs; the rest is the command `hotfire`.
"""

from hotfire.model.declaration import critical_path, setup, sign_in
from hotfire.worlds.driver.actor import Actor, Answer

__all__ = ["Actor", "Answer", "critical_path", "setup", "sign_in"]
