"""A live server of its own: free port, empty database, no settings of the machine's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def clean_environment(folder: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The machine's environment with our settings only; the database lies in ``folder``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SAMBANG_", "STREAMLIT_"))
    }
    return {
        **kept,
        "SAMBANG_DATABASE_URL": f"sqlite:///{folder / 'sambang.sqlite'}",
        "SAMBANG_TILES_URL": "",
        **(settings or {}),
    }


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serve(
    script: str,
    folder: Path,
    *,
    settings: Mapping[str, str] | None = None,
    base_path: str = "",
    port: int | None = None,
) -> Iterator[str]:
    """Run a dashboard until the block ends; gives its address. What it says goes to ``folder/server.log``."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    address = f"http://127.0.0.1:{port}/{base_path}".rstrip("/")
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--server.address=127.0.0.1", f"--server.baseUrlPath={base_path}"],
            cwd=ROOT,
            env=clean_environment(folder, settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"{address}/_stcore/health", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(health: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(health, timeout=2) as answer:  # noqa: S310 - our own address, http
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
