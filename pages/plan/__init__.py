"""The page Weekly plan."""
