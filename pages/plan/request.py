"""Request for a weekly plan: the week, the officers, the purpose of visits, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.plans import WeekRequest, suggest_seconds
from data.plans.timing import estimate_build_time
from geo.routes import list_working_days
from pages.queries.officers import list_post_villages, name_area_officers
from pages.queries.plans import describe_week, list_weeks, name_holidays
from pages.text.language import N_, _, escape_markdown, format_list, format_number, format_weekday, ngettext

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from pages.queries.records import Connection

MANY_OFFICERS = 40
"""Number of officers from which a plan takes a while, so that the page suggests starting with a district."""

PRESETS = {
    "balanced": N_("Balanced"),
    "gap": N_("Close the coverage gap"),
    "crime": N_("Follow crime"),
}
_HELPS = {
    "balanced": N_("Prioritise households never visited or overdue, even more so where crimes are near."),
    "gap": N_("Prioritise households never visited or overdue, wherever they are."),
    "crime": N_("Prioritise households near recently reported crime."),
}
_MINUTE_S, _ROUND_S, _SAID_IN_SECONDS = 60, 10, 120


def name_preset(preset: str) -> str:
    """Return the name of a purpose of visits."""
    text = PRESETS[preset]
    return _(text)


def choose_view() -> str:
    """Show the choice between planning and following published plans."""
    views = {"plan": _("Plan"), "follow": _("Progress and versions")}
    st.session_state["plan_view"] = st.session_state.get("plan.view", "plan")
    chosen = st.segmented_control(
        _("Show"),
        list(views),
        format_func=views.__getitem__,
        required=True,
        key="plan_view",
        label_visibility="collapsed",
        on_change=lambda: st.session_state.update({"plan.view": st.session_state["plan_view"]}),
    )
    return chosen or "plan"


def choose_request(connection: Connection, area: str, request: WeekRequest | None) -> WeekRequest | None:
    """Show the choices and return the request, without changes to single households.

    Parameters
    ----------
    connection
        Database connection for the officers.
    area
        The area whose officers are planned.
    request
        Initial values of the choices, such as a draft's request.

    Returns
    -------
    WeekRequest or None
        None if no officer has a village in the area.
    """
    names = name_area_officers(connection, area)
    if not names:
        st.info(
            _(
                "No officer has a village in this area: choose another area, or import officers on "
                "the Data page."
            )
        )
        return None
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="plan_choices"):
        week = _choose_week(request, connection.clock.today())
        officers = _choose_officers(names, request)
        away = {key: name for key, name in names.items() if not officers or key in officers}
        leave = _choose_leave(away, week, request)
        posts = _choose_posts(list_post_villages(connection, area, officers), request)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="plan_purpose"):
        preset, counting = _choose_purpose(request)
    _describe_what_to_know(connection, week, area, len(away))
    wanted: dict[str, Any] = {"preset": preset, "counting": counting, "leave": leave}
    wanted["posts"] = posts
    seconds = suggest_seconds(len(away))
    return WeekRequest(week, officers=officers, area=area or None, seconds=seconds, **wanted)


def _choose_week(request: WeekRequest | None, today: date) -> str:
    weeks = list_weeks(today)
    if request and request.week not in weeks:
        weeks = [request.week, *weeks]
    if st.session_state.get("plan_week") not in weeks:
        st.session_state["plan_week"] = request.week if request else weeks[1]
    return st.selectbox(
        _("Week"), weeks, format_func=lambda week: describe_week(week, today), key="plan_week", width=400
    )  # fmt: skip


def _choose_officers(names: dict[str, str], request: WeekRequest | None) -> tuple[str, ...]:
    chosen = st.session_state.get("plan_officers", list(request.officers) if request else [])
    st.session_state["plan_officers"] = [key for key in chosen if key in names]
    said = ngettext("The only officer", "All {n} officers", len(names)).format(n=format_number(len(names)))
    picked = st.multiselect(
        _("Officers"),
        list(names),
        format_func=names.__getitem__,
        key="plan_officers",
        placeholder=said,
        width=300,
    )
    return tuple(sorted(picked))


def _choose_purpose(request: WeekRequest | None) -> tuple[str, str]:
    st.session_state.setdefault("plan_preset", request.preset if request else "balanced")
    st.session_state.setdefault("plan_counting", request.counting if request else "reported")
    preset = st.segmented_control(
        _("Purpose of visits"),
        list(PRESETS),
        format_func=name_preset,
        required=True,
        key="plan_preset",
        help="  \n".join(f"**{name_preset(name)}**: {_(text)}" for name, text in _HELPS.items()),
    )
    countings = {"reported": _("all reported"), "evidenced": _("supported by GPS")}
    counting = st.segmented_control(
        _("Visits that count"),
        list(countings),
        format_func=countings.__getitem__,
        required=True,
        key="plan_counting",
    )
    return preset or "balanced", counting or "reported"


def _choose_leave(
    names: dict[str, str], week: str, request: WeekRequest | None
) -> dict[str, frozenset[date]]:
    """Show the choice of who is away, and on which days: all week until days are chosen."""
    known = request.leave if request and request.week == week else {}
    chosen = st.session_state.get("plan_away", list(known))
    st.session_state["plan_away"] = [key for key in chosen if key in names]
    n = len(st.session_state["plan_away"])
    leave = {}
    with st.popover(
        _("Officers away") + (f" ({format_number(n)})" if n else ""), icon=":material/event_busy:"
    ):
        away = st.multiselect(
            _("Away this week"),
            list(names),
            format_func=names.__getitem__,
            key="plan_away",
            placeholder=_("Nobody"),
        )
        for key in away:
            off = _choose_days(names[key], week, known.get(key), key=f"plan_away_{week}_{key}")
            if off:
                leave[key] = off
    return leave


def _choose_posts(villages: dict[str, str], request: WeekRequest | None) -> frozenset[str]:
    """Show the choice of villages in which a day may start, where an officer has several."""
    if not villages:
        return frozenset()
    chosen = st.session_state.get("plan_posts", sorted(request.posts) if request else [])
    st.session_state["plan_posts"] = [code for code in chosen if code in villages]
    n = len(st.session_state["plan_posts"])
    with st.popover(_("Posts") + (f" ({format_number(n)})" if n else ""), icon=":material/location_home:"):
        picked = st.multiselect(
            _("A day may start in"),
            list(villages),
            format_func=villages.__getitem__,
            key="plan_posts",
            placeholder=_("the own post only"),
            help=_("For officers whose villages lie far apart: a whole day is spent from the post chosen."),
        )
    return frozenset(picked)


def _choose_days(name: str, week: str, known: frozenset[date] | None, *, key: str) -> frozenset[date]:
    days = list(list_working_days(week))
    st.session_state.setdefault(key, [day for day in days if known is None or day in known])
    off = st.pills(escape_markdown(name), days, selection_mode="multi", format_func=format_weekday, key=key)
    return frozenset(off)


def _describe_what_to_know(connection: Connection, week: str, area: str, n: int) -> None:
    """Show which days are holidays, and how long a large plan takes."""
    said = []
    named = name_holidays(week)
    if named:
        said.append(_("Public holidays without visits: {days}.").format(days=format_list(named)))
    if n >= MANY_OFFICERS:
        said.append(describe_build_time(n, estimate_build_time(connection.database, n)))
        if not area:
            said.append(_("Planning by district is quicker: choose one under Area."))
    if said:
        st.caption(escape_markdown(" ".join(said)))


def describe_build_time(n: int, seconds: float) -> str:
    """Describe how long a plan for some officers takes: to 10 seconds below two minutes, then to minutes."""
    if seconds < _SAID_IN_SECONDS:
        tens = max(round(seconds / _ROUND_S), 1) * _ROUND_S
        said = _("A plan for {n} officers takes about {seconds} seconds, in the background.")
        return said.format(n=format_number(n), seconds=format_number(tens))
    said = _("A plan for {n} officers takes about {minutes} minutes, in the background.")
    return said.format(n=format_number(n), minutes=format_number(round(seconds / _MINUTE_S)))
