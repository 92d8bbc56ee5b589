"""Building a plan in a process of its own, so that who asked for it stays free to do other things.

The process (``data.plans.build_worker``) gets the week and gives back the plan; both are pickled, between two
programs of our own that nobody else can write to.
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
_WORKER = ("-P", "-m", "data.plans.build_worker")  # -P: no module from the folder that it is started in
_THRIFT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
_LOG = logging.getLogger(__name__)


def build_plan_in_process(
    week: PlanWeek, *, previous: Plan | None = None, progress: Progress | None = None
) -> BuiltPlan:
    """Build a plan as ``build_plan`` does, and as it would be there.

    Parameters
    ----------
    week
        As ``gather_week`` gives it.
    previous
        A plan of the same week whose households are to stay on their days.
    progress
        Told after each officer how many are done, of how many; where it answers False the search ends.

    Returns
    -------
    BuiltPlan
        Of one officer without a process of its own: that takes less time than to start it.

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
        with subprocess.Popen(  # noqa: S603 - our own program, nothing of the user's in the command
            [sys.executable, *_WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        ) as worker:
            try:
                return _converse(worker, (week, previous), progress)
            finally:
                if worker.stdin is not None and not worker.stdin.closed:
                    worker.stdin.close()  # it ends the search, where there is still one
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
        kind, told = pickle.load(worker.stdout)  # noqa: S301 - what our own program wrote
        if kind == "refused":
            raise DataError(told.template, **told.values)
        if kind == "built":
            return told
        if progress and progress(*told) is False and not worker.stdin.closed:
            worker.stdin.close()


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **_THRIFT, "PYTHONPATH": os.pathsep.join(paths)}
