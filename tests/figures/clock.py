"""A clock that stands still: ``python -m tests.figures.clock MODULE …`` runs a module at one fixed moment.

Periods end with the last record, but not after today, so that figures of the sample place would otherwise
depend on the day that they are collected on.
"""

from __future__ import annotations

import ctypes
import gc
import runpy
import sys
import time
from datetime import UTC, datetime

MOMENT = datetime(2026, 11, 24, 5, tzinfo=UTC)
"""Noon in western Indonesia, on a working day."""


def stop_clock() -> None:
    """Stop the wall clock of this process at ``MOMENT``; monotonic clocks go on."""
    seconds = MOMENT.timestamp()
    time.time = lambda: seconds
    time.time_ns = lambda: int(seconds) * 10**9
    # Modules hold datetime itself, so its method must change: its dictionary can be reached through gc only.
    members = gc.get_referents(datetime.__dict__)[0]
    members["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(seconds, tz))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))


if __name__ == "__main__":
    stop_clock()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
