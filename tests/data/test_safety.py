"""Files that mean harm are refused in a sentence, soon, in little memory, and without reaching anything."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from data.errors import DataError, FileRefusedError
from data.readers import InputFile, read_table, sandbox
from data.readers.archives import Archive
from data.readers.drivers import DRIVERS
from tests.data.files import make_csv, make_shapefile, make_zip
from tests.data.hostile import make_hostile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "canary-7f3a"
MAX_SECONDS, MAX_KB = 5.0, 300 * 1024
USUAL_SECONDS = 1.0  # for two small files at once that mean no harm


class Trap:
    """A server that counts who asks it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.requests += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.close()


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("canary") / "canary.csv"
    path.write_text(f"id,nama\n1,{MARK}\n")
    return path


@pytest.fixture(scope="module")
def hostile(canary: Path, trap: Trap) -> dict[str, bytes]:
    return make_hostile(canary, trap.address)


def was_read(path: Path) -> bool:
    """Whether a file was read since it was last asked, and set the mark anew."""
    read = path.stat().st_atime > 1
    os.utime(path, (1, path.stat().st_mtime))
    return read


def refuse(name: str, content: bytes) -> tuple[str, float]:
    """What is said of a file, and after how many seconds."""
    started = time.perf_counter()
    try:
        raw = read_table(InputFile(name, content))
    except DataError as error:
        return str(error), time.perf_counter() - started
    return f"accepted: {raw.frame.to_csv()}", time.perf_counter() - started


def test_hostile_files_are_refused_soon_and_reach_nothing(
    hostile: dict[str, bytes], canary: Path, trap: Trap
) -> None:
    was_read(canary)
    files = {"first.csv": make_csv(), **hostile, "last.csv": make_csv()}
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(files, pool.map(refuse, files, files.values()), strict=True))
    harmless = [answers.pop(name)[1] for name in ("first.csv", "last.csv")]
    most = MAX_SECONDS * max(1.0, max(harmless) / USUAL_SECONDS)  # where others keep the machine busy
    for name, (told, seconds) in answers.items():
        assert told.startswith(name), told
        assert told.endswith("."), told
        assert "\n" not in told
        assert MARK not in told, name
        assert seconds < most, name
    assert trap.requests == 0
    assert not was_read(canary)
    canary.read_bytes()
    if not was_read(canary):
        pytest.skip("this file system does not note when a file is read")


def test_trap_and_canary_notice_what_reaches_them(trap: Trap, canary: Path) -> None:
    before = trap.requests
    socket.create_connection(("127.0.0.1", int(trap.address.rpartition(":")[2]))).close()
    end = time.monotonic() + 10
    while trap.requests == before and time.monotonic() < end:
        time.sleep(0.01)
    assert trap.requests == before + 1
    trap.requests = before
    assert MARK in canary.read_text()


MEASURE = """
import json, resource, subprocess, sys, time
started = time.perf_counter()
ended = subprocess.run([sys.executable, *sys.argv[1:]], capture_output=True, text=True)
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([ended.returncode, time.perf_counter() - started, most, ended.stderr]))
"""  # in a small process of its own: a child begins with its parent's figure


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells a process's memory otherwise")
@pytest.mark.parametrize("name", ["bomb.zip", "far.xls", "runs.parquet"])
def test_real_command_refuses_in_little_memory(name: str, hostile: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(hostile[name])
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, "-m", "data", "import", "households", str(path), "--json"],
        env=os.environ | {"SAMBANG_DATABASE_URL": f"sqlite:///{tmp_path}/a.sqlite"},
        capture_output=True,
        text=True,
        check=True,
    )
    code, seconds, kilobytes, said = json.loads(answer.stdout)
    assert code == 1
    assert said.count("\n") == 1
    assert name in said
    assert seconds < 3 * MAX_SECONDS  # with the start of the program, on a busy machine
    assert kilobytes < MAX_KB


INSPECT = """
import json, os, sys
from data.readers.limits import Limits
from data.readers.table import InputFile
from data.readers.worker import read_within_limits
source = InputFile("a", sys.stdin.buffer.read())
read_within_limits(source, None, Limits(60, 1000))
doors = []
for door in (lambda: open("/etc/passwd"), lambda: __import__("socket").socket(), lambda: os.pipe()):
    try:
        door()
        doors.append("open")
    except (OSError, ImportError) as error:
        doors.append(type(error).__name__)
import pyogrio
print(json.dumps([doors, sorted(pyogrio.list_drivers())]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_worker_has_two_drivers_and_no_doors() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", INSPECT],
        input=make_shapefile(),
        env=sandbox._environment(),
        capture_output=True,
        check=True,
    )
    doors, drivers = json.loads(answer.stdout)
    assert doors == ["OSError"] * 3
    assert set(drivers) == DRIVERS


def test_worker_loads_little_before_it_knows_the_kind() -> None:
    heavy = [
        "data.settings",
        "geopandas",
        "pydantic",
        "scipy",
        "shapely",
        "pyogrio",
        "pyarrow.parquet",
        "sqlalchemy",
    ]
    code = f"import sys, data.readers.worker; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], env=sandbox._environment(), capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_worker_is_told_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_DATABASE_URL", "postgresql://u:secret@h/d")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    assert {"SAMBANG_DATABASE_URL", "HTTPS_PROXY"}.isdisjoint(sandbox._environment())


def test_gdal_with_other_drivers_is_not_used() -> None:
    code = "from data.readers import InputFile; from data.readers.parse import parse_table; import sys\n"
    code += "parse_table(InputFile('a', sys.stdin.buffer.read()))"
    answer = subprocess.run(
        [sys.executable, "-c", code], input=make_shapefile(), capture_output=True, check=False
    )
    assert b"GDAL was loaded with more drivers" in answer.stderr


def _ends(monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    monkeypatch.setattr(
        sandbox, "_WORKER", ("-c", f"import os, sys, time, signal; sys.stdin.buffer.read(); {code}")
    )
    with pytest.raises(FileRefusedError) as caught:
        read_table(InputFile("a.csv", make_csv()))
    return str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("os.abort()", "more memory"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "more memory"),
        ("sys.exit(3)", "more memory"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "too long"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "to the end"),
        ("print('rubbish')", "to the end"),
        ("print('{\"table\": {}}')", "to the end"),
        ("pass", "to the end"),
        ("1 / 0", "to the end"),
    ],
)
def test_worker_that_ends_early_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, code: str, what: str
) -> None:
    assert what in _ends(monkeypatch, code)


def test_worker_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sandbox.get_settings(), "__dict__", sandbox.get_settings().__dict__ | {"max_read_seconds": 1}
    )
    started = time.perf_counter()
    assert "too long" in _ends(monkeypatch, "time.sleep(60)")
    assert time.perf_counter() - started < 5


def test_log_of_a_failure_holds_no_word_of_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _ends(monkeypatch, "raise KeyError('Sri Wahyuni')")
    assert "KeyError" in caplog.text
    assert "Sri" not in caplog.text


def test_blank_fields_may_pack_well() -> None:
    assert Archive(InputFile("a.zip", make_zip({"a.dbf": b" " * 500_000}))).n_bytes == 500_000
