"""The page Visit evidence."""
