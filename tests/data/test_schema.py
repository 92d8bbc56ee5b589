"""Every dataset and field is documented, and the last gate lets nothing wrong through."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest

from data import tables
from data.errors import DataError
from data.schema import (
    CANONICAL,
    CATEGORIES,
    DATASETS,
    NOTICES,
    REASONS,
    RECORDS,
    Field,
    find_failures,
    fold_name,
)
from data.schema.fields import WITHOUT_COLUMN

FIELDS = [(dataset, field) for dataset in DATASETS.values() for field in dataset.fields]


def officers(**changes: list[str | None]) -> pd.DataFrame:
    columns = {"name": ["Budi", "Ani"], "rank": [None, "Bripka"], "unit": [None] * 2, "villages": [None] * 2}
    frame = pd.DataFrame(columns | changes, dtype="str")
    return frame.set_axis(pd.Index(["B1", "B2"], dtype="str", name="officer_id"))


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_every_dataset_and_field_is_described(dataset) -> None:  # noqa: ANN001 - a Dataset
    assert dataset.description.endswith(".")
    for field in dataset.fields:
        assert field.description.endswith("."), f"{dataset.name}.{field.name}"


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_names_are_folded_and_told_apart(dataset) -> None:  # noqa: ANN001 - a Dataset
    names = [fold_name(field.name) for field in dataset.fields]
    assert len(names) == len(set(names))
    for field in dataset.fields:
        assert all(name == fold_name(name) for name in field.names), field.name


def test_every_missing_required_field_has_its_reason() -> None:
    for _, field in FIELDS:
        assert not field.required or f"missing_{field.name}" in REASONS


def test_every_reason_is_a_sentence() -> None:
    assert not set(REASONS) & set(NOTICES)
    for code, text in (REASONS | NOTICES).items():
        assert code == code.lower()
        assert str(text).endswith("."), code


@pytest.mark.parametrize("name", RECORDS)
def test_canonical_columns_are_the_tables(name: str) -> None:
    table = tables.RECORDS[name]
    others = {tables.get_key_column(table), "batch_id", "geometry"}
    assert set(CANONICAL[name].columns) == {column.name for column in table.columns} - others
    assert DATASETS[name].key == tables.get_key_column(table)


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_becomes_a_canonical_column(name: str) -> None:
    dataset = DATASETS[name]
    known = {*CANONICAL[name].columns, dataset.key}
    told = {
        field.target
        for field in dataset.fields
        if field.kind not in WITHOUT_COLUMN - {"longitude", "latitude"}
    }
    assert told <= known
    assert set(dataset.identity) <= known


def test_folding_forgets_case_spaces_punctuation_and_accents() -> None:
    assert fold_name(" Désa/Kelurahan_No.1 ") == "desakelurahanno1"


def test_categories_are_folded() -> None:
    assert all(text == fold_name(text) for texts in CATEGORIES.values() for text in texts)


def test_unknown_field_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="have no field 'colour': choose from officer_id, name"):
        DATASETS["officers"].field("colour")


def test_gate_passes_what_is_right() -> None:
    assert find_failures(officers(), "officers") == {}


def test_gate_names_the_rows_that_fail() -> None:
    failures = find_failures(officers(name=["", "Ani"]), "officers")
    assert {code: rows.tolist() for code, rows in failures.items()} == {"missing_name": [True, False]}


def test_gate_does_not_hide_a_mistake_of_the_program() -> None:
    with pytest.raises(pa.errors.SchemaErrors):
        find_failures(officers().drop(columns="rank"), "officers")


def test_a_field_is_its_own_first_alias() -> None:
    assert Field("head_name", "text", "Name.", "namakk").names == ("headname", "namakk")
