"""Problems and a slow checker, for the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path

# the factories are plain modules of the test tree; tests are not installed
ROOT = str(Path(__file__).parents[5])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)
