"""Travel times on a supplied road network: building the graph, snapping points, fastest routes."""

from geo.roads.classes import NO_ROADS, OTHER_KMH, SPEEDS_KMH, find_class_column, name_classes
from geo.roads.network import JOIN_M, RoadNetwork, build_network
from geo.roads.snapping import SnappedPlaces
from geo.roads.travel import OFF_ROAD_DETOUR, OFF_ROAD_KMH, RoadTravel

__all__ = [
    "JOIN_M",
    "NO_ROADS",
    "OFF_ROAD_DETOUR",
    "OFF_ROAD_KMH",
    "OTHER_KMH",
    "SPEEDS_KMH",
    "RoadNetwork",
    "RoadTravel",
    "SnappedPlaces",
    "build_network",
    "find_class_column",
    "name_classes",
]
