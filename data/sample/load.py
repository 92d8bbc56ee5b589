"""Loading of a sample place into the database."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from data.repository import DATED
from data.sample.make import make_sample
from data.store import Batch, commit_batch

if TYPE_CHECKING:
    from datetime import date

    from data.database import Database
    from data.principal import Principal
    from data.sample.scales import Scale

SAMPLE_NAME = re.compile(r"sample (district|regency) \d+ (\d{4}-\d\d-\d\d)")
"""Name of a sample place's imports: its scale, its seed and its last day."""


def load_sample(
    database: Database,
    principal: Principal,
    *,
    scale: str | Scale = "district",
    seed: int = 1,
    until: date,
) -> dict[str, int]:
    """Generate a sample place and store it, each dataset as a separate import that can be undone.

    Parameters
    ----------
    database, principal
    The target database, and the user who imports.
    scale, seed, until
        As in :func:`data.sample.make_sample`.

    Returns
    -------
    dict
    Number of records stored, by dataset.
    """
    sample = make_sample(scale, seed=seed, until=until)
    frames = {
        "boundaries": sample.villages,
        "households": sample.households,
        "officers": sample.officers,
        "visits": sample.visits,
        "crimes": sample.crimes,
    }
    name = f"sample {scale if isinstance(scale, str) else 'of its own scale'} {seed} {until}"
    complete_to = {"": until - timedelta(days=1)}
    return {
        dataset: _store(database, principal, dataset, name, frame, complete_to if dataset in DATED else {})
        for dataset, frame in frames.items()
    }


def _store(
    database: Database,
    principal: Principal,
    dataset: str,
    name: str,
    frame: pd.DataFrame,
    complete_to: dict[str, date],
) -> int:
    outside = int((frame["placement"] == "outside").sum()) if "placement" in frame else 0
    batch = Batch(
        dataset=dataset,
        file_name=name,
        fingerprint=hashlib.sha256(f"{name} {dataset}".encode()).hexdigest(),
        imported_by=principal.user,
        rows_read=len(frame),
        rows_quarantined=0,
        rows_outside=outside,
        complete_to=complete_to,
    )
    refused = pd.DataFrame(columns=["row_number", "reasons", "raw"], dtype="str")
    return commit_batch(database, batch, frame, refused).rows_new
