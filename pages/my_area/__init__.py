"""The page My area, and the field sheet."""
