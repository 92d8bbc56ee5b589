from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.crossed_suppression import suppress_crossed_counts
from geo.errors import ColumnError, GeoError
from tests.volume import volume


def make_table(rows: list[list[int]]) -> pd.DataFrame:
    return pd.DataFrame(
        rows, index=[f"v{i}" for i in range(len(rows))], columns=list("abcdef")[: len(rows[0])]
    )


def add_totals(tables: np.ndarray) -> np.ndarray:
    with_rows = np.concatenate([tables, tables.sum(axis=-1, keepdims=True)], axis=-1)
    return np.concatenate([with_rows, with_rows.sum(axis=-2, keepdims=True)], axis=-2)


def list_possible(shown: pd.DataFrame, most: int) -> np.ndarray:
    """List all tables that fit what is shown, by trying every value of 1 to ``most`` for each hidden cell."""
    cells, known = shown.iloc[:-1, :-1], shown.notna().to_numpy()
    hidden = cells.isna().to_numpy()
    values = np.indices((most,) * int(hidden.sum())).reshape(int(hidden.sum()), -1).T + 1
    tables = np.tile(cells.fillna(0).to_numpy(dtype=int), (len(values), 1, 1))
    tables[:, hidden] = values
    full = add_totals(tables)
    fits = (full == shown.fillna(0).to_numpy(dtype=int)) | ~known
    return full[fits.all(axis=(1, 2)) & ((full > 0) | known).all(axis=(1, 2))]  # nothing hidden is 0


def test_a_table_without_small_counts_is_shown_whole_with_its_totals() -> None:
    found = suppress_crossed_counts(make_table([[5, 0], [7, 9]]))
    assert found.to_numpy().tolist() == [[5, 0, 5], [7, 9, 16], [12, 9, 21]]
    assert found.index.tolist() == ["v0", "v1", "total"]


def test_a_hidden_cell_takes_one_of_its_row_and_of_its_column_and_the_corner_with_it() -> None:
    found = suppress_crossed_counts(make_table([[3, 9, 50], [8, 30, 60], [40, 70, 80]]))
    assert found.isna().to_numpy().tolist() == [
        [True, True, False, False],
        [True, True, False, False],
        [False] * 4,
        [False] * 4,
    ]


@pytest.mark.trial
def test_no_hidden_count_can_be_worked_out_from_the_rest() -> None:
    rng = np.random.default_rng(0)
    n_hidden = 0
    for _run in range(volume(12, 300)):
        table = make_table(rng.choice([0, 1, 2, 4, 6, 7, 9], tuple(rng.integers(2, 4, 2))).tolist())
        shown = suppress_crossed_counts(table)
        hidden = shown.isna().to_numpy()
        full = add_totals(table.to_numpy())
        assert hidden[(full > 0) & (full < 5)].all()
        assert not hidden[full == 0].any()
        if 0 < hidden[:-1, :-1].sum() <= 4:
            possible = list_possible(shown, most=10)
            assert (np.ptp(possible, axis=0)[hidden] > 0).all()
            n_hidden += int(hidden.sum())
    assert n_hidden > 20


def test_doubtful_tables_are_refused() -> None:
    for bad in ([[1, -1]], [[1, 0.5]], [[1, None]]):
        with pytest.raises(ColumnError, match="whole numbers"):
            suppress_crossed_counts(make_table(bad))
    with pytest.raises(ColumnError, match="different labels"):
        suppress_crossed_counts(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(GeoError, match="limit"):
        suppress_crossed_counts(make_table([[1, 2]]), threshold=0)
