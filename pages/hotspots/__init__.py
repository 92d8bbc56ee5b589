"""The Hotspots page."""
