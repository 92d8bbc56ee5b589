"""The page Data: imports."""
