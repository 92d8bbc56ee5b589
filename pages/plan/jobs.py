"""Background building of plans: a thread waits for a process while the page stays usable."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import streamlit as st

from data.plans import gather_week
from data.plans.build_process import build_plan_in_process
from data.plans.revise import apply_request_changes, clear_request_changes, revise_plan
from data.plans.timing import record_build_time
from geo.errors import UserError
from pages.plan.drafts import change_draft, make_draft, open_draft
from pages.text.language import _, escape_markdown, format_number, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.plans import PlanWeek, WeekRequest
    from data.principal import Principal
    from geo.routes import Plan
    from pages.plan.drafts import Draft
    from pages.queries.records import Connection

_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_S = 1.5  # the page waits this long, to show quick results at once


class Job:
    """Background task that produces a draft, in a separate thread."""

    def __init__(self, work: Callable[[Job], Draft]) -> None:
        self.done, self.total = 0, 0
        self.error: UserError | None = None
        self.draft: Draft | None = None
        self._stopped = threading.Event()
        self._work = work
        self._thread = threading.Thread(target=self._run, name="plan", daemon=True)
        self._thread.start()

    @property
    def was_stopped(self) -> bool:
        """Whether the job was stopped."""
        return self._stopped.is_set()

    @property
    def is_running(self) -> bool:
        """Whether the job is neither done nor stopped."""
        return self._thread.is_alive() and not self._stopped.is_set()

    def tell(self, done: int, total: int) -> bool:
        """Record the progress, and return whether to continue."""
        self.done, self.total = done, total
        return not self._stopped.is_set()

    def stop(self) -> None:
        """Stop the job as soon as possible, without a result."""
        self._stopped.set()

    def wait(self, seconds: float) -> None:
        """Wait for the job to end, at most for the given number of seconds."""
        self._thread.join(seconds)

    def _run(self) -> None:
        with _AT_ONCE:
            if self._stopped.is_set():
                return
            try:
                made = self._work(self)
            except UserError as error:
                self.error = error
                return
            self.draft = None if self._stopped.is_set() else made


def start_build(connection: Connection, request: WeekRequest, previous: Plan | None = None) -> None:
    """Build the plan of a request.

    Parameters
    ----------
    connection
        Database connection of the user.
    request
        The plan to build. Changes to households that are no longer in the week are ignored.
    previous
        A plan of the same week whose households are to stay on their days.
    """

    def work(job: Job) -> Draft:
        start = monotonic()
        base = gather_week(connection.database, connection.principal, clear_request_changes(request))
        job.tell(0, len(base.officers))
        week = apply_request_changes(base, keep_known_changes(base, request))
        built = build_plan_in_process(week, previous=previous, progress=job.tell)
        draft = make_draft(connection.principal, base, built)
        if not job.was_stopped:
            record_build_time(connection.database, len(base.officers), monotonic() - start)
        return draft

    _start(connection, work)


def start_change(connection: Connection, draft: Draft, request: WeekRequest) -> None:
    """Replan what changed locks, additions or removals affect."""

    def work(job: Job) -> Draft:
        built = revise_plan(draft.base, draft.built, request, build=build_plan_in_process, progress=job.tell)
        return change_draft(draft, built)

    _start(connection, work)


def keep_known_changes(base: PlanWeek, request: WeekRequest) -> WeekRequest:
    """Drop from a request the changes to households that are not in the week."""
    homes = base.homes.index
    return replace(
        request,
        must=frozenset(name for name in request.must if name in homes),
        dropped=frozenset(name for name in request.dropped if name in homes),
        locks={name: day for name, day in request.locks.items() if name in homes},
    )


def is_busy(connection: Connection) -> bool:
    """Return whether a plan is being built for the user."""
    job = _jobs_of(connection).get(connection.principal)
    return job is not None and job.is_running


def take_draft(connection: Connection) -> None:
    """Open the built plan as the user's draft once it is done."""
    jobs = _jobs_of(connection)
    job = jobs.get(connection.principal)
    if job is not None and not job.is_running and job.draft is not None:
        jobs.pop(connection.principal, None)
        open_draft(connection, job.draft)


def show_job(connection: Connection) -> bool:
    """Show the progress of a job, or why it failed, and return whether it is still running."""
    jobs = _jobs_of(connection)
    job = jobs.get(connection.principal)
    if job is None:
        return False
    if job.is_running:
        _show_progress(job)
        return True
    if job.draft is not None:
        st.rerun()
    jobs.pop(connection.principal, None)
    if not job.was_stopped:
        failed = _(
            "The plan could not be built because something went wrong: try again, or choose fewer officers."
        )
        st.error(escape_markdown(translate(job.error) if job.error else failed), icon=":material/error:")
    return False


def _start(connection: Connection, work: Callable[[Job], Draft]) -> None:
    jobs = _jobs_of(connection)
    running = jobs.get(connection.principal)
    if running is not None:
        running.stop()
    job = jobs[connection.principal] = Job(work)
    job.wait(_PATIENCE_S)


def _jobs_of(connection: Connection) -> dict[Principal, Job]:
    return _jobs(connection.database.url.render_as_string())


@st.cache_resource(show_spinner=False)
def _jobs(_url: str) -> dict[Principal, Job]:
    return {}


@st.fragment(run_every=1.0)
def _show_progress(job: Job) -> None:
    if not job.is_running:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    said = (
        _("Planning: {done} of {n} officers …").format(
            done=format_number(job.done), n=format_number(job.total)
        )
        if job.total
        else _("Reading the records …")
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan_progress"):
        st.progress(share, text=said, width="stretch")
        st.button(_("Cancel"), icon=":material/close:", key="plan_cancel", on_click=job.stop)
    st.caption(_("You can use other pages meanwhile; the plan stays here."))
