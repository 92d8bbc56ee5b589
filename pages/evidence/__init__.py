"""The Visit evidence page."""
