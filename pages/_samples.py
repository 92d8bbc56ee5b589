"""The made-up district, for whom there is nothing else to look at yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.sample import make_sample
from data.settings import get_settings
from data.store import Batch, commit_batch
from pages._texts import _

if TYPE_CHECKING:
    from pages._records import Source


def offer_sample(source: Source) -> None:
    """Offer to load the made-up district, into a database that never held a record."""
    if any(source.versions.values()):
        return
    st.info(
        _(
            "There are no records yet. Look around in a made-up district first, or bring in your own "
            "boundaries below. Nothing in the made-up district is real, and it can be taken back."
        )
    )
    st.button(
        _("Load the made-up district"), type="primary", on_click=_load, args=(source,), key="load_sample"
    )


def _load(source: Source) -> None:
    """Store the made-up district, each dataset as an import of its own."""
    until = datetime.now(get_settings().zone).date()
    sample = make_sample("district", until=until)
    refused = pd.DataFrame({"row_number": [], "reasons": [], "raw": []}).astype(
        {"row_number": "int64", "reasons": "str", "raw": "str"}
    )
    frames = {
        "boundaries": sample.villages,
        "households": sample.households,
        "officers": sample.officers,
        "visits": sample.visits,
        "crimes": sample.crimes,
    }
    for dataset, frame in frames.items():
        outside = int((frame["placement"] == "outside").sum()) if "placement" in frame else 0
        batch = Batch(
            dataset=dataset,
            file_name=f"sample {until}",
            fingerprint=f"sample {until} {dataset}",
            imported_by=source.principal.user,
            rows_read=len(frame),
            rows_quarantined=0,
            rows_outside=outside,
        )
        commit_batch(source.database, batch, frame, refused)
