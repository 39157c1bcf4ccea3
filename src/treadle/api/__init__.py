"""The HTTP API: generic routes from each domain's front door, and the standards' own.

Read in this order: server.py (all together), security.py (who may), domains.py (the generic
routes), works.py, queue.py and jobs.py (long work), store.py and stream.py (the thread as a whole),
standards/ (protocols with their own form), problem.py (what goes wrong).
"""

from treadle.api.body import Limits
from treadle.api.security import Security
from treadle.api.server import build

__all__ = ["Limits", "Security", "build"]
