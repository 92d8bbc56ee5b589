"""Smooth random fields on the plane, which make outlines and sizes irregular."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Waves:
    """A sum of plane waves: a smooth random field of mean 0 and standard deviation 1.

    Examples
    --------
    >>> field = Waves.random(np.random.default_rng(1), shortest=1_000.0, longest=3_000.0)
    >>> field(np.zeros((2, 2))).shape
    (2,)
    """

    vectors: np.ndarray
    """Radians per metre, shape (k, 2)."""
    phases: np.ndarray
    """Shape (k,)."""

    @classmethod
    def random(cls, rng: np.random.Generator, *, shortest: float, longest: float, k: int = 8) -> Waves:
        """Draw ``k`` waves of wavelengths from ``shortest`` to ``longest`` metres."""
        angle = rng.uniform(0, 2 * np.pi, k)
        size = 2 * np.pi / rng.uniform(shortest, longest, k)
        return cls(
            np.column_stack([np.cos(angle), np.sin(angle)]) * size[:, None], rng.uniform(0, 2 * np.pi, k)
        )

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        """Return the value at each of the points of shape (n, 2)."""
        waves = np.cos(xy @ self.vectors.T + self.phases)
        return waves.sum(axis=1) * np.sqrt(2 / len(self.phases))
