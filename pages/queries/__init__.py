"""Cached reads of what a user may see, one module per subject."""
