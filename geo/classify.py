"""Class breaks rounded to readable numbers, and colour palettes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.errors import ClassError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

Scheme = Literal["quantile", "natural", "fixed"]

# Colours from low to high. Sequential and diverging: ColorBrewer; bivariate: J. Stevens, 2015.
COVERAGE_COLOURS: Final = ("#edf8fb", "#b2e2e2", "#66c2a4", "#2ca25f", "#006d2c")
CRIME_COLOURS: Final = ("#fef0d9", "#fdcc8a", "#fc8d59", "#e34a33", "#b30000")
GAP_COLOURS: Final = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
CHANGE_COLOURS: Final = ("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b")
# Rows: coverage gap from low to high; within a row crime from low to high.
BIVARIATE_COLOURS: Final = (
    ("#e8e8e8", "#ace4e4", "#5ac8c8"),
    ("#dfb0d6", "#a5add3", "#5698b9"),
    ("#be64ac", "#8c62aa", "#3b4994"),
)
STATUS_COLOURS: Final[Mapping[str, str]] = {
    "never": "#7b3294",
    "overdue": "#d95f02",
    "due": "#e6ab02",
    "visited": "#1b9e77",
}

NO_CLASS = -1  # class of a missing value
DEFAULT_CLASSES = 5

_FEWEST_DIGITS, _MOST_DIGITS = 2, 15  # significant digits of a break
_MOST_EXACT = 1_000  # distinct values up to which natural breaks are exact


@dataclass(frozen=True)
class Classes:
    """Classes of values, each with its colour.

    Attributes
    ----------
    breaks
        k + 1 ascending numbers; a class includes its lower break; only the last includes its upper one.
    colours
        k colours, ``#rrggbb``.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def assign(self, values: ArrayLike) -> NDArray[np.intp]:
        """Find the class of each value.

        Parameters
        ----------
        values
            n numbers. Those below the first break are in the first class, those above the last in the last:
            fixed breaks may be narrower than the values.

        Returns
        -------
        numpy.ndarray
            n numbers from 0 to k - 1; -1 for a missing value.

        Examples
        --------
        >>> Classes((0, 5, 10), ("#fef0d9", "#b30000")).assign([0, 5, 10, 11, float("nan")]).tolist()
        [0, 1, 1, 1, -1]
        """
        numbers = np.asarray(values, dtype=np.float64)
        found = np.searchsorted(self.breaks[1:-1], numbers, side="right")
        return np.where(np.isnan(numbers), NO_CLASS, found)

    def labels(self, fmt: Callable[[float], str] | None = None) -> tuple[str, ...]:
        """Format the range of each class.

        Parameters
        ----------
        fmt
            Formats one break; by default with as few digits as identify it.

        Returns
        -------
        tuple[str, ...]
            k ranges, low to high.

        Examples
        --------
        >>> Classes((0, 0.5, 1), ("#fef0d9", "#b30000")).labels("{:.0%}".format)
        ('0%\u201350%', '50%\u2013100%')
        """
        written = [(fmt or _plain)(value) for value in self.breaks]
        return tuple(f"{low}\N{EN DASH}{high}" for low, high in pairwise(written))


def classify_values(
    values: ArrayLike,
    *,
    scheme: Scheme = "quantile",
    k: int = DEFAULT_CLASSES,
    palette: Sequence[str],
    breaks: Sequence[float] | None = None,
) -> Classes:
    """Find class breaks for values, rounded to readable numbers.

    Breaks have two significant digits, or more where a class would otherwise be empty. The first is
    rounded down and the last up, so that they cover all values.

    Parameters
    ----------
    values
        Numbers; missing and infinite ones are ignored.
    scheme
        ``"quantile"``: equally many values in each class. ``"natural"``: least squared deviation in classes
        (Fisher 1958; exact on up to 1,000 distinct values, else on 1,000 evenly spaced in rank).
        ``"fixed"``: ``breaks``.
    k
        Number of classes; fewer where there are fewer distinct values. Not used with ``"fixed"``.
    palette
        Colours from low to high, at least one per class; evenly spaced ones are taken where there are more.
    breaks
        For ``"fixed"``: ascending numbers, one more than classes.

    Returns
    -------
    Classes
        The classes; without any value, one class from 0 to 1.

    Raises
    ------
    ClassError
        If the scheme is unknown, ``k`` is below 1, the palette has too few colours, or fixed breaks are not
        ascending.

    Examples
    --------
    >>> classify_values([1.04, 2, 3, 40, 55.3], k=2, palette=CRIME_COLOURS).breaks
    (1.0, 3.0, 56.0)
    >>> classify_values([1.04, 2, 3, 40, 55.3], scheme="natural", k=2, palette=CRIME_COLOURS).breaks
    (1.0, 22.0, 56.0)
    """
    if scheme == "fixed":
        found = _check_fixed(breaks)
    elif scheme in ("quantile", "natural"):
        found = _find_breaks(values, scheme, k)
    else:
        raise ClassError(
            "There is no scheme {scheme!r}: take 'quantile', 'natural' or 'fixed'.", scheme=scheme
        )
    return Classes(found, _spread(palette, len(found) - 1))


def _check_fixed(breaks: Sequence[float] | None) -> tuple[float, ...]:
    numbers = np.asarray(breaks if breaks is not None else (), dtype=np.float64)
    if numbers.size <= 1 or not np.isfinite(numbers).all() or (np.diff(numbers) <= 0).any():
        raise ClassError("Fixed classes need two breaks or more, each greater than the one before.")
    return tuple(numbers.tolist())


def _find_breaks(values: ArrayLike, scheme: Scheme, k: int) -> tuple[float, ...]:
    if k < 1:
        raise ClassError("There cannot be {k} classes: ask for 1 or more.", k=k)
    numbers = np.asarray(values, dtype=np.float64).ravel()
    numbers = np.sort(numbers[np.isfinite(numbers)])
    distinct = np.unique(numbers)
    if distinct.size == 0:
        return 0.0, 1.0
    if distinct.size <= k:
        inner = (distinct[:-1] + distinct[1:]) / 2
    elif scheme == "natural":
        inner = _natural(numbers, k)
    else:
        quantiles = np.quantile(numbers, np.arange(1, k) / k)
        n_below, first = np.unique(np.searchsorted(distinct, quantiles), return_index=True)
        inner = quantiles[first[n_below > 0]]  # one break between any two neighbouring values
    return _round_breaks(distinct, inner)


def _natural(ordered: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Find the k - 1 breaks of least squared deviation (Fisher 1958), each midway between two classes."""
    values, counts = np.unique(ordered, return_counts=True)
    if values.size > _MOST_EXACT:
        ranks = np.linspace(0, ordered.size - 1, _MOST_EXACT).round().astype(np.intp)
        values, counts = np.unique(ordered[ranks], return_counts=True)
    deviation = _deviations(values, counts)
    n = values.size
    best = deviation[0]  # deviation of the values up to each, in one class
    starts = []
    for _ in range(1, k):
        # cost[s, e]: the last class holds s to e, the others all values before s.
        before = np.concatenate([[np.inf], best[:-1]])
        cost = before[:, np.newaxis] + deviation
        starts.append(cost.argmin(axis=0))
        best = cost.min(axis=0)
    breaks = []
    end = n - 1
    for start in reversed(starts):
        first = int(start[end])
        breaks.append((values[first - 1] + values[first]) / 2)
        end = first - 1
    return np.array(breaks[::-1])


def _deviations(values: NDArray[np.float64], counts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the squared deviation of the values s to e from their mean, at [s, e]; infinite for e < s."""
    centred = values - np.average(values, weights=counts)  # large numbers would swamp small differences
    weight = np.concatenate([[0], np.cumsum(counts)])
    total = np.concatenate([[0], np.cumsum(counts * centred)])
    square = np.concatenate([[0], np.cumsum(counts * centred**2)])
    n_within = weight[np.newaxis, 1:] - weight[:-1, np.newaxis]
    total_within = total[np.newaxis, 1:] - total[:-1, np.newaxis]
    square_within = square[np.newaxis, 1:] - square[:-1, np.newaxis]
    ordered = np.triu(np.ones(n_within.shape, dtype=bool))
    deviation = square_within - total_within**2 / np.where(ordered, n_within, 1)
    return np.where(ordered, np.maximum(deviation, 0), np.inf)


def _round_breaks(distinct: NDArray[np.float64], inner: NDArray[np.float64]) -> tuple[float, ...]:
    """Round breaks to the fewest digits that leave no class empty."""
    low, high = float(distinct[0]), float(distinct[-1])
    breaks: list[float] = []
    for digits in range(_FEWEST_DIGITS, _MOST_DIGITS + 1):
        first, last = _round(low, digits, ROUND_FLOOR), _round(high, digits, ROUND_CEILING)
        if first == last:
            last = _next(last, digits)
        middle = {_round(value, digits, ROUND_HALF_EVEN) for value in inner.tolist()}
        breaks = [first, *sorted(value for value in middle if first < value < last), last]
        filled = np.unique(np.searchsorted(breaks[1:-1], distinct, side="right")).size
        if filled == inner.size + 1 == len(breaks) - 1:
            break
    return tuple(breaks)


def _round(value: float, digits: int, rounding: str) -> float:
    """Round to significant digits, in decimal arithmetic to avoid binary rounding noise."""
    exact = Decimal(value)
    if not exact:
        return 0.0
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), rounding=rounding))


def _next(value: float, digits: int) -> float:
    """Return the next larger number with that many significant digits; 1 after 0."""
    if value == 0:
        return 1.0
    exact = Decimal(repr(value))
    return float(exact + Decimal(1).scaleb(exact.adjusted() - digits + 1))


def _spread(palette: Sequence[str], n_classes: int) -> tuple[str, ...]:
    """Return evenly spaced colours, both ends included; the middle one for a single class."""
    if n_classes > len(palette):
        raise ClassError(
            "{n_classes} classes need as many colours, and the palette has {n_colours}.",
            n_classes=n_classes,
            n_colours=len(palette),
        )
    if n_classes == 1:
        return (palette[len(palette) // 2],)
    places = np.linspace(0, len(palette) - 1, n_classes).round().astype(int)
    return tuple(palette[place] for place in places.tolist())


def _plain(value: float) -> str:
    return np.format_float_positional(value, trim="-")
