"""The Unvisited page."""
