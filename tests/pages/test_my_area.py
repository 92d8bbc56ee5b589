"""My area: an officer's own list, with buttons that become visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.beats import marked
from tests.pages.conftest import open_page

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database


def test_button_of_my_area_becomes_a_visit(beat: Database) -> None:
    app = open_page("my_area", lang="en", officer="P1")
    assert not app.exception
    app.button(key="met_K2").click().run()
    assert marked(beat)[["household_id", "officer_id", "outcome"]].to_numpy().tolist() == [
        ["K2", "P1", "met"]
    ]
    assert any("✓ Met" in text.value for text in app.markdown)


@pytest.mark.usefixtures("beat")
def test_my_area_says_what_is_left() -> None:
    app = open_page("my_area", lang="en", officer="P1")
    said = [text.value.replace("\\", "") for text in app.markdown]
    assert any("1 of 2 households is still to be visited within 90 days." in text for text in said)
    assert any("Reported visited: 1." in text for text in said)


@pytest.mark.usefixtures("place")
def test_my_area_without_officers_says_so() -> None:
    app = open_page("my_area", lang="en")
    assert "There are no officers yet" in app.info[0].value


@pytest.mark.usefixtures("planned")
def test_my_area_shows_the_plan_and_moves_on() -> None:
    app = open_page("my_area", lang="en", officer="P1")
    assert not app.exception
    assert any("From this week's published plan, in the planned" in text.value for text in app.caption)
    first, second = listed_buttons(app)
    assert "requested" in " ".join(text.value for text in app.markdown)
    app.button(key=f"absent_{first}").click().run()
    assert listed_buttons(app) == [second]
    names = {"K2": "2 · Budi", "K3": "2 · Tono"}
    said = [text.value.replace("\\", "") for text in app.markdown]
    heads = [text.split("  \n")[0] for text in said if ":primary-badge" in text]
    assert heads == [f"**{names[second]}** :primary-badge[next]"]
    assert any("✓ Not at home" in text for text in said)


def listed_buttons(app: AppTest) -> list[str]:
    """Give the households that can be marked as met, in the page's order."""
    return [button.key.removeprefix("met_") for button in app.button if str(button.key).startswith("met_")]
