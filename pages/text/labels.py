"""Unique labels for the options of a pick list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def distinguish_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Add the key to each label that occurs more than once: a pick list tells options apart by label only.

    Parameters
    ----------
    labels
        Label of each key.

    Examples
    --------
    >>> distinguish_labels({"3521012001": "Kauman", "3521092003": "Kauman", "3521012002": "Sine"})
    {'3521012001': 'Kauman · 3521012001', '3521092003': 'Kauman · 3521092003', '3521012002': 'Sine'}
    """
    repeated = {label for label, n in Counter(labels.values()).items() if n > 1}
    return {key: f"{label} · {key}" if label in repeated else label for key, label in labels.items()}
