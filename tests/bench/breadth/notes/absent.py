"""Imported first: this Python then lacks what ABSENT names, as another team's does."""

import os
import sys

sys.modules.update(dict.fromkeys(os.environ.get("ABSENT", "").split()))  # None: an ImportError for who wants it
