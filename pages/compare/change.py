"""Change between two periods by area: clear rises, clear falls, and numbers too small for a conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from geo.classify import CHANGE_COLOURS, Classes
from geo.maps import AreaStyle, Heading, OfflineMap, add_boundaries, add_choropleth, add_legend
from pages.compare.side_by_side import WHEN, describe_difference
from pages.hotspots.layers import start_crime_map
from pages.hotspots.sentences import explain_too_few
from pages.queries.areas import select_villages
from pages.queries.comparisons import compare_areas, compare_counts, list_comparison_periods
from pages.queries.records import load_villages
from pages.queries.spans import find_comparison_obstacle
from pages.text.language import (
    MISSING,
    N_,
    _,
    escape_markdown,
    format_day,
    format_list,
    format_number,
    ngettext,
    translate,
)
from pages.widgets.maps import show_map
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.comparisons import Level
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

UNCLEAR = "#c3c9d0"
KINDS = (
    (N_("clearly fewer, by half or more"), CHANGE_COLOURS[0]),
    (N_("clearly fewer"), CHANGE_COLOURS[1]),
    (N_("clearly about the same"), CHANGE_COLOURS[3]),
    (N_("unclear: too few to tell"), UNCLEAR),
    (N_("clearly more"), CHANGE_COLOURS[5]),
    (N_("clearly more, double or more"), CHANGE_COLOURS[6]),
)
LEVELS: dict[Level, str] = {"district": N_("Districts"), "village": N_("Villages")}
VERDICTS = {
    "more": N_("clearly more"),
    "fewer": N_("clearly fewer"),
    "same": N_("clearly about the same"),
    "unclear": N_("unclear: too few to tell"),
}
N_NAMED = 3
_FEW, _SAME, _UNCLEAR, _MUCH = 0, 2, 3, 5
_HALF, _DOUBLE = 0.5, 2.0


def show_change(connection: Connection, filters: Filters) -> None:
    """Show the change as a map, a sentence and a table."""
    earlier = {
        name: span for name, span in list_comparison_periods(connection, filters).items() if name != "now"
    }
    if not earlier:
        st.info(explain_no_comparison(connection, filters), icon=":material/info:")
        return
    before, level = _choose(earlier)
    with explain_too_few():
        found = compare_areas(connection, filters, before, level)
        st.markdown(describe_change(found))
        show_map(draw_change(connection, filters, found, level, before), key=f"compare_change_{level}")
        _list(found, filters, level)


def explain_no_comparison(connection: Connection, filters: Filters) -> str:
    """Say why there is no earlier period to compare with: which record ends when, or begins too late."""
    obstacle = find_comparison_obstacle(connection, filters, filters.period.previous(), "crimes")
    if obstacle is not None:
        return escape_markdown(translate(obstacle))
    return _("The crime records don't go back far enough to compare this period with an earlier one.")


def _choose(earlier: dict[str, Period]) -> tuple[Period, Level]:
    words = {name: _(WHEN[name]) for name in earlier}
    with st.container(horizontal=True, gap="medium"):
        against = st.segmented_control(
            _("Compare with"),
            list(earlier),
            default=next(iter(earlier)),
            required=True,
            key="compare_against",
            format_func=words.__getitem__,
        )
        level = choose_level("compare_change_level")
    return earlier[against], level


def choose_level(key: str) -> Level:
    """Ask whether to compare districts or villages."""
    levels: dict[Level, str] = {name: _(text) for name, text in LEVELS.items()}
    return st.segmented_control(
        _("By"), list(levels), default="district", required=True, key=key, format_func=levels.__getitem__
    )


def describe_change(found: pd.DataFrame) -> str:
    """Describe the clear changes, in total and by area, and the number of unclear areas."""
    n_before, n_after = int(found["n_before"].sum()), int(found["n_after"].sum())
    said = [
        _("{before} crimes before, {after} now.").format(
            before=format_number(n_before), after=format_number(n_after)
        )
    ]
    said.append(describe_difference(compare_counts(n_before, n_after), n_before, n_after))
    for verdict, text in (
        ("more", N_("Clearly more in: {areas}.")),
        ("fewer", N_("Clearly fewer in: {areas}.")),
    ):
        rows = found[found["verdict"] == verdict]
        if len(rows):
            said.append(_(text).format(areas=_name(rows)))
    n_unclear = int((found["verdict"] == "unclear").sum())
    if n_unclear:
        said.append(
            ngettext(
                "In {n} of {all} areas the numbers are too small for a conclusion.",
                "In {n} of {all} areas the numbers are too small for a conclusion.",
                n_unclear,
            ).format(n=format_number(n_unclear), all=format_number(len(found)))
        )
    return " ".join(filter(None, said))


def _name(rows: pd.DataFrame) -> str:
    first = rows.loc[(rows["n_after"] - rows["n_before"]).abs().nlargest(N_NAMED).index]
    named = [
        _("{name} ({before} to {after})").format(
            name=escape_markdown(name), before=format_number(before), after=format_number(after)
        )
        for name, before, after in zip(first["village"], first["n_before"], first["n_after"], strict=True)
    ]
    more = len(rows) - len(first)
    return format_list([*named, _("{n} more").format(n=format_number(more))] if more else named)


def classify_change(found: pd.DataFrame) -> pd.Series:
    """Return the index of each area's change in ``KINDS``; missing if there is no crime in either period."""
    ratio = found["ratio"].fillna(np.inf)
    kinds = pd.Series(float(_UNCLEAR), index=found.index)
    kinds[found["verdict"] == "same"] = _SAME
    more, fewer = found["verdict"] == "more", found["verdict"] == "fewer"
    kinds[fewer] = np.where(ratio[fewer] <= _HALF, _FEW, _FEW + 1)
    kinds[more] = np.where(ratio[more] >= _DOUBLE, _MUCH, _MUCH - 1)
    return kinds.where(found["n_before"] + found["n_after"] > 0)


def draw_change(
    connection: Connection, filters: Filters, found: pd.DataFrame, level: Level, before: Period
) -> OfflineMap:
    """Draw each village by its own or its district's change."""
    areas = select_villages(connection, filters.area)
    key = areas.index if level == "village" else load_villages(connection)["district_code"].loc[areas.index]
    rows = found.reindex(key).set_axis(areas.index)
    figures = pd.DataFrame(
        {
            _("Before"): rows["n_before"].map(format_number),
            _("Now"): rows["n_after"].map(format_number),
            _("Change"): [_(VERDICTS[verdict]) for verdict in rows["verdict"]],
        }
    )
    colours = tuple(colour for _text, colour in KINDS)
    classes = Classes(tuple(float(edge) for edge in range(len(KINDS) + 1)), colours)
    map_ = start_crime_map(connection, filters.area)
    add_choropleth(map_, areas, classify_change(rows), classes, style=AreaStyle(figures=figures))
    add_boundaries(map_, areas, outlines=False)
    then = _("{first} to {last}").format(first=format_day(before.since), last=format_day(before.last_day))
    heading = Heading(_("Change in recorded crimes"), _("compared with {span}").format(span=then))
    labels = [_(text) for text, _colour in KINDS]
    no_data = _("no crime in either period") if classify_change(rows).isna().any() else None
    return add_legend(map_, heading, colours, labels, no_data=no_data)


def _list(found: pd.DataFrame, filters: Filters, level: Level) -> None:
    rows = found.assign(
        verdict=[_(VERDICTS[verdict]) for verdict in found["verdict"]],
        between=_bounds(found["ratio_low"], found["ratio_high"]),
        change=(found["n_after"] - found["n_before"]),
    ).sort_values("p", kind="stable")
    columns = [
        Column("village", _("Village") if level == "village" else _("District")),
        Column("n_before", _("Before"), "count"),
        Column("n_after", _("Now"), "count"),
        Column("between", _("Ratio (95% interval)")),
        Column("verdict", _("Change")),
        Column("rise_from", _("Increase detectable from"), "count"),
    ]
    rows = rows.drop(columns="district")
    show_table(rows, columns, key="compare_change_table")
    offer_csv(rows, columns, name=name_download("change", filters))
    st.caption(
        _(
            "Exact test of two counts, adjusted for testing many areas at once (5% false "
            "discoveries). An increase would be detectable from the count given, the other areas being as "
            "they are; smaller changes can't be distinguished from chance."
        )
    )


def _bounds(low: pd.Series, high: pd.Series) -> list[str]:
    """Format intervals; a dash if one is unbounded."""
    return [
        f"{format_number(first, digits=2)}\N{EN DASH}{format_number(last, digits=2)}"
        if np.isfinite(first + last)
        else MISSING
        for first, last in zip(low, high, strict=True)
    ]
