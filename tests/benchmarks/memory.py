"""The most memory that a process held."""

from __future__ import annotations

from pathlib import Path
from resource import RUSAGE_SELF, getrusage


def peak_bytes() -> int:
    """Most memory of this process, libraries included, since it started or `forget_peak` was called.

    Linux's own record, where there is one: getrusage would begin with the peak of the parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return getrusage(RUSAGE_SELF).ru_maxrss  # bytes on macOS
    line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def forget_peak() -> None:
    """Start the kernel's record anew, where it has one (Linux)."""
    record = Path("/proc/self/clear_refs")
    if record.exists():
        record.write_text("5")
