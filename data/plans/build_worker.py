"""The worker process that builds plans for ``data.plans.build_process``.

Started by ``python -m data.plans.build_worker``, it reads a pickled week and a plan to start from on standard
input and writes pickled pairs: ``progress`` with two numbers, and at the end ``built`` with the plan and its
violations, or ``refused`` with a phrase. The search ends early when standard input is closed: the caller
has stopped it or has exited.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO

from data.plans.build import build_plan
from geo.errors import UserError

if TYPE_CHECKING:
    from data.plans.gather import PlanWeek
    from geo.routes import Plan

_POLITE = 10  # niceness: serving pages comes before searching for plans


def main() -> None:
    """Build one plan."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may write to the answers' stream
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    week, previous = pickle.load(asked)  # noqa: S301 - written by data.plans.build_process
    stopped = threading.Event()
    threading.Thread(target=_watch, args=(asked.fileno(), stopped), daemon=True).start()
    _answer(answers, *_build(week, previous, answers, stopped))


def _build(
    week: PlanWeek, previous: Plan | None, answers: BinaryIO, stopped: threading.Event
) -> tuple[str, object]:
    def tell(done: int, total: int) -> bool:
        _answer(answers, "progress", (done, total))
        return not stopped.is_set()

    try:
        built = build_plan(week, previous=previous, progress=tell)
    except UserError as error:
        return "refused", error.phrase
    return "built", (built.plan, built.violations)


def _answer(answers: BinaryIO, kind: str, told: object) -> None:
    pickle.dump((kind, told), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _watch(asked: int, stopped: threading.Event) -> None:
    os.read(asked, 1)  # bypasses Python's buffer, whose lock would block the exit of the program
    stopped.set()


if __name__ == "__main__":
    main()
