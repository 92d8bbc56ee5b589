"""The page Hotspots."""
