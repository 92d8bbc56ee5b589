"""Who asks: every read takes a ``Principal``, and answers with no more than it may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.errors import ScopeError
from geo.areas import is_in_area

Role = Literal["supervisor", "officer", "command", "clerk"]


@dataclass(frozen=True)
class Principal:
    """A signed-in user with a role and the areas in reach.

    Parameters
    ----------
    user
        Name of the account; it goes into the audit log, never into a URL.
    role
        What the user does.
    areas
        Code prefixes: ``("352107",)`` is one district, ``("",)`` everything, ``()`` nothing.
    """

    user: str
    role: Role
    areas: tuple[str, ...]

    @classmethod
    def demo(cls) -> Principal:
        """Make the supervisor of everything, who stands in until accounts exist."""
        return cls(user="demo", role="supervisor", areas=("",))

    @property
    def sees_everything(self) -> bool:
        """Whether no area is out of reach: only then are rows outside every village shown."""
        return "" in self.areas

    def sees(self, code: str) -> bool:
        """Tell whether a village, district or regency lies in reach.

        Examples
        --------
        >>> Principal("budi", "officer", ("3521072013",)).sees("3521072013")
        True
        >>> Principal("budi", "officer", ("3521072013",)).sees("352107")
        False
        """
        return is_in_area(code, self.areas)

    def narrow(self, area: str | None) -> tuple[str, ...]:
        """Code prefixes of ``area`` within reach.

        Parameters
        ----------
        area
            Code of a village, district or regency; None or "" for all in reach.

        Returns
        -------
        tuple of str
            Prefixes to filter by: ``area`` alone where it is in reach, else the part of it that is.

        Raises
        ------
        ScopeError
            If nothing of ``area`` is in reach.

        Examples
        --------
        >>> Principal("ani", "supervisor", ("352107", "352108")).narrow("3521")
        ('352107', '352108')
        """
        if not area:
            return self.areas
        if self.sees(area):
            return (area,)
        within = tuple(prefix for prefix in self.areas if is_in_area(prefix, area))
        if not within:
            raise ScopeError(
                "The area {area} is outside your assigned area: choose one of your own.", area=area
            )
        return within
