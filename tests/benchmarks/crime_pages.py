"""What the Hotspots and Compare pages cost: time after a filter change, bytes of the answer."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.pages import FEW_VISITS, MANY_VISITS, _folder, _run
from tests.benchmarks.rows import Benchmark, Row, Sizes
from tests.browser.server import ROOT

MAX_SERVER_S, MAX_BYTES = 1.5, 1_000_000

_TIME_STATES = """
import json, sys
from time import perf_counter
from streamlit.testing.v1 import AppTest

STATES = {
    "hotspots": [
        *(("hotspots_method", name) for name in ("density", "cells", "alike", "risk")),
        *(("hotspots_section", name) for name in ("when", "repeats", "trust")),
    ],
    "compare": [("compare_way", name) for name in ("pair", "change", "emerging", "both", "ranks")],
}

def size(block):
    parts = getattr(block, "children", {}).values()
    own = 0 if parts or not hasattr(getattr(block, "proto", None), "ByteSize") else block.proto.ByteSize()
    return own + sum(map(size, parts))

slowest, largest = (0.0, ""), 0
for page, states in STATES.items():
    app = AppTest.from_file(sys.argv[1], default_timeout=300)
    app.run()  # it learns the addresses of the pages by that
    app.switch_page(f"{page}/page.py")
    app.run()
    for key, name in states:
        app.segmented_control(key=key).set_value(name).run()
        for days in (30, 180, 365, 90):
            app.selectbox(key="filter_days").set_value(days)
            start = perf_counter()
            app.run()
            slowest = max(slowest, (perf_counter() - start, f"{page} {name} {days} days"))
            largest = max(largest, size(app._tree))
        assert not app.exception and not app.error, (page, name)
print(json.dumps([*slowest, largest]))
"""


def change_filters(sizes: Sizes) -> Row:
    """Change the period in each state of both pages, at 217 villages and 30,000 crimes."""
    n_visits = MANY_VISITS if sizes.rated else FEW_VISITS
    printed = _run(Path(_folder(n_visits).name), "-c", _TIME_STATES, str(ROOT / "pages" / "app.py"))
    seconds, where, largest = json.loads(printed.strip().splitlines()[-1])
    return Row(
        name="hotspots and compare pages, 30,000 crimes: slowest answer to another period",
        measured=f"{seconds:.2f} s",
        wanted=f"<= {MAX_SERVER_S:g} s",
        passed=seconds <= MAX_SERVER_S and largest <= MAX_BYTES,
        note=f"{where}; at most {largest / 1000:.0f} kB of {MAX_BYTES / 1000:.0f}",
    )


BENCHMARKS: list[Benchmark] = [change_filters]
