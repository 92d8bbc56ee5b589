"""Every method with 0, 1 or 2 crimes, all at one place, all of one day: a sentence says what is missing."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from pages.briefing.slides import TITLES
from tests.pages.conftest import open_page
from tests.pages.few import CASES, CONTROL, TREATED, store_few

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

ONE_POINT = "All 45 crimes with a location are at one point"
ONE_DAY = "All 64 crimes are from one day, 10 Oct 2026: figures for the period describe that day only."
NO_REACH = "The crime records don't go back far enough to compare this period with an earlier one."
SINGLE_CASES = "With fewer than 10 crimes, a map shows individual cases rather than a pattern."
NO_RATES = "There are too few reported crimes to tell the villages' rates apart."

DOUBT = {"one place": f"{ONE_POINT}. It may stand for addresses", "one day": ONE_DAY}
"""What stands over all figures of a page, whatever the method."""


def few(what: str, least: int) -> dict[str, str]:
    """The sentences of 0, 1 and 2."""
    return {
        case: f"Too few {what} for a result ({n}): at least {least} are needed."
        for case, n in {"none": 0, "one": 1, "two": 2}.items()
    }


def of_few(text: str) -> dict[str, str]:
    return dict.fromkeys(("none", "one", "two"), text)


A_MAP_OF_A_POINT = {"one place": f"{ONE_POINT}: a map would show only that point."}
NO_REPEATS = few("crimes with a time and a location", 30) | {
    "one place": "All crimes are at one place: near repeats need more places.",
    "one day": "All crimes are on one day: near repeats need more days.",
}

HOTSPOTS: dict[tuple[str, str], dict[str, str]] = {  # by the choice that shows it
    ("hotspots_method", "density"): few("crimes with a location", 10) | A_MAP_OF_A_POINT,
    ("hotspots_method", "risk"): few("crimes with a location", 10) | A_MAP_OF_A_POINT,
    ("hotspots_method", "cells"): few("crimes with a location", 30) | A_MAP_OF_A_POINT,
    ("hotspots_method", "alike"): few("crimes", 30) | A_MAP_OF_A_POINT,
    ("hotspots_extra", "clusters"): few("crimes with a location", 10)
    | A_MAP_OF_A_POINT
    | {"one day": "No group of crimes is dense enough to form a cluster."},
    ("hotspots_extra", "windows"): NO_REPEATS,
    ("hotspots_section", "when"): few("crimes", 30)
    | {"one day": "All 64 crimes are from 10 Oct 2026: hours and days of the week need more days."},
    ("hotspots_section", "repeats"): NO_REPEATS,
    ("hotspots_section", "trust"): few("crimes with a location", 30)
    | {
        "one place": "All 300 crimes with a location are at one point",
        "one day": "Too few periods with crimes for a result (0): at least 5 are needed.",
    },
}

COMPARE: dict[str, dict[str, str]] = {
    "pair": {"none": "0 crimes", "one": SINGLE_CASES, "two": SINGLE_CASES}
    | {"one place": "The difference could be due to chance."},
    "change": of_few(NO_REACH) | {"one place": "The difference could be due to chance.", "one day": NO_REACH},
    "emerging": dict.fromkeys(CASES, "The crime records don't go back far enough for the months to compare.")
    | {"one place": "All 300 crimes with a location are at one point"},
    "both": {
        "none": "There are no reported crimes, so there is nothing to report.",
        "one": NO_RATES,
        "two": NO_RATES,
        "one day": NO_RATES,
    },
    "ranks": few("crimes", 30),
    "operation": of_few(NO_REACH)
    | {"one place": "No effect can be established: the change lies between", "one day": NO_REACH},
}

# Slides are of whole weeks: the last ends on 4 October, before what is of 10 October alone.
NONE_YET = ("one", "two", "one day")
NO_WEEK = {"none": "No week of the record is complete yet"}
SLIDES: tuple[dict[str, str], ...] = (
    NO_WEEK
    | dict.fromkeys(NONE_YET, "Recorded crimes 0\N{EN DASH}4")
    | {"one place": "compared with the previous period: the difference could be due to chance."},
    NO_WEEK | dict.fromkeys(NONE_YET, "There are no reported crimes"),
    NO_WEEK
    | dict.fromkeys(NONE_YET, "The crime records don't go back to an earlier period.")
    | {"one place": "The difference could be due to chance."},
    NO_WEEK | dict.fromkeys(list(CASES)[1:], "No village has enough recent crimes to show a raised risk."),
)
SLIDE_DOUBT = {"one place": "All crimes with a location are at one point. It may stand for addresses"}


def said(app: AppTest) -> str:
    """Give all that a page says, without the signs that keep it plain."""
    assert not app.exception
    assert not app.error
    text = "\n".join(part.value for part in (*app.markdown, *app.info, *app.caption)).replace("\\", "")
    assert not {"nan", "inf"} & set(re.findall(r"\w+", text.lower()))
    return text


@pytest.mark.parametrize("case", CASES)
def test_hotspots_say_what_is_missing(database: Database, case: str) -> None:
    store_few(database, case)
    app = open_page("hotspots", lang="en")
    for (key, choice), sentences in HOTSPOTS.items():
        group = app.button_group if key == "hotspots_extra" else app.segmented_control
        group(key=key).set_value(choice).run()
        text = said(app)
        assert sentences.get(case, "") in text, (case, choice)
        assert DOUBT.get(case, "") in text
        if case in sentences and key == "hotspots_method":
            assert "bandwidth" not in text
            assert not re.search(r"cells (has|have) more crime", text)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", COMPARE)
def test_compare_says_what_is_missing(database: Database, way: str, case: str) -> None:
    store_few(database, case)
    app = open_page("compare", lang="en")
    app.segmented_control(key="compare_way").set_value(way).run()
    if way == "operation":
        app.multiselect(key="compare_treated").set_value([TREATED])
        app.multiselect(key="compare_control").set_value([CONTROL]).run()
    text = said(app)
    assert COMPARE[way].get(case, "") in text
    assert DOUBT.get(case, "") in text
    assert "Clearly" not in text
    for measure, least in (("density", 10), ("cells", 30)) if way == "pair" else ():
        app.selectbox(key="compare_right_measure").set_value(measure).run()
        wanted = few("crimes with a location", least) | A_MAP_OF_A_POINT
        assert wanted.get(case, "") in said(app)


@pytest.mark.parametrize("case", CASES)
def test_every_slide_says_what_is_missing_and_tells_no_small_count(database: Database, case: str) -> None:
    store_few(database, case)
    app = open_page("briefing", lang="en")
    app.segmented_control(key="briefing_days").set_value(91).run()
    for place in range(len(TITLES)):
        assert not app.exception
        written = next(part.proto.body for part in app.get("html") if 'class="slide"' in part.proto.body)
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", written)).split())
        assert SLIDES[place].get(case, "") in text, (case, place)
        assert SLIDE_DOUBT.get(case, "") in text
        assert "nan" not in text.lower().split()
        if case in ("one", "two"):
            assert f" {CASES[case]} " not in text.replace("1,000", "")
        next(button for button in app.button if button.label == "Next").click().run()
