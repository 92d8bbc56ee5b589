"""Imports killed at random moments: each is there whole afterwards, or not at all."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_HEADER = "visit_id,visited_at,officer_id,head_name,rt,rw,lon,lat,remarks\n"
_VERIFY = """
import json, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
rows = lambda query: database.execute(query).fetchall()
tables = {name for name, in rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
print(json.dumps({
    "integrity": rows("PRAGMA integrity_check")[0][0],
    "tables": len(tables),
    "version": rows("SELECT version_num FROM alembic_version") if "alembic_version" in tables else [],
    "batches": rows("SELECT batch_id, rows_read, rows_accepted, rows_quarantined FROM batches")
    if "batches" in tables else [],
    "records": rows("SELECT batch_id, count(*) FROM visits GROUP BY batch_id") if "visits" in tables else [],
    "quarantine": rows("SELECT batch_id, count(*) FROM quarantine GROUP BY batch_id")
    if "quarantine" in tables else [],
}))
"""


@dataclass
class Outcome:
    """What a number of kills did."""

    runs: int = 0
    killed: int = 0
    while_writing: int = 0
    committed: int = 0
    lost: int = 0
    partial: int = 0
    damaged: int = 0


def write_visits(path: Path, *, run: int, n_rows: int) -> None:
    """Write a file of visits, every hundredth of them faulty, with keys that no other run has."""
    lines = [
        f"R{run}-{n},2026-01-{n % 28 + 1:02} 08:{n % 60:02},P{n % 50},Kepala {n},01,02,111.4,"
        f"{'x' if n % 100 == 0 else -7.4},catatan {n}\n"
        for n in range(n_rows)
    ]
    path.write_text(_HEADER + "".join(lines), encoding="utf-8")


def import_command(path: Path) -> list[str]:
    """The real command that imports a file of visits."""
    return [sys.executable, "-m", "data", "import", "visits", str(path), "--json", "--dates", "iso"]


def environment(database: Path) -> dict[str, str]:
    """The environment of a command that works on a database."""
    return os.environ | {"SAMBANG_DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(_ROOT)}


def inspect(database: Path) -> dict[str, object]:
    """What is in a database, told by a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(database)], capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout)


def kill_imports(folder: Path, *, n_runs: int, n_rows: int, seed: int = 1) -> Outcome:
    """Import file after file into one database, killing each import at a random moment.

    Every other one is killed at a random moment after it has begun to write.

    Parameters
    ----------
    folder
        An empty folder to work in.
    n_runs
        How many imports are killed.
    n_rows
        Rows of each file.
    seed
        Of the moments.
    """
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    database, file = folder / "torture.sqlite", folder / "visits.csv"
    write_visits(file, run=0, n_rows=n_rows)
    started = time.perf_counter()
    subprocess.run(import_command(file), env=environment(database), capture_output=True, check=True)
    whole_s = time.perf_counter() - started
    outcome, known = Outcome(), {1}
    for run in range(1, n_runs + 1):
        write_visits(file, run=run, n_rows=n_rows)
        moment = rng.uniform(0.0, 1.1 * whole_s) if run % 2 else rng.uniform(0.0, 0.15 * whole_s)
        told, wrote = _kill_after(import_command(file), database, moment, writing=run % 2 == 0)
        outcome.runs += 1
        outcome.killed += told is None
        outcome.while_writing += wrote and told is None
        known |= {told} if told else set()
        known = _judge(inspect(database), known, n_rows, outcome)
    outcome.committed = len(known)
    return outcome


def _kill_after(
    command: list[str], database: Path, seconds: float, *, writing: bool
) -> tuple[int | None, bool]:
    """Kill a command some time after its start, or after it began to write.

    Returns
    -------
    tuple
        Its batch, where it was done before, and whether it had begun to write.
    """
    log = database.with_name(f"{database.name}-wal")
    with subprocess.Popen(
        command, env=environment(database), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while writing and process.poll() is None and not _size(log):
            time.sleep(0.001)
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            wrote = _size(log) > 0
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            return None, wrote
    return json.loads(said)["batch"], True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # it comes and goes
        return 0


def _judge(found: dict, known: set[int], n_rows: int, outcome: Outcome) -> set[int]:
    """Compare what is there with what was committed; answer with all batches that are there."""
    outcome.damaged += found["integrity"] != "ok"
    batches = {batch: (read, accepted, refused) for batch, read, accepted, refused in found["batches"]}
    records, quarantine = dict(found["records"]), dict(found["quarantine"])
    outcome.lost += len(known - batches.keys())
    n_refused = len(range(0, n_rows, 100))
    whole = (n_rows, n_rows - n_refused, n_refused)
    for batch, counts in batches.items():
        is_whole = counts == whole and (records.get(batch), quarantine.get(batch)) == whole[1:]
        outcome.partial += not is_whole
    outcome.partial += len((records.keys() | quarantine.keys()) - batches.keys())
    return known | batches.keys()


def kill_first_starts(folder: Path, *, n_runs: int, seed: int = 2) -> list[str]:
    """Kill commands while they make the tables; give what the next start says against it."""
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    complaints = []
    for run in range(n_runs):
        database = folder / f"first-{run}.sqlite"
        command = [sys.executable, "-m", "data", "status", "--json"]
        with subprocess.Popen(
            command, env=environment(database), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            deadline = time.monotonic() + 10
            while not database.exists() and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(rng.uniform(0.0, 0.4))
            process.kill()
        again = subprocess.run(
            command, env=environment(database), capture_output=True, text=True, check=False
        )
        if again.returncode:
            complaints.append(again.stderr)
    return complaints


@dataclass
class Refusal:
    """What became of an import without room: exit code, words, what is there before and after."""

    code: int
    said: str
    before: dict[str, object]
    after: dict[str, object]

    @property
    def is_clean(self) -> bool:
        """Whether it was one sentence, and nothing else happened."""
        return self.code == 1 and self.said.count("\n") == 1 and self.before == self.after


def fill_disk(folder: Path, *, limit_bytes: int, n_rows: int) -> Refusal:
    """Import into a database whose files may not grow beyond a size."""
    code = "import resource, runpy, sys; size = int(sys.argv.pop(1)); "
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)); "
    code += "runpy.run_module('data', run_name='__main__')"
    return _import_twice(folder, n_rows, [sys.executable, "-c", code, str(limit_bytes)])


def fill_volume(folder: Path, *, size_mb: int, n_rows: int) -> Refusal | None:
    """Import into a database on a small volume of its own; None where none can be made (only root can)."""
    volume = folder / "volume"
    volume.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(volume)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        return None
    try:
        return _import_twice(volume, n_rows, [sys.executable, "-m", "data"], files=folder)
    finally:
        subprocess.run(["umount", str(volume)], check=True)


def _import_twice(folder: Path, n_rows: int, program: list[str], *, files: Path | None = None) -> Refusal:
    """Import a small file as usual and then a large one by a program that is short of room."""
    database, file = folder / "full.sqlite", (files or folder) / "visits.csv"
    write_visits(file, run=0, n_rows=1000)
    subprocess.run(import_command(file), env=environment(database), capture_output=True, check=True)
    before = inspect(database)
    write_visits(file, run=1, n_rows=n_rows)
    ended = subprocess.run(
        [*program, *import_command(file)[3:]],
        env=environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    return Refusal(ended.returncode, ended.stderr, before, inspect(database))
