"""Travel times: on the unit's roads if it has imported any, otherwise by straight lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from data.repository import read_road_facts, read_roads
from data.settings import get_settings
from geo.crs import to_metric
from geo.roads import RoadTravel, build_network
from geo.routes import StraightLine

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal
    from geo.routes import Travel


@dataclass(frozen=True)
class _Roads:
    """The roads in force, compared by what distinguishes one network from another."""

    url: str
    batch_id: int
    fingerprint: str
    database: Database = field(compare=False, repr=False)
    principal: Principal = field(compare=False, repr=False)


def read_travel(database: Database, principal: Principal) -> Travel:
    """Return the travel model between places.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks; roads have no area, so everybody plans on the same ones.

    Returns
    -------
    geo.routes.Travel
        Travel on the network of the roads in force, built once per process; straight lines without roads.
    """
    facts = read_road_facts(database, principal)
    if not facts.n_roads:
        settings = get_settings()
        return StraightLine(settings.plan_speed_kmh, settings.plan_detour)
    return _build(_Roads(str(database.url), facts.batch_id, facts.fingerprint, database, principal))


@lru_cache(maxsize=2)
def _build(roads: _Roads) -> Travel:
    lines = to_metric(read_roads(roads.database, roads.principal))
    return RoadTravel(build_network(lines, class_column="road_class"))
