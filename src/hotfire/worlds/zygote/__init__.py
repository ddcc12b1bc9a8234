"""The zygote, and hotfire's side of it: what it says, the lines that it says it on, the processes that it forks."""

from pathlib import Path

SCRIPT = Path(__file__).with_name("zygote.py")
"""The file that the service's own Python runs."""
