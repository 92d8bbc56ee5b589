"""Additive controlled rounding: figures for many eyes, which together are those of a possible record.

Every figure is a sum over a *rounded record*, whose crimes, visits and households come in fives. Whatever
holds between figures of a record (sums, complements, parts, periods within periods) therefore holds between
the rounded ones, and no comparison of them says more than the rounding of each. Closed weeks keep their
rounding.
"""

from geo.rounding.counts import BASE, ShownSums, make_sums, narrow_difference, round_counts
from geo.rounding.households import RoundedHouseholds, count_since, round_households
from geo.rounding.weeks import NEVER

__all__ = [
    "BASE",
    "NEVER",
    "RoundedHouseholds",
    "ShownSums",
    "count_since",
    "make_sums",
    "narrow_difference",
    "round_counts",
    "round_households",
]
