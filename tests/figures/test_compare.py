from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.figures.__main__ import main
from tests.figures.columns import LONG, simplify
from tests.figures.compare import Renamed, compare

if TYPE_CHECKING:
    from pathlib import Path

OLD = {
    "commands": {"report coverage": {"n_visits": 120, "villages": {"village": ["Kulon", "Wetan"]}}},
    "pages": {"coverage": [{"kind": "caption", "body": "Of 120 visits, 7 carry no location. Take 3."}]},
}  # fmt: skip
NOTHING: dict[str, str] = {}


def change(*path: str | int, value: Any, old: Any = OLD) -> Any:
    new = json.loads(json.dumps(old))
    part = new
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return new


def differ(new: Any, *, keys: Any = NOTHING, texts: Any = NOTHING, old: Any = OLD) -> list[str]:
    return compare(old, new, Renamed(keys, texts))


def reword(old: str, new: str, texts: dict[str, str]) -> list[str]:
    return differ({"body": new}, old={"body": old}, texts=texts)


def test_same_figures_do_not_differ() -> None:
    assert differ(OLD) == []


def test_changed_number_is_noticed() -> None:
    new = change("commands", "report coverage", "n_visits", value=121)
    assert differ(new) == ["commands/report coverage/n_visits: 120 -> 121"]


def test_changed_value_of_a_column_is_noticed() -> None:
    new = change("commands", "report coverage", "villages", "village", 1, value="Tengah")
    assert differ(new) == ['commands/report coverage/villages/village/1: "Wetan" -> "Tengah"']


def test_missing_and_new_figures_are_noticed() -> None:
    new = {"commands": {"report coverage": OLD["commands"]["report coverage"], "plan": 1}, "pages": {}}
    absent, extra = sorted(differ(new), key=lambda line: "plan" in line)
    assert absent.startswith("pages/coverage: [")
    assert absent.endswith("-> (absent)")
    assert extra == "commands/plan: (absent) -> 1"


def test_number_is_not_the_text_of_it() -> None:
    assert len(differ({"n": "1"}, old={"n": 1})) == 1
    assert len(differ({"n": True}, old={"n": 1})) == 1


def test_renamed_key_is_accepted_and_its_value_compared() -> None:
    keys = {"n_visits": "n_reported_visits"}
    new = {"n_reported_visits": 120}
    assert differ(new, old={"n_visits": 120}, keys=keys) == []
    assert differ(new, old={"n_visits": 119}, keys=keys) == ["n_reported_visits: 119 -> 120"]


def test_renamed_code_is_accepted_as_a_value() -> None:
    assert differ({"status": "to review"}, old={"status": "look"}, keys={"look": "to review"}) == []


def test_reworded_template_with_the_same_values_is_accepted() -> None:
    texts = {"Of {all} visits, {n:,} carry no location.": "{n} of {all} visits have no location."}
    body = "7 of 120 visits have no location. Take 3."
    assert differ(change("pages", "coverage", 0, "body", value=body), texts=texts) == []


@pytest.mark.parametrize("body", ["8 of 120 visits have no location.", "120 of 7 visits have no location."])
def test_reworded_template_with_other_values_is_refused(body: str) -> None:
    texts = {"Of {all} visits, {n} carry no location.": "{n} of {all} visits have no location."}
    assert len(reword("Of 120 visits, 7 carry no location.", body, texts)) == 1


def test_values_do_not_reach_into_the_next_sentence() -> None:
    texts = {"{n} visited ({share}).": "{share} visited: {n}."}
    assert reword("7 visited (5%). Most in Kulon (3).", "5% visited: 7. Most in Kulon (3).", texts) == []


def test_value_of_a_whole_text_may_hold_sentences() -> None:
    assert reword("Note: One. Two.", "Remark: One. Two.", {"Note: {text}": "Remark: {text}"}) == []
    assert reword("Because One. Two", "One. Two, therefore", {"Because {why}": "{why}, therefore"}) == []


def test_rewording_that_is_not_in_the_table_is_noticed() -> None:
    assert len(reword("Of 120 visits", "From 120 visits", {"Of {n} homes": "From {n} homes"})) == 1


def test_values_at_the_edges_of_a_template_are_kept_whole() -> None:
    texts = {"Kept: {n}": "{n} kept", "{n} left": "Left: {n}"}
    assert reword("Look. Mas Karto left. Kept: 12.", "Look. Left: Mas Karto. 12 kept.", texts) == []
    assert len(reword("Kept: 12", "1 kept2", texts)) == 1


def test_word_is_not_reworded_inside_another() -> None:
    assert len(reword("Rounds", "Routes", {"Round": "Route"})) == 1
    assert reword("Round 2", "Route 2", {"Round": "Route"}) == []


def test_value_that_was_reworded_itself_is_accepted() -> None:
    texts = {"Reason: {why}.": "Question: {why}.", "Remarks alike": "Same remarks"}
    assert reword("Look. Reason: Remarks alike.", "Look. Question: Same remarks.", texts) == []


def test_reworded_text_is_not_reworded_again() -> None:
    texts = {"first": "second", "second": "third"}
    assert reword("the first and the second", "the second and the third", texts) == []


def test_element_that_comes_shifts_no_others() -> None:
    caption = {"kind": "caption", "body": "New."}
    new = change("pages", "coverage", value=[caption, *OLD["pages"]["coverage"]])
    assert differ(new) == [f"pages/coverage/0: (absent) -> {json.dumps(caption)}"]


def test_long_column_is_kept_in_short_and_still_tells_values_and_order_apart() -> None:
    column = [*range(LONG), 0.5]
    swapped = [column[1], column[0], *column[2:]]
    assert simplify(column)["n"] == LONG + 1
    assert differ(simplify(swapped), old=simplify(column))
    assert differ(simplify([*column[:-1], 0.6]), old=simplify(column))


def test_reworded_value_of_a_long_column_is_accepted() -> None:
    old, new = (simplify([name, "never"] * LONG) for name in ("look", "review"))
    assert differ(new, old=old, texts={"look": "review"}) == []
    assert differ(new, old=old)


def test_command_prints_differences_and_fails_on_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, renamed = (tmp_path / name for name in ("old.json", "new.json", "renamed.json"))
    old.write_text(json.dumps({"n": 1, "share": 0.5}))
    new.write_text(json.dumps({"count": 1, "share": 0.6}))
    renamed.write_text(json.dumps({"keys": {"n": "count"}, "texts": {}}))
    monkeypatch.setattr(sys, "argv", ["figures", "compare", str(old), str(new), "--renamed", str(renamed)])
    assert main() == 1
    assert capsys.readouterr().out.splitlines() == ["share: 0.5 -> 0.6", "1 differences"]
