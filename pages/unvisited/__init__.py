"""The page Unvisited."""
