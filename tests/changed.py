"""``python -m tests.changed``: run the unit tests of what was changed since ``main`` (``make check``).

The tests of a module are, in this order, those that bear its name (``geo/heat.py``: ``test_heat.py`` and
``test_heat_*.py``), those that import it, or those of its folder. The examples in its docstrings run too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("geo", "data", "pages")
WITH_EXAMPLES = ("geo", "data")
MAIN = "main"


def list_changed(root: Path = ROOT) -> list[str]:
    """Return the files that differ from where this branch left ``main``, those not yet added among them."""
    base = _git(root, "merge-base", "HEAD", MAIN) or ["HEAD"]
    changed = _git(root, "diff", "--name-only", "--diff-filter=d", base[0])
    return sorted({*changed, *_git(root, "ls-files", "--others", "--exclude-standard")})


def find_tests(changed: list[str], root: Path = ROOT) -> list[str]:
    """Return what pytest is to run for the changed files: paths below ``root``, in order."""
    known = sorted((root / "tests").rglob("test_*.py"))
    tests = [path for path in known if "browser" not in path.parts]
    found: set[str] = set()
    for name in changed:
        path = Path(name)
        if path.suffix != ".py" or path.parts[0] not in (*LAYERS, "tests"):
            continue
        if path.parts[0] != "tests":
            found.update(str(test.relative_to(root)) for test in _tests_of(path, tests))
        elif root / path in tests:
            found.add(name)
        if path.parts[0] in WITH_EXAMPLES and "migrations" not in path.parts:
            found.add(name)
    return sorted(found)


def _tests_of(module: Path, tests: list[Path]) -> list[Path]:
    """Return the tests of one module."""
    layer, *folders = module.parent.parts
    name = module.stem if module.stem != "__init__" else (folders or [layer])[-1]
    beside = [test for test in tests if test.parent.name == layer]
    dotted = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
    return (
        _named(beside, name)
        or [test for test in beside if dotted in _imports(test)]
        or [test for folder in folders for test in _named(beside, folder)]
    )


def _named(tests: list[Path], name: str) -> list[Path]:
    name = f"test_{name.strip('_')}"
    return [test for test in tests if test.stem == name or test.stem.startswith(f"{name}_")]


def _imports(test: Path) -> set[str]:
    """Return the dotted names that a test imports, and ``package.name`` for each name from a package."""
    found = set()
    for node in ast.walk(ast.parse(test.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _git(root: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def main() -> int:
    """Run the tests of what was changed; 0 if they pass, or if there are none."""
    tests = find_tests(list_changed())
    if not tests:
        print("No module has changed since main: no unit test to run.")
        return 0
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "not browser", *tests]
    print(" ".join(command[3:]), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
