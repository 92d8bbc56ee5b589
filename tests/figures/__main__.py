"""Collect every figure of a sample place, or compare two such collections.

``python -m tests.figures collect OUT.json --scale district``
``python -m tests.figures compare OLD.json NEW.json --renamed renamed.json``
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.figures.commands import collect_commands, make_place, run_module
from tests.figures.compare import Renamed, compare
from tests.figures.places import PLACES


def main() -> int:
    """Do what the command line asks for; 1 where figures differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.figures", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    collecting = tasks.add_parser("collect", help="write every figure to a file")
    collecting.add_argument("out", type=Path)
    collecting.add_argument("--scale", choices=list(PLACES), default="district")
    comparing = tasks.add_parser("compare", help="print every difference between two files")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--renamed", type=Path, help="names and texts that were changed on purpose")
    asked = parser.parse_args()
    if asked.task == "collect":
        return collect(asked.out, asked.scale)
    return report(asked.old, asked.new, asked.renamed)


def collect(out: Path, scale: str) -> int:
    """Make the place, and write what all commands and pages say of it."""
    with tempfile.TemporaryDirectory() as name:
        folder, place = Path(name), PLACES[scale]
        make_place(folder, place)
        figures = {"scale": scale, "commands": collect_commands(folder, place)}
        shown = folder / "pages.json"
        run_module(folder, "tests.figures.pages", str(shown), scale).check_returncode()
        figures["pages"] = json.loads(shown.read_text())
    out.write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def report(old: Path, new: Path, renamed: Path | None) -> int:
    """Print each difference, and how many there are."""
    table = json.loads(renamed.read_text()) if renamed else {}
    before, after = (json.loads(path.read_text()) for path in (old, new))
    differences = compare(before, after, Renamed(table.get("keys", {}), table.get("texts", {})))
    print(*differences, f"{len(differences):,} differences", sep="\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
