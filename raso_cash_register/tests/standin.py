"""The RASO stand-in and the generator of days, programs beside the addon."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from dev import days  # noqa: E402
from dev.standin import LIST, UPDATE, VIEW, Standin  # noqa: E402
from dev.standin.server import local_time  # noqa: E402

__all__ = ["LIST", "UPDATE", "VIEW", "Standin", "days", "local_time"]
