"""The principal who asks: every read takes one and returns no more than it may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.errors import ScopeError
from geo.areas import is_in_area

Role = Literal["supervisor", "officer", "command", "clerk"]


@dataclass(frozen=True)
class Principal:
    """A signed-in user with a role and the areas in scope.

    Parameters
    ----------
    user
        Name of the account; it goes into the audit log, never into a URL.
    role
        Role of the user.
    areas
        Code prefixes of the areas in scope: ``("352107",)`` is one district, ``("",)`` everything, ``()``
        nothing.
    """

    user: str
    role: Role
    areas: tuple[str, ...]

    @classmethod
    def demo(cls) -> Principal:
        """Return a supervisor of everything, used until accounts exist."""
        return cls(user="demo", role="supervisor", areas=("",))

    @property
    def can_see_everything(self) -> bool:
        """Whether every area is in scope: only then are rows outside every village shown."""
        return "" in self.areas

    def can_see(self, code: str) -> bool:
        """Return whether a village, district or regency lies in scope.

        Examples
        --------
        >>> Principal("budi", "officer", ("3521072013",)).can_see("3521072013")
        True
        >>> Principal("budi", "officer", ("3521072013",)).can_see("352107")
        False
        """
        return is_in_area(code, self.areas)

    def narrow_areas(self, area: str | None) -> tuple[str, ...]:
        """Return the code prefixes of the part of ``area`` in scope.

        Parameters
        ----------
        area
            Code of a village, district or regency; None or "" for everything in scope.

        Returns
        -------
        tuple of str
            Prefixes to filter by: ``area`` alone if it is in scope, otherwise the parts of it that are.

        Raises
        ------
        ScopeError
            If nothing of ``area`` is in scope.

        Examples
        --------
        >>> Principal("ani", "supervisor", ("352107", "352108")).narrow_areas("3521")
        ('352107', '352108')
        """
        if not area:
            return self.areas
        if self.can_see(area):
            return (area,)
        within = tuple(prefix for prefix in self.areas if is_in_area(prefix, area))
        if not within:
            raise ScopeError(
                "The area {area} is outside your assigned area: choose one of your own.", area=area
            )
        return within
