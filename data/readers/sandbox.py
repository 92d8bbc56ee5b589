"""Reading of files from outside, in a sandboxed worker process with limited time and memory."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from data.errors import DataError, FileRefusedError
from data.readers.drivers import ENVIRONMENT
from data.readers.limits import EXIT_MEMORY, get_settings
from data.readers.table import InputFile, refuse_large_file
from data.readers.transfer import receive_answer

if TYPE_CHECKING:
    from data.readers.table import RawTable

_ROOT = Path(__file__).resolve().parents[2]
_WORKER = ("-P", "-m", "data.readers.worker")  # -P: import nothing from the current folder
_KEPT = (
    "PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "HOME",  # this and the next ones: where a user's own packages may be installed
    "APPDATA",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)
_THRIFT = {
    "MALLOC_ARENA_MAX": "2",  # each thread's arena counts towards the limit, used or not
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYTHONUTF8": "1",
}
_AT_ONCE = threading.BoundedSemaphore(2)
_LOG = logging.getLogger(__name__)


def read_table(source: InputFile | Path, *, layer: str | None = None) -> RawTable:
    r"""Read a file of any supported type, detected from its content, as a table of text.

    It is parsed in a sandboxed worker process, which cannot open files or connections and is held to the
    limits on time and memory in the settings.

    Parameters
    ----------
    source
        A path, or a file's bytes with its name: CSV, TSV, XLSX, XLS, ODS, GeoJSON, zipped shapefile,
        GeoPackage, KML, KMZ, GPX, Parquet or GeoParquet; gzip or zip around a single file is unwrapped.
    layer
        The worksheet or layer to read; by default the first worksheet that is not empty, or the only layer.

    Returns
    -------
    RawTable
        Every row that is not empty, in the file's order.

    Raises
    ------
    FileRefusedError
        If it cannot be read as a table; the message names the file and says what to do.
    LayerError
        If it has several layers and none is chosen, or has no layer of that name.

    Examples
    --------
    >>> read_table(InputFile("homes.csv", b"id,lon,lat\n1,111.4,-7.4\n")).frame
      id    lon   lat
    0  1  111.4  -7.4
    """
    return _read(InputFile.of(source), layer, roads=False)


def read_road_table(source: InputFile | Path, *, layer: str | None = None) -> RawTable:
    """Read a file of roads: as :func:`read_table`, and also OpenStreetMap extracts (.osm.pbf, .osm).

    From an extract, the lines with a ``highway`` tag are read; it is the only column.
    """
    return _read(InputFile.of(source), layer, roads=True)


def _read(source: InputFile, layer: str | None, *, roads: bool) -> RawTable:
    refuse_large_file(source.name, len(source.content))
    settings = get_settings()
    limits = {"seconds": settings.max_read_seconds, "memory_mb": settings.max_read_memory_mb}
    asked = {"name": source.name, "layer": layer, "roads": roads}
    request = asked | {"size": len(source.content), "limits": limits}
    with _AT_ONCE:
        answer = _ask(source, json.dumps(request).encode() + b"\n", seconds=settings.max_read_seconds)
    try:
        return receive_answer(answer)
    except DataError:
        raise
    except (ValueError, KeyError, pa.ArrowException) as error:
        raise _stopped(source) from error


def _ask(source: InputFile, request: bytes, *, seconds: int) -> bytes:
    """Have a worker read a file, and return its answer."""
    try:
        with subprocess.Popen(  # noqa: S603 - our own program, nothing of the user's in the command
            [sys.executable, *_WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        ) as worker:
            try:
                answer, complaint = worker.communicate(request + source.content, timeout=seconds)
            except subprocess.TimeoutExpired:
                raise _too_slow(source) from None
            finally:
                worker.kill()
    except OSError as error:
        raise FileRefusedError(
            "{name} could not be read because no process could be started for it: try again later.",
            name=source.name,
        ) from error
    _refuse_end(source, worker.returncode, complaint)
    return answer


def _refuse_end(source: InputFile, code: int, complaint: bytes) -> None:
    """Raise a one-sentence error about why a worker ended early."""
    if code == 0:
        return
    names = ("SIGXCPU", "SIGABRT", "SIGKILL")
    by_signal = {-getattr(signal, name): name for name in names if hasattr(signal, name)}
    if by_signal.get(code) == "SIGXCPU":
        raise _too_slow(source)
    if code == EXIT_MEMORY or code in by_signal:
        raise FileRefusedError(
            "{name} needs more memory than is allowed for a file of its size: split it, or save it as CSV.",
            name=source.name,
        )
    _LOG.error("The worker that read a file ended with %s: %s", code, _where(complaint))
    raise _stopped(source)


def _too_slow(source: InputFile) -> FileRefusedError:
    return FileRefusedError(
        "{name} takes too long to read: split the table, or save it as CSV.", name=source.name
    )


def _stopped(source: InputFile) -> FileRefusedError:
    return FileRefusedError(
        "{name} could not be read to the end: save it as CSV and import that.", name=source.name
    )


def _where(complaint: bytes) -> str:
    """Return where in the program a worker failed, without any of the file's content."""
    lines = complaint.decode("utf-8", errors="replace").splitlines()
    places = [line.strip() for line in lines if line.startswith('  File "')]
    kind = lines[-1].partition(":")[0] if lines else "no traceback"
    return f"{kind}, {places[-1]}" if places else "no traceback"


def _environment() -> dict[str, str]:
    """Return the worker's environment: what it needs, but no proxy addresses and no database password."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | _THRIFT | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(paths)}
