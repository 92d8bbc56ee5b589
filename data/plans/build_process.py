"""Build a plan in a separate process, so that the caller can go on with other work.

The process (``data.plans.build_worker``) receives the week and returns the plan. Both are pickled: the pipe
connects two programs of our own, and nobody else can write to it.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import DataError
from data.plans.build import BuiltPlan, build_plan, describe_stops

if TYPE_CHECKING:
    from data.plans.gather import PlanWeek
    from geo.routes import Plan
    from geo.routes.solve import Progress

_ROOT = Path(__file__).resolve().parents[2]
_WORKER = ("-P", "-m", "data.plans.build_worker")  # -P: import no module from the working directory
_THRIFT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
_LOG = logging.getLogger(__name__)


def build_plan_in_process(
    week: PlanWeek, *, previous: Plan | None = None, progress: Progress | None = None
) -> BuiltPlan:
    """Build the same plan as ``build_plan``, in a separate process.

    Parameters
    ----------
    week
        As returned by ``gather_week``.
    previous
        A plan of the same week whose households should stay on their days.
    progress
        Called after each officer with the numbers done and in total; the search ends if it returns False.

    Returns
    -------
    BuiltPlan
        For one officer it is built in this process, which is faster than starting another.

    Raises
    ------
    DataError
        If the process ends before the plan is built.
    """
    if len(week.officers) <= 1:
        return build_plan(week, previous=previous, progress=progress)
    plan, violations = _ask(week, previous, progress)
    return BuiltPlan(week, plan, violations, describe_stops(week, plan))


def _ask(week: PlanWeek, previous: Plan | None, progress: Progress | None) -> Any:
    try:
        with subprocess.Popen(  # noqa: S603 - our own program, no user input in the command
            [sys.executable, *_WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        ) as worker:
            try:
                return _converse(worker, (week, previous), progress)
            finally:
                if worker.stdin is not None and not worker.stdin.closed:
                    worker.stdin.close()  # ends the search if it is still running
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        _LOG.error("The process that builds a plan ended early: %s", type(error).__name__)
        raise DataError(
            "The plan could not be completed: choose fewer officers, or try again later."
        ) from error


def _converse(worker: subprocess.Popen[bytes], asked: object, progress: Progress | None) -> Any:
    if worker.stdin is None or worker.stdout is None:
        raise EOFError
    pickle.dump(asked, worker.stdin, pickle.HIGHEST_PROTOCOL)
    worker.stdin.flush()
    while True:
        kind, told = pickle.load(worker.stdout)  # noqa: S301 - written by our own program
        if kind == "refused":
            raise DataError(told.template, **told.values)
        if kind == "built":
            return told
        if progress and progress(*told) is False and not worker.stdin.closed:
            worker.stdin.close()


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **_THRIFT, "PYTHONPATH": os.pathsep.join(paths)}
