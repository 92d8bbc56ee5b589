"""Limits on the time and memory for reading a file, and how a process applies them to itself."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from data.settings import Settings

EXIT_MEMORY = 3
"""Exit code of a process that ran out of memory."""

_MB = 1024**2
_BASE_MB, _FACTOR = 96, 40  # memory: MB for any file, and bytes per byte of the file
_BASE_SECONDS, _SECONDS_PER_MB = 3, 3  # processor time
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True)
class Limits:
    """The most time and memory that reading a file may take.

    Parameters
    ----------
    seconds
        Of elapsed time, and of processor time.
    memory_mb
        On top of what the program itself needs.
    """

    seconds: int
    memory_mb: int

    def for_size(self, n_bytes: int) -> Limits:
        """Return the limits for a file of an unpacked size; a small file needs little.

        Examples
        --------
        >>> Limits(120, 3000).for_size(5_000)
        Limits(seconds=3, memory_mb=96)
        """
        size = n_bytes / _MB
        return Limits(
            seconds=min(self.seconds, int(_BASE_SECONDS + _SECONDS_PER_MB * size)),
            memory_mb=min(self.memory_mb, int(_BASE_MB + _FACTOR * size)),
        )


def get_settings() -> Settings:
    """Return the settings, loaded on first use so that the worker, which needs none, starts fast."""
    return import_module("data.settings").get_settings()


def apply_limits(limits: Limits) -> None:
    """Apply limits to this process, permanently.

    Memory is limited on Linux only, processor time on macOS too, and neither on Windows, where the parent
    process ends this one when its time is up.
    """
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CPU, int(sum(os.times()[:2])) + limits.seconds, grace=1)
    if _STATM.exists():
        taken = int(_STATM.read_text("ascii").split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, taken + limits.memory_mb * _MB)


def enter_sandbox() -> None:
    """Permanently disable opening files and connections, and core dumps (not on Windows)."""
    if sys.platform == "win32":
        return
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        _lower(kind, 0)


def _lower(kind: int, most: int, *, grace: int = 0) -> None:
    """Lower a system limit, never raise it; ``grace`` is the margin between its soft and hard value."""
    hard = resource.getrlimit(kind)[1]
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(kind, (min(most, last), last))
