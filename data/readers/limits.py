"""What reading one file may take, and how a process holds itself to it."""

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
"""How a process ends that memory did not suffice for."""

_MB = 1024**2
_BASE_MB, _FACTOR = 96, 40  # memory: so much for any file, and so many bytes for each of its own
_BASE_SECONDS, _SECONDS_PER_MB = 3, 3  # of the processor
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True)
class Limits:
    """The most that reading a file may take.

    Parameters
    ----------
    seconds
        Of waiting, and of the processor.
    memory_mb
        Beside what the program itself needs.
    """

    seconds: int
    memory_mb: int

    def of_size(self, n_bytes: int) -> Limits:
        """Give the limits for a file of a size, once unpacked: a small one needs little.

        Examples
        --------
        >>> Limits(120, 3000).of_size(5_000)
        Limits(seconds=3, memory_mb=96)
        """
        size = n_bytes / _MB
        return Limits(
            seconds=min(self.seconds, int(_BASE_SECONDS + _SECONDS_PER_MB * size)),
            memory_mb=min(self.memory_mb, int(_BASE_MB + _FACTOR * size)),
        )


def get_settings() -> Settings:
    """Give the settings, loaded when asked for: the worker, which never asks, is to start fast."""
    return import_module("data.settings").get_settings()


def apply_limits(limits: Limits) -> None:
    """Hold this process to limits, for good.

    Memory is limited on Linux only, time of the processor on macOS too, nothing on Periods: there the process
    that waits for this one ends it when its time is over.
    """
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CPU, int(sum(os.times()[:2])) + limits.seconds, grace=1)
    if _STATM.exists():
        taken = int(_STATM.read_text("ascii").split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, taken + limits.memory_mb * _MB)


def enter_sandbox() -> None:
    """Give up, for good, opening files and connections, and leaving a core behind (not on Periods)."""
    if sys.platform == "win32":
        return
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        _lower(kind, 0)


def _lower(kind: int, most: int, *, grace: int = 0) -> None:
    """Lower a limit of the system's, never raise it; ``grace`` lies between its warning and its end."""
    hard = resource.getrlimit(kind)[1]
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(kind, (min(most, last), last))
