"""The Weekly plan page."""
