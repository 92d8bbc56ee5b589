"""Figures of the command line: the JSON of each report, of the status and of a plan."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.figures.columns import simplify
from tests.figures.files import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.figures.places import Place

ROOT = Path(__file__).parents[2]
THIS_WEEK, NEXT_WEEK = "2026-W48", "2026-W49"
_METHODS = re.compile(r"--method <([a-z_|]+)>")
_KINDS = re.compile(r"--kind <([a-z_|]+)>")


def clean_environment(folder: Path) -> dict[str, str]:
    """Make an environment with no settings but ours: a database in ``folder``, in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SAMBANG_", "STREAMLIT_"))}
    return kept | {
        "SAMBANG_DATABASE_URL": f"sqlite:///{folder / 'figures.sqlite'}",
        "SAMBANG_LANGUAGE": "en",
        "SAMBANG_TIME_ZONE": "WIB",
        "SAMBANG_TILES_URL": "",
        "STREAMLIT_LOGGER_LEVEL": "error",
        "COLUMNS": "200",
    }


def run_module(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the project with the clock stopped."""
    start = perf_counter()
    command = [sys.executable, "-m", "tests.figures.clock", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment(folder), capture_output=True, text=True, check=False
    )
    print(f"{' '.join(words)}: {perf_counter() - start:.1f} s", file=sys.stderr)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done


def make_place(folder: Path, place: Place) -> None:
    """Load the sample place, and publish a plan of its first district for this week."""
    run_module(folder, "data", "sample", "--scale", place.scale, "--json").check_returncode()
    published = _answer(folder, _plan(place, THIS_WEEK, "--publish"))
    if published.get("cut_short"):
        raise RuntimeError(
            "The plan's search ended by the clock, so it may differ: run again with less load."
        )


def collect_commands(folder: Path, place: Place) -> dict[str, Any]:
    """Collect the answer of each command, by its words."""
    commands = [*_list_commands(folder, place), _plan(place, NEXT_WEEK)]
    answers = {" ".join(words): simplify(_answer(folder, words)) for words in commands}
    for dataset, file in FILES.items():
        path = folder / file.name
        path.write_bytes(file.content)
        answers[f"import {dataset}"] = simplify(_answer(folder, ("import", dataset, str(path), "--dry-run")))
    return answers


def _plan(place: Place, week: str, *more: str) -> tuple[str, ...]:
    return ("plan", "--week", week, "--area", place.district, *more)


def _list_commands(folder: Path, place: Place) -> Iterator[tuple[str, ...]]:
    help_text = run_module(folder, "data", "report", "hotspots", "--help").stdout
    methods, kinds = (_list_options(pattern, help_text) for pattern in (_METHODS, _KINDS))
    yield ("status",)
    for more in place.narrowed:
        yield from (("report", name, *more) for name in ("coverage", "unvisited", "evidence", "change"))
        yield ("report", "priority", *more)
        yield ("report", "hotspots", "--method", "all", *more)
    yield ("report", "unvisited", "--evidenced")
    yield ("report", "change", "--against", "2025-11-01", "--category", "curat")
    yield from (("report", "hotspots", "--method", method) for method in methods if method != "all")
    yield from (("report", "hotspots", "--method", "risk", "--kind", kind) for kind in kinds[1:])
    yield ("report", "hotspots", "--category", "curanmor", "--bandwidth", "500")


def _list_options(pattern: re.Pattern[str], help_text: str) -> list[str]:
    found = pattern.search(help_text)
    if found is None:
        raise RuntimeError(f"The help of 'report hotspots' has no {pattern.pattern!r}.")
    return found[1].split("|")


def _answer(folder: Path, words: tuple[str, ...]) -> dict[str, Any]:
    done = run_module(folder, "data", *words, "--json")
    if done.returncode:
        return {"exit": done.returncode, "error": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout)
